/**
 * The stages of a round over a common coin, in the packed form of all votes of this package.
 *
 * BVAL takes the place of PREVOTE, AUX that of VOTE and CONF that of MAINVOTE; the later two stages stay empty, so that a record
 * fits into six bits.
 */
import type { Bit, Round } from '@mc/protocol'
import type { Acceptance } from '../rounds/acceptance.js'
import type { Trit } from '../rounds/messages.js'
import { MAINVOTE, VOTE, type VoteRecord } from '../rounds/vote-record.js'
import type { Ballot } from '../rounds/vote-slots.js'
import type { CobaltVote } from './messages.js'

/** The first value of bset. */
export const AUX: typeof VOTE = VOTE

/** The values of n − f AUX. */
export const CONF: typeof MAINVOTE = MAINVOTE

/** A stage that follows the BVALs. */
export type CobaltStage = typeof AUX | typeof CONF

/** The ballot of rounds that end with this stage. */
export const cobaltBallot = (lastStage: CobaltStage): Ballot => ({
  stages: [AUX, CONF],
  conflicts: ['raba/conflicting-aux', 'raba/conflicting-conf'],
  unexpected: (_, stage) => (stage > lastStage ? 'raba/unexpected-conf' : undefined),
})

/** One more than the largest record. */
export const COBALT_RECORDS: number = 2 ** 6

/** BVAL, AUX and CONF of 1: what a FAST message stands for. */
export const COBALT_FAST_VOTES: VoteRecord = 0b10_10_10

/** The message that carries one vote of a stage; an AUX(`*`) does not exist and stands for a bug of ours. */
export const stageMessage = (round: Round, stage: CobaltStage, value: Trit): CobaltVote =>
  stage === AUX ? { type: 'aux', round, bit: value as Bit } : { type: 'conf', round, value }

/** When a stored vote counts: AUX(v) on v ∈ bset, CONF(S) on S ⊆ bset. */
export const cobaltAcceptance: Acceptance = {
  vote: (round, bit) => round.inBset(bit),
  mainvote: (round, bit) => round.inBset(bit),
  finalvote: () => false,
  fixvote: () => false,
  star: round => round.inBset(0) && round.inBset(1),
}
