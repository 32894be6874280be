/**
 * Correcting errors: shards of which some are wrong, and nobody says which.
 *
 * The words of the Cauchy code are those of a Reed-Solomon code but for a factor at each place: with P the polynomial of a degree
 * below k, c_x = P(x) / Π_{m<k, m≠x} (x − m) for x = 0 … n − 1. For data that defines P, for parity it is Cauchy's row, by Lagrange.
 * So r places with at most (r − k) / 2 wrong ones determine P, and Gao's algorithm finds it.
 */
import { type ErasureCode, erasureCode } from './erasure-code.js'
import { times } from './galois.js'
import type { Kernel } from './kernel.js'
import { divide, type Polynomial, product, sum, through, valueAt, withRoots } from './polynomial.js'

/** A Cauchy code that finds wrong shards as well as missing ones. */
export interface CorrectingCode {
  readonly n: number
  readonly k: number
  /** All n shards of `data`, as `ErasureCode.encode`. */
  encode(data: Uint8Array): Uint8Array[]
  /**
   * The data of the only word that at most ⌊(r − k) / 2⌋ of the r shards that are here differ from; undefined if there is none,
   * or fewer than k shards are here. With more wrong shards than that the answer may be any data: compare a hash.
   *
   * At most r − k + 1 decodings and as many searches in one column, O(r²) products each.
   *
   * @throws RangeError unless there are n places and all shards are equally long.
   */
  correct(shards: readonly (Uint8Array | undefined)[]): Uint8Array | undefined
}

/** A code of n shards that corrects errors. @throws RangeError unless 1 ≤ k ≤ n ≤ 255. */
export const correctingCode = (sizes: {
  readonly n: number
  readonly k: number
  readonly kernel?: Kernel
}): CorrectingCode => new CauchyCorrection(sizes)

class CauchyCorrection implements CorrectingCode {
  readonly n: number
  readonly k: number
  readonly #code: ErasureCode
  /** Π_{m<k, m≠x} (x − m), by place x. */
  readonly #factors: readonly number[]

  constructor(sizes: { readonly n: number; readonly k: number; readonly kernel?: Kernel }) {
    this.#code = erasureCode(sizes)
    this.n = sizes.n
    this.k = sizes.k
    const data = Array.from({ length: this.k }, (_, place) => place)
    this.#factors = Array.from({ length: this.n }, (_, x) =>
      data.reduce((factor, m) => (m === x ? factor : times(factor, x ^ m)), 1),
    )
  }

  encode(data: Uint8Array): Uint8Array[] {
    return this.#code.encode(data)
  }

  // Who is wrong in one column is left out of all: each turn leaves out at least one shard, or is the last.
  correct(shards: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
    const kept = [...shards]
    while (kept.filter(shard => shard !== undefined).length >= this.k) {
      const data = this.#code.decode(kept)
      const column = firstDifference(this.#code.encode(data), kept)
      if (column === undefined) return data
      const wrong = this.#wrongIn(column, kept)
      if (wrong === undefined) return undefined
      for (const place of wrong) kept[place] = undefined
    }
    return undefined
  }

  /** The places that are wrong in one column, if few enough are to be found; never none, for a column that is no word. */
  #wrongIn(column: number, kept: readonly (Uint8Array | undefined)[]): readonly number[] | undefined {
    const places = kept.flatMap((shard, place) => (shard === undefined ? [] : [place]))
    const values = places.map(place => times(kept[place]?.[column] as number, this.#factors[place] as number))
    const polynomial = gao(places, values, this.k)
    if (polynomial === undefined) return undefined
    const wrong = places.filter((place, at) => valueAt(polynomial, place) !== values[at])
    return 2 * wrong.length <= places.length - this.k ? wrong : undefined
  }
}

/**
 * The polynomial of a degree below k that goes through all but (r − k) / 2 of r points, or undefined, by Gao.
 *
 * Euclid's algorithm on Π (x − x_i) and the polynomial through all points, stopped half way, leaves P · V, where V vanishes at the
 * wrong points.
 */
function gao(xs: readonly number[], ys: readonly number[], k: number): Polynomial | undefined {
  let before: Polynomial = withRoots(xs)
  let now = through(xs, ys, before)
  let factorBefore: Polynomial = []
  let factor: Polynomial = [1]
  while (2 * (now.length - 1) >= xs.length + k) {
    const { quotient, remainder } = divide(before, now)
    const next = sum(factorBefore, product(quotient, factor))
    before = now
    now = remainder
    factorBefore = factor
    factor = next
  }
  const { quotient, remainder } = divide(now, factor)
  return remainder.length === 0 && quotient.length <= k ? quotient : undefined
}

function firstDifference(
  word: readonly Uint8Array[],
  kept: readonly (Uint8Array | undefined)[],
): number | undefined {
  for (const [place, shard] of kept.entries()) {
    if (shard === undefined) continue
    const column = shard.findIndex((byte, at) => byte !== word[place]?.[at])
    if (column >= 0) return column
  }
  return undefined
}
