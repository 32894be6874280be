/**
 * What members of any agreement in rounds say to each other beside their votes.
 */
import type { Bit, Round } from '@mc/protocol'
import type { TermMessage } from '../term.js'
import type { VoteRecord } from './vote-record.js'

/** A bit, or `*`: both values seen, nothing definite. It never becomes an estimate and never a decision. */
export type Trit = Bit | '*'

/** All votes for 1 that a member has in round 0 of a reproposable agreement, in one message. */
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

/** What every member of every agreement may send, whatever its votes look like. */
export type CommonMessage<CoinMessage> = TermMessage | SyncRequest | CoinEnvelope<CoinMessage>
