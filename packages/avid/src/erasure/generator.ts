/**
 * Generator matrices of systematic codes: the first k shards are the data, the others are linear combinations of them.
 */
import { exp, inverse, log, times } from './galois.js'

/** Which combinations of the data the parity shards are. */
export interface Generator {
  /** How many shards there are. */
  readonly n: number
  /** How many of them are data. */
  readonly k: number
  /** The matrix of the parity shards, (n − k) × k bytes, row by row. */
  readonly parity: Uint8Array
  /**
   * The inverse of the square part of `parity` in the given rows and columns, row by row, or `undefined` if it has none.
   *
   * `rows` are counted from 0 at the first parity shard; as many as there are `columns`.
   */
  inverseOf(rows: readonly number[], columns: readonly number[]): Uint8Array | undefined
}

/**
 * The Cauchy code: parity shard i of data shard j is 1 / (i + j), with i = k..n − 1 and j = 0..k − 1 as field elements.
 *
 * Every square part of a Cauchy matrix is one too and has an inverse in closed form, O(m²) products; hence any k of the n
 * shards decode.
 *
 * @throws RangeError unless 1 ≤ k ≤ n ≤ 255.
 */
export function cauchyGenerator({ n, k }: { readonly n: number; readonly k: number }): Generator {
  checkSizes(n, k)
  const parity = new Uint8Array((n - k) * k)
  for (let at = 0; at < parity.length; at += 1) parity[at] = inverse((k + Math.floor(at / k)) ^ (at % k))
  return {
    n,
    k,
    parity,
    inverseOf: (rows, columns) =>
      cauchyInverse(
        rows.map(row => k + row),
        columns,
      ),
  }
}

/**
 * A code with any parity matrix, inverted by elimination, O(m³) products.
 *
 * The caller answers for the matrix: if a square part of it has no inverse, those shards do not decode.
 *
 * @throws RangeError unless 1 ≤ k ≤ n ≤ 255 and `parity` holds (n − k) · k bytes.
 */
export function matrixGenerator({ n, k, parity }: Pick<Generator, 'n' | 'k' | 'parity'>): Generator {
  checkSizes(n, k)
  if (parity.length !== (n - k) * k) {
    throw new RangeError(`generator: need ${(n - k) * k} bytes of parity matrix, got ${parity.length}`)
  }
  return {
    n,
    k,
    parity,
    inverseOf: (rows, columns) =>
      eliminate(rows.map(row => Uint8Array.from(columns, column => parity[row * k + column] as number))),
  }
}

function checkSizes(n: number, k: number): void {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(k) || k < 1 || k > n || n > 255) {
    throw new RangeError(`erasure code: need 1 ≤ k ≤ n ≤ 255, got n=${n} k=${k}`)
  }
}

/**
 * The inverse of the matrix 1 / (xs[i] + ys[j]), by Cauchy's formula; sums of logarithms stand for products:
 * entry (i, j) = Π_c (xs[j] + ys[c]) · Π_c (xs[c] + ys[i]) / ((xs[j] + ys[i]) · Π_{c≠j} (xs[j] + xs[c]) · Π_{c≠i} (ys[i] + ys[c])).
 */
function cauchyInverse(xs: readonly number[], ys: readonly number[]): Uint8Array {
  const size = xs.length
  const perX = xs.map(x => logOfProduct(x, ys) - logOfProduct(x, xs))
  const perY = ys.map(y => logOfProduct(y, xs) - logOfProduct(y, ys))
  const inverted = new Uint8Array(size * size)
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      const power = (perX[j] as number) + (perY[i] as number) - log((xs[j] as number) ^ (ys[i] as number))
      inverted[i * size + j] = exp(power + POWER_SHIFT)
    }
  }
  return inverted
}

/** A multiple of the group's order, larger than any power that is subtracted above (at most 2 · 255 · 254 + 254). */
const POWER_SHIFT = 255 * 1024

/** The logarithm, not reduced, of Π (a + b) over all b ≠ a. */
function logOfProduct(a: number, others: readonly number[]): number {
  let sum = 0
  for (const b of others) if (a !== b) sum += log(a ^ b)
  return sum
}

/** Gauss and Jordan: what turns the matrix into the unit matrix turns the unit matrix into the inverse. */
function eliminate(matrix: readonly Uint8Array[]): Uint8Array | undefined {
  const size = matrix.length
  const rows = matrix.map((entries, at): Uint8Array => {
    const row = new Uint8Array(2 * size)
    row.set(entries)
    row[size + at] = 1
    return row
  })
  for (let column = 0; column < size; column += 1) {
    const pivot = rows.findIndex((row, at) => at >= column && row[column] !== 0)
    if (pivot < 0) return undefined
    const pivotRow = rows[pivot] as Uint8Array
    rows[pivot] = rows[column] as Uint8Array
    rows[column] = pivotRow
    scale(pivotRow, inverse(pivotRow[column] as number))
    rows.forEach((row, at) => {
      if (at !== column) subtract(row, pivotRow, row[column] as number)
    })
  }
  const inverted = new Uint8Array(size * size)
  rows.forEach((row, at) => {
    inverted.set(row.subarray(size), at * size)
  })
  return inverted
}

function scale(row: Uint8Array, by: number): void {
  for (let at = 0; at < row.length; at += 1) row[at] = times(row[at] as number, by)
}

/** row − factor · other; in this field plus and minus are the same. */
function subtract(row: Uint8Array, other: Uint8Array, factor: number): void {
  if (factor === 0) return
  for (let at = 0; at < row.length; at += 1)
    row[at] = (row[at] as number) ^ times(other[at] as number, factor)
}
