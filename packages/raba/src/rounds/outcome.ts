/**
 * How a round ends.
 */
import type { Bit } from '@mc/protocol'

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
