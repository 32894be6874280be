/**
 * ristretto255 for many points at once: what proofs over rings of a thousand keys are made with.
 */
import type { Brand } from '@mc/protocol'

/**
 * Decoded points, 96 bytes each, one after the other: y + x, y − x, 2dxy of an affine representative, little-endian.
 *
 * Only `RistrettoEngine.decode` makes them, so each is of prime order. Parts are taken by `subarray`, several are joined by
 * `joinPoints`.
 */
export type Points = Brand<Uint8Array, 'Points'>

/** Length of one decoded point. */
export const POINT_BYTES = 96

/** Length of an encoded element, and of an encoded scalar. */
export const ELEMENT_BYTES = 32

/** The order of the group: 2^252 + 27742317777372353535851937790883648493. */
export const GROUP_ORDER: bigint = 2n ** 252n + 27742317777372353535851937790883648493n

/**
 * Arithmetic on many elements. All engines give the same bytes; they differ in speed alone.
 *
 * Results are encodings, 32 bytes; the identity is 32 zero bytes, which `decode` never takes. Scalars are integers
 * 0 … GROUP_ORDER − 1. An engine keeps working space and no state.
 */
export interface RistrettoEngine {
  /** `wasm` or `portable`: for reports. */
  readonly name: string

  /** Total: undefined unless all are the only encodings of elements other than the identity. */
  decode(encodings: Uint8Array): Points | undefined

  /**
   * Σ scalars[i] · points[i], for public scalars: its time depends on them.
   *
   * @throws RangeError unless there are as many scalars as points.
   */
  combine(points: Points, scalars: readonly bigint[]): Uint8Array

  /**
   * The same for secret scalars: as constant in time as the engine can be made.
   *
   * @throws RangeError unless there are as many scalars as points, 1 … SECRET_POINTS_MAX.
   */
  combineSecret(points: Points, scalars: readonly bigint[]): Uint8Array
}

/** The most points of one multiplication by secrets. */
export const SECRET_POINTS_MAX = 64

/** How many points there are. */
export const pointCount = (points: Points): number => points.length / POINT_BYTES

/** Some points, and then some more. */
export function joinPoints(...parts: readonly Points[]): Points {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all as Points
}

/** The point at `index`, without a copy. */
export const pointAt = (points: Points, index: number): Points =>
  points.subarray(POINT_BYTES * index, POINT_BYTES * (index + 1)) as Points

/** @throws RangeError unless there are as many scalars as points. */
export function requireScalars(points: Points, scalars: readonly bigint[]): void {
  if (points.length !== POINT_BYTES * scalars.length) {
    throw new RangeError(`ristretto: ${points.length / POINT_BYTES} points and ${scalars.length} scalars`)
  }
}
