/**
 * What members of a cubic agreement say to each other.
 */
import type { Bit, PeerIndex, Round } from '@mc/protocol'
import type { CommonMessage, Trit } from '../rounds/messages.js'

/** The plain votes of one round. From one sender both pre-votes are legal; of every other kind the first one counts. */
export type PlainVote =
  | { readonly type: 'prevote'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'vote'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'mainvote'; readonly round: Round; readonly value: Trit }

/** A message of the broadcast that carries the FINALVOTE of `proposer` in a round. */
export interface FinalvoteEnvelope<RbcMessage> {
  readonly type: 'finalvote'
  readonly round: Round
  readonly proposer: PeerIndex
  readonly message: RbcMessage
}

/** The sender's own plain votes of consecutive rounds: as good as the votes themselves, arriving one by one. */
export interface PlainSyncReply {
  readonly type: 'sync-rep'
  readonly fromRound: Round
  /** Six bits each: PREVOTE, VOTE and MAINVOTE as in a `VoteRecord`. */
  readonly records: readonly number[]
}

/** Everything a member of a cubic agreement may send. */
export type CubicMessage<CoinMessage, RbcMessage> =
  | PlainVote
  | FinalvoteEnvelope<RbcMessage>
  | PlainSyncReply
  | CommonMessage<CoinMessage>
