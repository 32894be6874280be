/**
 * Integers modulo 2^255 − 19 and the constants of the curve −x² + y² = 1 + dx²y², all derived from d = −121665/121666.
 *
 * For public values: time depends on them.
 *
 * @see RFC 9496, section 4
 */

/** p. */
export const FIELD_PRIME: bigint = 2n ** 255n - 19n

/** The representative 0 … p − 1. */
export function fieldOf(value: bigint): bigint {
  const rest = value % FIELD_PRIME
  return rest < 0n ? rest + FIELD_PRIME : rest
}

/** value^exponent mod p. */
export function fieldPower(value: bigint, exponent: bigint): bigint {
  let [result, square, rest] = [1n, value, exponent]
  while (rest > 0n) {
    if (rest & 1n) result = (result * square) % FIELD_PRIME
    square = (square * square) % FIELD_PRIME
    rest >>= 1n
  }
  return result
}

/** What the RFC calls CT_ABS: of x and −x the one with an even representative. */
export const fieldAbsolute = (value: bigint): bigint => (value & 1n ? FIELD_PRIME - value : value)

/** √−1: the even one of both roots. */
export const ROOT_OF_MINUS_ONE: bigint = fieldAbsolute(fieldPower(2n, (FIELD_PRIME - 1n) / 4n))

/** d. */
export const CURVE_D: bigint = fieldOf(-121665n * fieldPower(121666n, FIELD_PRIME - 2n))

/** A root as RFC 9496 takes it. */
export interface InverseRoot {
  readonly isSquare: boolean
  /** |1/√v|, or |√(i/v)| if v has no root; 0 for 0. */
  readonly root: bigint
}

/** SQRT_RATIO_M1(1, v) of RFC 9496, section 4.2. For v = 0 it says what the RFC says: not a square. */
export function inverseRoot(v: bigint): InverseRoot {
  const v3 = fieldOf(fieldOf(v * v) * v)
  const v7 = fieldOf(fieldOf(v3 * v3) * v)
  const root = fieldOf(v3 * fieldPower(v7, (FIELD_PRIME - 5n) / 8n))
  const check = fieldOf(v * fieldOf(root * root))
  const flipped = check === FIELD_PRIME - 1n
  const turned = flipped || check === FIELD_PRIME - ROOT_OF_MINUS_ONE
  return {
    isSquare: check === 1n || flipped,
    root: fieldAbsolute(turned ? fieldOf(root * ROOT_OF_MINUS_ONE) : root),
  }
}

/** 1/√(a − d), a = −1. */
export const ENCHANT: bigint = inverseRoot(fieldOf(-1n - CURVE_D)).root

/** 32 bytes, little-endian. */
export function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32)
  writeLittleEndian(new DataView(bytes.buffer), 0, value)
  return bytes
}

/** Writes 32 bytes, little-endian, at `at`. */
export function writeLittleEndian(view: DataView, at: number, value: bigint): void {
  view.setBigUint64(at, BigInt.asUintN(64, value), true)
  view.setBigUint64(at + 8, BigInt.asUintN(64, value >> 64n), true)
  view.setBigUint64(at + 16, BigInt.asUintN(64, value >> 128n), true)
  view.setBigUint64(at + 24, BigInt.asUintN(64, value >> 192n), true)
}

/** The integer of 32 bytes from `at`, little-endian. */
export function readLittleEndian(bytes: Uint8Array, at = 0): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 32)
  const low = view.getBigUint64(0, true) | (view.getBigUint64(8, true) << 64n)
  const high = view.getBigUint64(16, true) | (view.getBigUint64(24, true) << 64n)
  return low | (high << 128n)
}
