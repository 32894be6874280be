/**
 * What a dispersed subset says: the words of its dispersals, retrievals and agreements, each under its proposer.
 */
import type { CommitteeSize } from '@mc/protocol'
import { type Codec, peerIndex, union } from '@mc/protocol/wire'
import type { Addressed } from '../addressed.js'

/** A message of the dispersal, the retrieval or the agreement that belongs to one proposer. */
export type DispersedSubsetMessage<DispersalMessage, RetrievalMessage, AbaMessage> =
  | Addressed<'dispersal', DispersalMessage>
  | Addressed<'retrieval', RetrievalMessage>
  | Addressed<'aba', AbaMessage>

/** The codecs of the three parts, for one size of committee. */
export interface DispersedPartCodecs<DispersalMessage, RetrievalMessage, AbaMessage> {
  readonly dispersal: Codec<DispersalMessage>
  readonly retrieval: Codec<RetrievalMessage>
  readonly aba: Codec<AbaMessage>
}

/** The wire format: part in one byte, proposer, then the message of the part. */
export const dispersedSubsetCodec = <DispersalMessage, RetrievalMessage, AbaMessage>(
  { n }: CommitteeSize,
  { dispersal, retrieval, aba }: DispersedPartCodecs<DispersalMessage, RetrievalMessage, AbaMessage>,
): Codec<DispersedSubsetMessage<DispersalMessage, RetrievalMessage, AbaMessage>> => {
  const proposer = peerIndex(n)
  return union({
    dispersal: { proposer, message: dispersal },
    retrieval: { proposer, message: retrieval },
    aba: { proposer, message: aba },
  })
}
