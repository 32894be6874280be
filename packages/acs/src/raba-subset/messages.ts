/**
 * What a common subset says: the words of its broadcasts and agreements, each under its proposer.
 */
import type { CommitteeSize } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { type Addressed, addressedCodec } from '../addressed.js'

/** A message of the broadcast or of the agreement that belongs to one proposer. */
export type RabaSubsetMessage<RbcMessage, RabaMessage> =
  | Addressed<'rbc', RbcMessage>
  | Addressed<'raba', RabaMessage>

/** The codecs of the two parts, for one size of committee. */
export interface PartCodecs<RbcMessage, RabaMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly raba: Codec<RabaMessage>
}

/** The wire format: part in one byte, proposer, then the message of the part. */
export const rabaSubsetCodec = <RbcMessage, RabaMessage>(
  size: CommitteeSize,
  { rbc, raba }: PartCodecs<RbcMessage, RabaMessage>,
): Codec<RabaSubsetMessage<RbcMessage, RabaMessage>> =>
  addressedCodec(size, [
    { type: 'rbc', codec: rbc },
    { type: 'raba', codec: raba },
  ])
