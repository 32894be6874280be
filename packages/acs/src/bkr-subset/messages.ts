/**
 * What a common subset says: the words of its broadcasts and agreements, each under its proposer.
 */
import type { CommitteeSize } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { type Addressed, addressedCodec } from '../addressed.js'

/** A message of the broadcast or of the agreement that belongs to one proposer. */
export type BkrSubsetMessage<RbcMessage, AbaMessage> =
  | Addressed<'rbc', RbcMessage>
  | Addressed<'aba', AbaMessage>

/** The codecs of the two parts, for one size of committee. */
export interface PartCodecs<RbcMessage, AbaMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly aba: Codec<AbaMessage>
}

/** The wire format: part in one byte, proposer, then the message of the part. */
export const bkrSubsetCodec = <RbcMessage, AbaMessage>(
  size: CommitteeSize,
  { rbc, aba }: PartCodecs<RbcMessage, AbaMessage>,
): Codec<BkrSubsetMessage<RbcMessage, AbaMessage>> =>
  addressedCodec(size, [
    { type: 'rbc', codec: rbc },
    { type: 'aba', codec: aba },
  ])
