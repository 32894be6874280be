/**
 * What members tell each other about epochs: where they stand, and the words of each epoch's common subset.
 */
import type { Epoch } from '@mc/protocol'
import { type Codec, codec, DecodeError, epochNumber } from '@mc/protocol/wire'

/** `announce`: every epoch below this one is over for me. `epoch`: a message of the common subset of that epoch. */
export type EpochsMessage<AcsMessage> =
  | { readonly type: 'announce'; readonly epoch: Epoch }
  | { readonly type: 'epoch'; readonly epoch: Epoch; readonly message: AcsMessage }

const ANNOUNCE = 0
const EPOCH = 1

/**
 * The wire format: kind in one byte, epoch, then the message of the common subset.
 *
 * Written out instead of composed, because every byte of every epoch passes here.
 */
export const epochsCodec = <AcsMessage>(acs: Codec<AcsMessage>): Codec<EpochsMessage<AcsMessage>> =>
  codec<EpochsMessage<AcsMessage>>(
    (writer, value) => {
      writer.u8(value.type === 'announce' ? ANNOUNCE : EPOCH)
      epochNumber.write(writer, value.epoch)
      if (value.type === 'epoch') acs.write(writer, value.message)
    },
    reader => {
      const kind = reader.u8()
      if (kind > EPOCH) throw new DecodeError(`unknown kind ${kind}`)
      const epoch = epochNumber.read(reader)
      return kind === ANNOUNCE
        ? { type: 'announce', epoch }
        : { type: 'epoch', epoch, message: acs.read(reader) }
    },
  )
