/**
 * The votes of a quadratic agreement as messages.
 */
import type { Bit, Round } from '@mc/protocol'
import type { Trit } from '../rounds/messages.js'
import { FINALVOTE, FIXVOTE, MAINVOTE, type Stage, VOTE, type VoteRecord } from '../rounds/vote-record.js'
import type { RoundVote } from './messages.js'

/** PREVOTE, VOTE, MAINVOTE and FINALVOTE of 1: what a FAST message stands for. */
export const FAST_VOTES: VoteRecord = 0b00_10_10_10_10

/** The message that carries one vote of a stage; a VOTE(`*`) does not exist and stands for a bug of ours. */
export function voteMessage(round: Round, stage: Stage, value: Trit): RoundVote {
  switch (stage) {
    case VOTE:
      return { type: 'vote', round, bit: value as Bit }
    case MAINVOTE:
      return { type: 'mainvote', round, value }
    case FINALVOTE:
      return { type: 'finalvote', round, value }
    case FIXVOTE:
      return { type: 'fixvote', round, value }
  }
}
