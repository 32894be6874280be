/**
 * Digests and keys as identifiers: compared, ordered and used as keys of a map.
 */
import type { Brand } from '@mc/protocol'
import { DIGEST_BYTES } from './sha256.js'

/** Thirty-two bytes that name something by its hash. */
export type Digest = Brand<Uint8Array, 'Digest'>

/** The longest identifier that `digestKey` takes. */
export const IDENTIFIER_BYTES_MAX = 1_024

/**
 * Brands a digest without copying it.
 *
 * @throws RangeError unless `bytes` are exactly 32.
 */
export function asDigest(bytes: Uint8Array): Digest {
  if (bytes.length !== DIGEST_BYTES) {
    throw new RangeError(`digest: need ${DIGEST_BYTES} bytes, got ${bytes.length}`)
  }
  return bytes as Digest
}

/**
 * An identifier as a key of a map: one character per byte, not meant to be read.
 *
 * Equal bytes give equal keys, different bytes (also of different length) different ones. Twice as fast as hex.
 *
 * @throws RangeError for more than `IDENTIFIER_BYTES_MAX` bytes: a key stands for a name, not for content.
 */
export function digestKey(bytes: Uint8Array): string {
  // One digest, or two behind each other, is what nearly all identifiers are.
  if (bytes.length === DIGEST_BYTES) return keyOfDigest(bytes, 0)
  if (bytes.length === 2 * DIGEST_BYTES) return keyOfDigest(bytes, 0) + keyOfDigest(bytes, DIGEST_BYTES)
  if (bytes.length > IDENTIFIER_BYTES_MAX) {
    throw new RangeError(`digestKey: need at most ${IDENTIFIER_BYTES_MAX} bytes, got ${bytes.length}`)
  }
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

// Written out, it costs a third of handing over a list of arguments, which the engine would make first.
function keyOfDigest(bytes: Uint8Array, at: number): string {
  const byte = (offset: number): number => bytes[at + offset] as number
  // biome-ignore format: a row for every eight
  return String.fromCharCode(
    byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7),
    byte(8), byte(9), byte(10), byte(11), byte(12), byte(13), byte(14), byte(15),
    byte(16), byte(17), byte(18), byte(19), byte(20), byte(21), byte(22), byte(23),
    byte(24), byte(25), byte(26), byte(27), byte(28), byte(29), byte(30), byte(31),
  )
}

/** The identifier that a key stands for. */
export function keyDigest(key: string): Uint8Array {
  const bytes = new Uint8Array(key.length)
  for (let at = 0; at < key.length; at += 1) bytes[at] = key.charCodeAt(at)
  return bytes
}

/** Whether two byte strings are the same. Stops at the first difference: not for secrets. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left === right) return true
  if (left.length !== right.length) return false
  return left.length < LONG_BYTES ? equalFrom(0, left, right) : equalByWords(left, right)
}

/** From here on two views and words of four bytes are faster than one byte after the other. */
const LONG_BYTES = 256

function equalFrom(start: number, left: Uint8Array, right: Uint8Array): boolean {
  for (let at = start; at < left.length; at += 1) {
    if (left[at] !== right[at]) return false
  }
  return true
}

function equalByWords(left: Uint8Array, right: Uint8Array): boolean {
  const lefts = new DataView(left.buffer, left.byteOffset, left.length)
  const rights = new DataView(right.buffer, right.byteOffset, right.length)
  let at = 0
  for (; at + 4 <= left.length; at += 4) {
    if (lefts.getInt32(at) !== rights.getInt32(at)) return false
  }
  return equalFrom(at, left, right)
}

/**
 * Total order of byte strings: by the first byte that differs, and a prefix comes before its extensions.
 *
 * Negative, zero or positive, as `Array.prototype.sort` expects.
 */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length)
  for (let at = 0; at < shared; at += 1) {
    const difference = (left[at] as number) - (right[at] as number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/**
 * Whether two secrets of public length are the same, in a time that does not depend on where they differ.
 *
 * As good as JavaScript gets: no early exit and no branch on a secret; the engine itself gives no guarantee.
 */
export function equalSecret(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let at = 0; at < left.length; at += 1) {
    difference |= (left[at] as number) ^ (right[at] as number)
  }
  return difference === 0
}
