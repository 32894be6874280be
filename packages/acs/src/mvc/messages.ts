/**
 * What RITAS' consensus says: the words of 2n broadcasts, each under its proposer, and those of one binary agreement.
 */
import type { CommitteeSize, PeerIndex } from '@mc/protocol'
import { type Codec, peerIndex, union } from '@mc/protocol/wire'

/** A word of the broadcast of a value, of the broadcast of a vector, or of the agreement. */
export type RitasMvcMessage<RbcMessage, AbaMessage> =
  | { readonly type: 'init'; readonly proposer: PeerIndex; readonly message: RbcMessage }
  | { readonly type: 'vect'; readonly proposer: PeerIndex; readonly message: RbcMessage }
  | { readonly type: 'aba'; readonly message: AbaMessage }

/** The codecs of the two parts, for one size of committee. */
export interface MvcPartCodecs<RbcMessage, AbaMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly aba: Codec<AbaMessage>
}

/** The wire format: kind, proposer if it is a broadcast, then the message of the part. */
export const ritasMvcCodec = <RbcMessage, AbaMessage>(
  { n }: CommitteeSize,
  { rbc, aba }: MvcPartCodecs<RbcMessage, AbaMessage>,
): Codec<RitasMvcMessage<RbcMessage, AbaMessage>> => {
  const proposer = peerIndex(n)
  return union({
    init: { proposer, message: rbc },
    vect: { proposer, message: rbc },
    aba: { message: aba },
  })
}
