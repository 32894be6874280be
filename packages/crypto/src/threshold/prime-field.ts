/**
 * Integers modulo a prime: the exponents of a group.
 */
import type { Rng } from '../rng.js'

/** The representative 0 … order − 1, of negative integers too. */
export function reduce(value: bigint, order: bigint): bigint {
  const rest = value % order
  return rest < 0n ? rest + order : rest
}

/**
 * The inverse modulo a prime. Of public values only: its time depends on them.
 *
 * @throws RangeError for a multiple of `order`, which has none.
 */
export function inverse(value: bigint, order: bigint): bigint {
  let [low, high] = [reduce(value, order), order]
  let [factor, other] = [1n, 0n]
  if (low === 0n) throw new RangeError('prime field: zero has no inverse')
  while (low > 1n) {
    const quotient = high / low
    ;[low, high] = [high - quotient * low, low]
    ;[factor, other] = [other - quotient * factor, factor]
  }
  return reduce(factor, order)
}

/** A uniform scalar 0 … order − 1, by rejection. */
export function randomScalar(rng: Rng, order: bigint): bigint {
  const bits = order.toString(2).length
  const mask = (1n << BigInt(bits)) - 1n
  for (;;) {
    const value = integerOf(rng.bytes(Math.ceil(bits / 8))) & mask
    if (value < order) return value
  }
}

/** A uniform scalar 1 … order − 1: a secret key. */
export function randomNonZero(rng: Rng, order: bigint): bigint {
  for (;;) {
    const value = randomScalar(rng, order)
    if (value !== 0n) return value
  }
}

/** The integer that these bytes are, most significant first. */
export function integerOf(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}

/** `value` in `length` bytes, most significant first. @throws RangeError if it does not fit. */
export function bytesOf(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >> BigInt(8 * length) !== 0n) {
    throw new RangeError(`prime field: need a scalar of at most ${length} bytes`)
  }
  const bytes = new Uint8Array(length)
  let rest = value
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}
