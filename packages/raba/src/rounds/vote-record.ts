/**
 * All that one member has voted in one round, packed into ten bits.
 *
 * Bits 0 and 1 say whether it pre-voted 0 and 1; then two bits for each of VOTE, MAINVOTE, FINALVOTE and FIXVOTE: nothing, 0, 1
 * or `*`. The same form serves the slots of the peers, the log of our own votes, and the reply to a peer that missed them.
 */
import type { Bit } from '@mc/protocol'
import type { Trit } from './messages.js'

/** The stages that follow the pre-votes, in their order. */
export type Stage = typeof VOTE | typeof MAINVOTE | typeof FINALVOTE | typeof FIXVOTE
export const VOTE = 0
export const MAINVOTE = 1
export const FINALVOTE = 2
export const FIXVOTE = 3

/** The stages in their order. */
export const STAGES: readonly Stage[] = [VOTE, MAINVOTE, FINALVOTE, FIXVOTE]

/** One member's votes of one round, 0 ≤ record < 2^10. */
export type VoteRecord = number

/** Nothing voted yet. */
export const NO_VOTES: VoteRecord = 0

/** One more than the largest record. */
export const RECORDS: number = 2 ** 10

const VALUES = [undefined, 0, 1, '*'] as const

/** The value's number where values are counted: 0, 1, and 2 for `*`. */
export const valueIndex = (value: Trit): 0 | 1 | 2 => (value === '*' ? 2 : value)

/** Whether `record` holds PREVOTE(bit). */
export const hasPrevote = (record: VoteRecord, bit: Bit): boolean => ((record >> bit) & 1) === 1

/** `record` with PREVOTE(bit). */
export const withPrevote = (record: VoteRecord, bit: Bit): VoteRecord => record | (1 << bit)

/** What `record` holds for a stage. */
export const voteOf = (record: VoteRecord, stage: Stage): Trit | undefined =>
  VALUES[(record >> (2 + 2 * stage)) & 3]

/** Whether `record` holds a vote of a stage. */
export const hasVoted = (record: VoteRecord, stage: Stage): boolean => ((record >> (2 + 2 * stage)) & 3) !== 0

/** `record` with a vote of a stage that it did not have. */
export const withVote = (record: VoteRecord, stage: Stage, value: Trit): VoteRecord =>
  record | ((valueIndex(value) + 1) << (2 + 2 * stage))
