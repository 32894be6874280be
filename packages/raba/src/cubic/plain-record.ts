/**
 * The plain votes of one member in one round: the low six bits of a vote record. FINALVOTEs travel by broadcast alone.
 */
import { VOTE, type VoteRecord, voteOf } from '../rounds/vote-record.js'

/** One more than the largest plain record. */
const PLAIN_RECORDS = 2 ** 6

/** What of a record is said plainly. */
export const plainOf = (record: VoteRecord): VoteRecord => record & (PLAIN_RECORDS - 1)

/** Whether these bits are plain votes that a member can say; a VOTE of `*` cannot be said. */
export const isPlainRecord = (record: VoteRecord): boolean =>
  record < PLAIN_RECORDS && voteOf(record, VOTE) !== '*'
