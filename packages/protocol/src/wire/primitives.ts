/**
 * Codecs of single values, each with its bound.
 */
import type { Bit, Epoch, PeerIndex, Round } from '../ids.js'
import { type Codec, codec } from './codec.js'
import { DecodeError, type Reader } from './reader.js'
import { fromUtf8, utf8 } from './text.js'

/**
 * An unsigned integer 0..max as a minimal varint; max ≤ 2^53 − 1.
 *
 * @throws RangeError if `max` is no safe integer: nothing would then be over it.
 */
export const uint = ({ max = Number.MAX_SAFE_INTEGER }: { readonly max?: number } = {}): Codec<number> => {
  if (!Number.isSafeInteger(max) || max < 0) throw new RangeError(`uint: need max 0..2^53 − 1, got ${max}`)
  return codec(
    (writer, value) => {
      if (!Number.isSafeInteger(value) || value < 0 || value > max) {
        throw new RangeError(`uint: need 0..${max}, got ${value}`)
      }
      writer.varint(value)
    },
    reader => {
      const value = reader.varint()
      if (value > max) throw new DecodeError(`integer ${value} over ${max}`)
      return value
    },
  )
}

/** A small unsigned integer 0..max in one byte; max ≤ 255. */
export const u8 = ({ max = 255 }: { readonly max?: number } = {}): Codec<number> =>
  codec(
    (writer, value) => {
      if (!Number.isSafeInteger(value) || value < 0 || value > max) {
        throw new RangeError(`u8: need 0..${max}, got ${value}`)
      }
      writer.u8(value)
    },
    reader => {
      const value = reader.u8()
      if (value > max) throw new DecodeError(`byte ${value} over ${max}`)
      return value
    },
  )

/** A member of a committee of n. */
export const peerIndex = (n: number): Codec<PeerIndex> =>
  uint({ max: n - 1 }) as Codec<number> as Codec<PeerIndex>

/** An epoch number. */
export const epochNumber: Codec<Epoch> = uint() as Codec<number> as Codec<Epoch>

/** A round number 0..max; rounds above 2^20 are refused everywhere. */
export const roundNumber = ({ max = 2 ** 20 }: { readonly max?: number } = {}): Codec<Round> =>
  uint({ max }) as Codec<number> as Codec<Round>

/** 0 or 1 in one byte. */
export const bit: Codec<Bit> = u8({ max: 1 }) as Codec<number> as Codec<Bit>

/** false or true in one byte. */
export const bool: Codec<boolean> = codec(
  (writer, value) => writer.u8(value ? 1 : 0),
  reader => bit.read(reader) === 1,
)

/** Exactly `length` bytes. */
export const fixedBytes = (length: number): Codec<Uint8Array> =>
  codec(
    (writer, value) => {
      if (value.length !== length)
        throw new RangeError(`fixedBytes: need ${length} bytes, got ${value.length}`)
      writer.raw(value)
    },
    reader => reader.raw(length),
  )

/** A 32-byte digest. */
export const digest: Codec<Uint8Array> = fixedBytes(32)

/** Up to `max` bytes, behind their length. */
export const bytes = ({ max }: { readonly max: number }): Codec<Uint8Array> =>
  codec(
    (writer, value) => {
      if (value.length > max) throw new RangeError(`bytes: need at most ${max}, got ${value.length}`)
      writer.varint(value.length)
      writer.raw(value)
    },
    reader => reader.raw(lengthUpTo(reader, max)),
  )

/** A string of up to `bytesMax` bytes of well-formed UTF-8, behind its length in bytes. */
export const text = ({ bytesMax }: { readonly bytesMax: number }): Codec<string> => {
  const raw = bytes({ max: bytesMax })
  return codec(
    (writer, value) => raw.write(writer, utf8(value)),
    reader => fromUtf8(raw.read(reader)),
  )
}

/** A codec without values, for protocols that send nothing. */
export const nothing: Codec<never> = codec<never>(
  (_, value) => {
    throw new RangeError(`nothing: there is no message to encode, got ${String(value)}`)
  },
  () => {
    throw new DecodeError('this protocol has no messages')
  },
)

/** The length that comes next. @throws DecodeError if it is over `max`, before anything is allocated. */
export function lengthUpTo(reader: Reader, max: number): number {
  const length = reader.varint()
  if (length > max) throw new DecodeError(`length ${length} over ${max}`)
  return length
}
