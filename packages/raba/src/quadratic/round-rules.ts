/**
 * What differs between the kinds of rounds; everything else is one code path.
 */
import type { Bit, Committee } from '@mc/protocol'
import type { Acceptance } from './acceptance.js'
import type { Stage, VoteRecord } from './vote-record.js'

/** The accepted votes of the last stage of a round. */
export interface Tally {
  readonly zeros: number
  readonly ones: number
  readonly stars: number
}

/** How a round ends: with a decision or without, and what the next round starts from. */
export interface Outcome {
  readonly decision: Bit | undefined
  readonly estimate: Bit | 'coin'
}

/** The rules of one kind of round. */
export interface RoundRules {
  /** The stage on which the round ends. */
  readonly lastStage: Stage
  /** Whether the round has a coin that is drawn; in round 0 of a RABA it is the constant 1. */
  readonly flips: boolean
  readonly acceptance: Acceptance
  /** How many PREVOTE(bit) put it into bset (Q3, R4). */
  bsetThreshold(bit: Bit, committee: Committee): number
  /** Whether 1 ∈ bset lets a member with these own votes send all its votes for 1 at once (R5). */
  takesFastPath(own: VoteRecord): boolean
  /** How the round ends on these accepted votes of the last stage (Q7, R7); undefined: it does not end yet. */
  outcome(tally: Tally, committee: Committee): Outcome | undefined
  /** Whether these accepted votes of the last stage prove more than f faulty members, or a bug. */
  contradicts(tally: Tally, committee: Committee): boolean
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
