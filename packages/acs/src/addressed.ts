/**
 * Messages of parts of which there is one per member: the part in one byte, the member, then the message of the part.
 */
import type { CommitteeSize, PeerIndex } from '@mc/protocol'
import { type Codec, codec, DecodeError, peerIndex } from '@mc/protocol/wire'

/** A message of the part that belongs to one proposer. */
export interface Addressed<Type extends string, Message> {
  readonly type: Type
  readonly proposer: PeerIndex
  readonly message: Message
}

/** The codecs of two parts, by the type of their messages, in the order of the wire. */
type PartCodecs<First extends string, FirstMessage, Second extends string, SecondMessage> = readonly [
  { readonly type: First; readonly codec: Codec<FirstMessage> },
  { readonly type: Second; readonly codec: Codec<SecondMessage> },
]

/** The wire format of two such parts. Written out instead of composed, because every byte of every agreement passes here. */
export function addressedCodec<First extends string, FirstMessage, Second extends string, SecondMessage>(
  { n }: CommitteeSize,
  [first, second]: PartCodecs<First, FirstMessage, Second, SecondMessage>,
): Codec<Addressed<First, FirstMessage> | Addressed<Second, SecondMessage>> {
  const index = peerIndex(n)
  return codec<Addressed<First, FirstMessage> | Addressed<Second, SecondMessage>>(
    (writer, value) => {
      const isFirst = value.type === first.type
      writer.u8(isFirst ? 0 : 1)
      index.write(writer, value.proposer)
      if (isFirst) first.codec.write(writer, value.message as FirstMessage)
      else second.codec.write(writer, value.message as SecondMessage)
    },
    reader => {
      const part = reader.u8()
      if (part > 1) throw new DecodeError(`unknown part ${part}`)
      const proposer = index.read(reader)
      return part === 0
        ? { type: first.type, proposer, message: first.codec.read(reader) }
        : { type: second.type, proposer, message: second.codec.read(reader) }
    },
  )
}
