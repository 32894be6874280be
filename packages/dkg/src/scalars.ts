/**
 * Rows of scalars as bytes, and sums of commitments.
 */
import type { PrimeGroup } from '@mc/crypto/threshold'
import { Writer } from '@mc/protocol/wire'

/** Scalars one after the other, each of `scalarBytes`. */
export function encodeScalars<Element>(group: PrimeGroup<Element>, scalars: readonly bigint[]): Uint8Array {
  const writer = new Writer()
  for (const scalar of scalars) writer.raw(group.encodeScalar(scalar))
  return writer.finish()
}

/** Total: undefined unless `bytes` are exactly `count` scalars. */
export function decodeScalars<Element>(
  { scalarBytes, decodeScalar }: PrimeGroup<Element>,
  bytes: Uint8Array,
  count: number,
): readonly bigint[] | undefined {
  if (bytes.length !== count * scalarBytes) return undefined
  const scalars: bigint[] = []
  for (let at = 0; at < bytes.length; at += scalarBytes) {
    const scalar = decodeScalar(bytes.subarray(at, at + scalarBytes))
    if (scalar === undefined) return undefined
    scalars.push(scalar)
  }
  return scalars
}

/** The commitment to a sum of polynomials: the sums of their commitments. */
export const sumOfCommitments = <Element>(
  group: PrimeGroup<Element>,
  [first = [], ...others]: readonly (readonly Element[])[],
): readonly Element[] =>
  first.map((element, at) => others.reduce((sum, other) => group.add(sum, other[at] as Element), element))

/** A sum of scalars, reduced. */
export const sumOfScalars = <Element>({ order }: PrimeGroup<Element>, scalars: readonly bigint[]): bigint =>
  scalars.reduce((sum, scalar) => (sum + scalar) % order, 0n)
