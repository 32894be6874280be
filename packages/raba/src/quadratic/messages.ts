/**
 * What members of a quadratic agreement say to each other.
 */
import type { Bit, Round } from '@mc/protocol'
import type { TermMessage } from '../term.js'
import type { VoteRecord } from './vote-record.js'

/** A bit, or `*`: both values seen, nothing definite. It never becomes an estimate and never a decision. */
export type Trit = Bit | '*'

/** The votes of one round. From one sender both pre-votes are legal; of every other kind the first one counts. */
export type RoundVote =
  | { readonly type: 'prevote'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'vote'; readonly round: Round; readonly bit: Bit }
  | { readonly type: 'mainvote'; readonly round: Round; readonly value: Trit }
  | { readonly type: 'finalvote'; readonly round: Round; readonly value: Trit }
  | { readonly type: 'fixvote'; readonly round: Round; readonly value: Trit }

/** PREVOTE, VOTE, MAINVOTE and FINALVOTE of 1 in round 0 of a reproposable agreement, all in one. */
export interface FastMessage {
  readonly type: 'fast'
}

/** Asks a peer that was too far ahead for its own votes of these rounds, both ends included. */
export interface SyncRequest {
  readonly type: 'sync-req'
  readonly fromRound: Round
  readonly toRound: Round
}

/** The sender's own votes of consecutive rounds: as good as the votes themselves, arriving one by one. */
export interface SyncReply {
  readonly type: 'sync-rep'
  readonly fromRound: Round
  readonly records: readonly VoteRecord[]
}

/** A message of the coin of one round. Coins that send nothing (`never`) leave this kind without values. */
export interface CoinEnvelope<CoinMessage> {
  readonly type: 'coin'
  readonly round: Round
  readonly message: CoinMessage
}

/** Everything a member of a quadratic agreement may send. */
export type QuadraticMessage<CoinMessage> =
  | RoundVote
  | FastMessage
  | TermMessage
  | SyncRequest
  | SyncReply
  | CoinEnvelope<CoinMessage>
