/**
 * What differs between the kinds of rounds; everything else is one code path.
 */
import type { Bit, Committee } from '@mc/protocol'
import type { Acceptance } from '../rounds/acceptance.js'
import type { Outcome, Tally } from '../rounds/outcome.js'
import type { Stage, VoteRecord } from '../rounds/vote-record.js'

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

/** The rules of an agreement: of its first round, and of all others. */
export interface QuadraticRounds {
  readonly roundZero: RoundRules
  readonly laterRounds: RoundRules
}

/** The rules of a round. */
export const rulesOf = ({ roundZero, laterRounds }: QuadraticRounds, round: number): RoundRules =>
  round === 0 ? roundZero : laterRounds
