/**
 * What a common subset says: the words of its broadcasts and agreements, each under its proposer.
 */
import type { CommitteeSize, PeerIndex } from '@mc/protocol'
import { type Codec, codec, DecodeError, peerIndex } from '@mc/protocol/wire'

/** A message of the broadcast or of the agreement that belongs to one proposer. */
export type RabaSubsetMessage<RbcMessage, RabaMessage> =
  | { readonly type: 'rbc'; readonly proposer: PeerIndex; readonly message: RbcMessage }
  | { readonly type: 'raba'; readonly proposer: PeerIndex; readonly message: RabaMessage }

/** The codecs of the two parts, for one size of committee. */
export interface PartCodecs<RbcMessage, RabaMessage> {
  readonly rbc: Codec<RbcMessage>
  readonly raba: Codec<RabaMessage>
}

const RBC = 0
const RABA = 1

/**
 * The wire format: part in one byte, proposer, then the message of the part.
 *
 * Written out instead of composed, because every byte of every agreement passes here.
 */
export function rabaSubsetCodec<RbcMessage, RabaMessage>(
  { n }: CommitteeSize,
  parts: PartCodecs<RbcMessage, RabaMessage>,
): Codec<RabaSubsetMessage<RbcMessage, RabaMessage>> {
  const index = peerIndex(n)
  return codec<RabaSubsetMessage<RbcMessage, RabaMessage>>(
    (writer, value) => {
      writer.u8(value.type === 'rbc' ? RBC : RABA)
      index.write(writer, value.proposer)
      if (value.type === 'rbc') parts.rbc.write(writer, value.message)
      else parts.raba.write(writer, value.message)
    },
    reader => {
      const part = reader.u8()
      if (part > RABA) throw new DecodeError(`unknown part ${part}`)
      const proposer = index.read(reader)
      return part === RBC
        ? { type: 'rbc', proposer, message: parts.rbc.read(reader) }
        : { type: 'raba', proposer, message: parts.raba.read(reader) }
    },
  )
}
