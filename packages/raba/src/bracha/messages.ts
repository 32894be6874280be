/**
 * What members of Bracha's agreement say to each other.
 */
import type { PeerIndex, Round } from '@mc/protocol'
import type { CommonMessage } from '../rounds/messages.js'
import type { Step } from './vote.js'

/** A message of the broadcast that carries the vote of `proposer` in one step of a round. */
export interface VoteEnvelope<RbcMessage> {
  readonly type: 'vote'
  readonly round: Round
  readonly step: Step
  readonly proposer: PeerIndex
  readonly message: RbcMessage
}

/** Everything a member of Bracha's agreement may send. */
export type BrachaAbaMessage<CoinMessage, RbcMessage> = VoteEnvelope<RbcMessage> | CommonMessage<CoinMessage>
