/**
 * A codec and its two faces: towards bytes, and towards the codec around it.
 */
import { Reader } from './reader.js'
import { Writer } from './writer.js'

/**
 * Strict and canonical: each value has one encoding, and each accepted encoding is the encoding of its value.
 *
 * Encoding a value outside its bounds is the caller's mistake and throws a RangeError. Decoding bytes outside them throws a
 * DecodeError. Decoded byte strings are views into the input.
 */
export interface Codec<T> {
  encode(value: T): Uint8Array
  /** @throws DecodeError unless `bytes` is exactly the encoding of one value. */
  decode(bytes: Uint8Array): T
  /** Appends the encoding of `value`: the face towards a surrounding codec. */
  write(writer: Writer, value: T): void
  /** @throws DecodeError unless an encoding comes next. */
  read(reader: Reader): T
}

/** The type of the values of a codec. */
export type Decoded<C> = C extends Codec<infer T> ? T : never

/** Makes a codec from how to write and how to read a value. */
export function codec<T>(write: (writer: Writer, value: T) => void, read: (reader: Reader) => T): Codec<T> {
  // Encoding in a buffer that is at hand, and copying out of it, costs a third of growing a fresh one for each message.
  let spare: Writer | undefined
  return {
    write,
    read,
    encode(value) {
      const writer = spare ?? new Writer(SPARE_BYTES)
      spare = undefined
      write(writer, value)
      if (writer.length > SPARE_BYTES) return writer.take()
      const bytes = writer.finish()
      writer.clear()
      spare = writer
      return bytes
    },
    decode(bytes) {
      const reader = new Reader(bytes)
      const value = read(reader)
      reader.end()
      return value
    },
  }
}

/** What a codec keeps to encode in, in bytes; a longer message gets a buffer of its own and is handed over in it. */
const SPARE_BYTES = 1_024
