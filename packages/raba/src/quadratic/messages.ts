/**
 * What members of a quadratic agreement say to each other.
 */
import type { Bit, Round } from '@mc/protocol'
import type { CommonMessage, FastMessage, SyncReply, Trit } from '../rounds/messages.js'

/** The votes of one round. From one sender both pre-votes are legal; of every other kind the first one counts. */
export type RoundVote =
  | { readonly type: 'prevote'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'vote'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'mainvote'; readonly round: Round; readonly value: Trit }
  | { readonly type: 'finalvote'; readonly round: Round; readonly value: Trit }
  | { readonly type: 'fixvote'; readonly round: Round; readonly value: Trit }

/**
 * Everything a member of a quadratic agreement may send.
 *
 * FAST is PREVOTE, VOTE, MAINVOTE and FINALVOTE of 1 in round 0 of a reproposable agreement, all in one.
 */
export type QuadraticMessage<CoinMessage> = RoundVote | FastMessage | SyncReply | CommonMessage<CoinMessage>
