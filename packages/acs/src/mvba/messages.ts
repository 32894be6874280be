/**
 * What a validated agreement says: the words of its parts, each under its proposer or its iteration.
 */
import { type CommitteeSize, faultsTolerated, type PeerIndex } from '@mc/protocol'
import { type Codec, peerIndex, uint, union } from '@mc/protocol/wire'
import type { GatherMessage } from './binding-gather.js'

/** A message of the broadcast of one value, of the gather, or of the election or the agreement of one iteration. */
export type FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage> =
  | { readonly type: 'rbc'; readonly proposer: PeerIndex; readonly message: RbcMessage }
  | { readonly type: 'gather'; readonly message: GatherMessage }
  | { readonly type: 'election'; readonly iteration: number; readonly message: ElectionMessage }
  | { readonly type: 'raba'; readonly iteration: number; readonly message: RabaMessage }

/** The codecs of the parts, for one size of committee. */
export interface PartCodecs<RbcMessage, RabaMessage, ElectionMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly gather: Codec<GatherMessage>
  readonly election: Codec<ElectionMessage>
  readonly raba: Codec<RabaMessage>
}

/** The wire format: part in one byte, proposer or iteration 0..f if the part has one, then the message of the part. */
export function finMvbaCodec<RbcMessage, RabaMessage, ElectionMessage>(
  { n }: CommitteeSize,
  { rbc, gather, election, raba }: PartCodecs<RbcMessage, RabaMessage, ElectionMessage>,
): Codec<FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>> {
  const iteration = uint({ max: faultsTolerated(n) })
  return union({
    rbc: { proposer: peerIndex(n), message: rbc },
    gather: { message: gather },
    election: { iteration, message: election },
    raba: { iteration, message: raba },
  })
}
