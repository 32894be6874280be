/**
 * How a round ends.
 */
import { type Bit, type Committee, nMinusF } from '@mc/protocol'

/** The accepted votes of the last stage of a round. */
export interface Tally {
  readonly zeros: number
  readonly ones: number
  readonly stars: number
}

/** With a decision or without, and what the next round starts from. */
export interface Outcome {
  readonly decision: Bit | undefined
  readonly estimate: Bit | 'coin'
}

/** Every v: decide v, est := v. */
export const DECIDE: readonly [Outcome, Outcome] = [
  { decision: 0, estimate: 0 },
  { decision: 1, estimate: 1 },
]

/** est := v. */
export const ADOPT: readonly [Outcome, Outcome] = [
  { decision: undefined, estimate: 0 },
  { decision: undefined, estimate: 1 },
]

/** est := coin. */
export const FLIP: Outcome = { decision: undefined, estimate: 'coin' }

/** n − f accepted votes of a round whose last stage never has both bits. All v: decide v. Some v: est := v. Only `*`: est := coin. */
export function gradedOutcome({ zeros, ones, stars }: Tally, committee: Committee): Outcome | undefined {
  const enough = nMinusF(committee)
  if (zeros >= enough) return DECIDE[0]
  if (ones >= enough) return DECIDE[1]
  if (zeros + ones + stars < enough) return undefined
  if (zeros > 0) return ADOPT[0]
  return ones > 0 ? ADOPT[1] : FLIP
}
