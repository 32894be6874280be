/**
 * What a common subset from validated agreement says: the words of its broadcasts, and of the agreement on whose are in.
 */
import type { CommitteeSize, PeerIndex } from '@mc/protocol'
import { type Codec, peerIndex, union } from '@mc/protocol/wire'
import type { FinMvbaMessage } from '../mvba/messages.js'

/** A message of the broadcast of one payload, or of the validated agreement. */
export type FinSubsetMessage<RbcMessage, RabaMessage, ElectionMessage> =
  | { readonly type: 'rbc'; readonly proposer: PeerIndex; readonly message: RbcMessage }
  | { readonly type: 'mvba'; readonly message: FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage> }

/** The codecs of the two parts, for one size of committee. */
export interface PartCodecs<RbcMessage, RabaMessage, ElectionMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly mvba: Codec<FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>>
}

/** The wire format: part in one byte, proposer if it is a broadcast, then the message of the part. */
export const finSubsetCodec = <RbcMessage, RabaMessage, ElectionMessage>(
  { n }: CommitteeSize,
  { rbc, mvba }: PartCodecs<RbcMessage, RabaMessage, ElectionMessage>,
): Codec<FinSubsetMessage<RbcMessage, RabaMessage, ElectionMessage>> =>
  union({ rbc: { proposer: peerIndex(n), message: rbc }, mvba: { message: mvba } })
