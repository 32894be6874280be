/**
 * Operations that their clients have encrypted: nobody reads them before their place in the order is fixed.
 */
import type { Rng } from '@mc/crypto'
import type { Sealed, ThresholdEncryption } from '@mc/crypto/threshold'
import { bytes, type Codec, codec, DecodeError, fixedBytes, struct, utf8, Writer } from '@mc/protocol/wire'

/** The longest name of an author, in bytes. */
export const AUTHOR_BYTES_MAX = 64

/** A ciphertext, and who says that it is theirs. */
export interface SealedOperation {
  readonly author: Uint8Array
  readonly ciphertext: Uint8Array
}

/** What every sealed operation begins with; an operation that begins otherwise is none, and stays as it is. */
const TAG: Uint8Array = utf8('mc/seal1')

const fields = struct({
  tag: fixedBytes(TAG.length),
  author: bytes({ max: AUTHOR_BYTES_MAX }),
})

/** The codec of sealed operations: the tag, the author behind its length, and the ciphertext. */
export const sealedOperationCodec: Codec<SealedOperation> = codec<SealedOperation>(
  (writer, { author, ciphertext }) => {
    fields.write(writer, { tag: TAG, author })
    writer.raw(ciphertext)
  },
  reader => {
    const { tag, author } = fields.read(reader)
    if (tag.some((byte, at) => byte !== TAG[at])) throw new DecodeError('not a sealed operation')
    return { author, ciphertext: reader.raw(reader.remaining) }
  },
)

/** What a client seals an operation with. */
export interface SealOperationOptions {
  /** The public half of the network's key. */
  readonly scheme: ThresholdEncryption
  /** Names the client: nobody else can have this ciphertext opened as theirs. At most `AUTHOR_BYTES_MAX` bytes. */
  readonly author: Uint8Array
  readonly operation: Uint8Array
  readonly rng: Rng
}

/**
 * Encrypts an operation for one network: its members open it once its place in their order is fixed, and not before.
 *
 * The label binds the key set, which is one network's, and the author. Length and author are not hidden.
 *
 * @throws RangeError if the author's name is too long.
 */
export function sealOperation({ scheme, author, operation, rng }: SealOperationOptions): Uint8Array {
  const ciphertext = scheme.encrypt(operation, labelOf(scheme, author), rng)
  return sealedOperationCodec.encode({ author, ciphertext })
}

/** The ciphertext in an operation with the label that it must stand under, or undefined for one that nobody sealed. Total. */
export function sealedIn(operation: Uint8Array, scheme: ThresholdEncryption): Sealed | undefined {
  try {
    const { author, ciphertext } = sealedOperationCodec.decode(operation)
    return { ciphertext, label: labelOf(scheme, author) }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function labelOf({ keySet }: ThresholdEncryption, author: Uint8Array): Uint8Array {
  const writer = new Writer()
  for (const part of [utf8('mc/sealed-operation/v1'), keySet, author]) {
    writer.varint(part.length)
    writer.raw(part)
  }
  return writer.finish()
}
