/**
 * What vector consensus says: the words of n broadcasts of payloads, and those of at most f + 1 consensuses on which are in.
 */
import { type CommitteeSize, faultsTolerated, type PeerIndex } from '@mc/protocol'
import { type Codec, peerIndex, uint, union } from '@mc/protocol/wire'

/** A word of the broadcast of one payload, or of the consensus of one iteration. */
export type VectorConsensusMessage<RbcMessage, MvcMessage> =
  | { readonly type: 'rbc'; readonly proposer: PeerIndex; readonly message: RbcMessage }
  | { readonly type: 'mvc'; readonly iteration: number; readonly message: MvcMessage }

/** The codecs of the two parts, for one size of committee. */
export interface VectorPartCodecs<RbcMessage, MvcMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly mvc: Codec<MvcMessage>
}

/** The wire format: part, proposer or iteration, then the message of the part. */
export const vectorConsensusCodec = <RbcMessage, MvcMessage>(
  { n }: CommitteeSize,
  { rbc, mvc }: VectorPartCodecs<RbcMessage, MvcMessage>,
): Codec<VectorConsensusMessage<RbcMessage, MvcMessage>> =>
  union({
    rbc: { proposer: peerIndex(n), message: rbc },
    mvc: { iteration: uint({ max: faultsTolerated(n) }), message: mvc },
  })
