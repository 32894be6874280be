/**
 * Slow, clear models of the Merkle structures, written from their definitions.
 */
import { portableCrypto } from '@mc/crypto/portable'

export const { sha256 } = portableCrypto

const u32be = (value: number): Uint8Array =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(8, '0'), 'hex'))
const inner = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(Uint8Array.of(1), left, right)

/** All levels of the fixed-size tree with every leaf of the padding spelled out; the root is the last level. */
export function fullTree(leaves: readonly Uint8Array[]): Uint8Array[][] {
  let level = leaves.map((leaf, index) => sha256(Uint8Array.of(0), u32be(leaves.length), u32be(index), leaf))
  while (level.length & (level.length - 1)) level.push(sha256(Uint8Array.of(2)))
  const levels = [level]
  while (level.length > 1) {
    const below = level
    level = Array.from({ length: below.length / 2 }, (_, at) => inner(below[2 * at]!, below[2 * at + 1]!))
    levels.push(level)
  }
  return levels
}

/** Siblings on the way up from leaf `index`. */
export function fullTreeProof(levels: readonly Uint8Array[][], index: number): Uint8Array {
  return Uint8Array.from(levels.slice(0, -1).flatMap((level, height) => [...level[(index >> height) ^ 1]!]))
}

/** RFC 6962, section 2.1: MTH of hashed leaves. */
export function mth(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return sha256()
  if (hashes.length === 1) return hashes[0]!
  const k = largestPowerBelow(hashes.length)
  return inner(mth(hashes.slice(0, k)), mth(hashes.slice(k)))
}

/** RFC 6962, section 2.1.1: PATH(m, D[n]). */
export function path(m: number, hashes: readonly Uint8Array[]): Uint8Array[] {
  if (hashes.length === 1) return []
  const k = largestPowerBelow(hashes.length)
  return m < k
    ? [...path(m, hashes.slice(0, k)), mth(hashes.slice(k))]
    : [...path(m - k, hashes.slice(k)), mth(hashes.slice(0, k))]
}

/** RFC 6962, section 2.1.2: SUBPROOF(m, D[n], b). */
export function subproof(m: number, hashes: readonly Uint8Array[], b: boolean): Uint8Array[] {
  if (m === hashes.length) return b ? [] : [mth(hashes)]
  const k = largestPowerBelow(hashes.length)
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), b), mth(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), mth(hashes.slice(0, k))]
}

function largestPowerBelow(n: number): number {
  let k = 1
  while (2 * k < n) k *= 2
  return k
}

export const concatenated = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
