/**
 * Reed-Solomon erasure code: k data shards become n shards, any k of which give the data back.
 */

import { Recent } from '../recent.js'
import { times } from './galois.js'
import { cauchyGenerator, type Generator } from './generator.js'
import type { Kernel } from './kernel.js'
import { portableKernel } from './portable-kernel.js'
import { wasmKernel } from './wasm-kernel.js'

/**
 * A systematic erasure code over GF(2^8). Shards of one block are equally long, 1 byte or more.
 *
 * It corrects erasures, not errors: a wrong shard gives wrong data. Whoever decodes what strangers sent compares a commitment.
 */
export interface ErasureCode {
  /** How many shards there are. */
  readonly n: number
  /** How many of them suffice. */
  readonly k: number
  /**
   * All n shards of `data`: the first k are views into `data`, the others views into one new buffer.
   *
   * @throws RangeError unless the length of `data` is a positive multiple of k.
   */
  encode(data: Uint8Array): Uint8Array[]
  /**
   * The data, in a new buffer of k shards. `shards` has a place for each of the n shards, `undefined` where one is missing; if
   * more than k are there, data shards are preferred, then the lowest indices.
   *
   * @throws RangeError unless there are n places, k shards, and all shards are equally long.
   */
  decode(shards: readonly (Uint8Array | undefined)[]): Uint8Array
}

/** What an erasure code is made from. */
export interface ErasureCodeOptions {
  readonly n: number
  readonly k: number
  /** The inner loop; by default the fastest that the platform has. Codes may share one. */
  readonly kernel?: Kernel
  /** The code's matrix, for n and k; by default Cauchy's. It decides the bytes of the parity shards. */
  readonly generator?: Generator
  /** How many inverted matrices are kept, the most recently used ones. */
  readonly patternsMax?: number
}

/**
 * An erasure code of n shards, any k of which decode.
 *
 * @throws RangeError unless 1 ≤ k ≤ n ≤ 255, and if `generator` is for other sizes.
 */
export function erasureCode({
  n,
  k,
  kernel = fastestKernel(),
  generator = cauchyGenerator({ n, k }),
  patternsMax = 64,
}: ErasureCodeOptions): ErasureCode {
  if (generator.n !== n || generator.k !== k) {
    throw new RangeError(
      `erasure code: n=${n} k=${k}, but the generator is for n=${generator.n} k=${generator.k}`,
    )
  }
  return new Code(generator, kernel, patternsMax)
}

/** The fastest kernel of this platform: WebAssembly with SIMD, else plain TypeScript. */
export const fastestKernel = (): Kernel => wasmKernel() ?? portableKernel()

/** How to make the missing data shards of one erasure pattern: `matrix` times the shards that are there. */
interface Repair {
  readonly missing: readonly number[]
  readonly matrix: Uint8Array
}

class Code implements ErasureCode {
  readonly n: number
  readonly k: number
  readonly #generator: Generator
  readonly #kernel: Kernel
  readonly #repairs: Recent<string, Repair>

  constructor(generator: Generator, kernel: Kernel, patternsMax: number) {
    this.n = generator.n
    this.k = generator.k
    this.#generator = generator
    this.#kernel = kernel
    this.#repairs = new Recent(patternsMax)
  }

  encode(data: Uint8Array): Uint8Array[] {
    const { n, k } = this
    if (data.length === 0 || data.length % k !== 0) {
      throw new RangeError(`erasure code: need a positive multiple of ${k} bytes, got ${data.length}`)
    }
    const length = data.length / k
    const shards = split(data, length)
    const parity = split(new Uint8Array((n - k) * length), length)
    if (n > k) this.#kernel.multiply(this.#generator.parity, shards, parity)
    return shards.concat(parity)
  }

  decode(shards: readonly (Uint8Array | undefined)[]): Uint8Array {
    const sources = this.#sourcesIn(shards)
    const length = lengthOf(shards)
    const data = new Uint8Array(this.k * length)
    for (const index of sources) {
      if (index < this.k) data.set(shards[index] as Uint8Array, index * length)
    }
    if ((sources[this.k - 1] as number) >= this.k) this.#repair(data, length, sources, shards)
    return data
  }

  /** The k shards to decode from, ascending. */
  #sourcesIn(shards: readonly (Uint8Array | undefined)[]): number[] {
    if (shards.length !== this.n) {
      throw new RangeError(`erasure code: need ${this.n} places for shards, got ${shards.length}`)
    }
    const sources: number[] = []
    for (let index = 0; index < this.n && sources.length < this.k; index += 1) {
      if (shards[index] !== undefined) sources.push(index)
    }
    if (sources.length < this.k) {
      throw new RangeError(`erasure code: need ${this.k} shards, got ${sources.length}`)
    }
    return sources
  }

  #repair(
    data: Uint8Array,
    length: number,
    sources: readonly number[],
    shards: readonly (Uint8Array | undefined)[],
  ): void {
    const pattern = String.fromCharCode(...sources)
    const { matrix, missing } = this.#repairs.getOrMake(pattern, () => makeRepair(this.#generator, sources))
    this.#kernel.multiply(
      matrix,
      sources.map(index => shards[index] as Uint8Array),
      missing.map(index => data.subarray(index * length, (index + 1) * length)),
    )
  }
}

function split(block: Uint8Array, length: number): Uint8Array[] {
  const shards: Uint8Array[] = []
  for (let at = 0; at < block.length; at += length) shards.push(block.subarray(at, at + length))
  return shards
}

function lengthOf(shards: readonly (Uint8Array | undefined)[]): number {
  let length: number | undefined
  for (const shard of shards) {
    if (shard === undefined) continue
    if (shard.length === 0 || (length ?? shard.length) !== shard.length) {
      throw new RangeError(`erasure code: shards of ${length ?? 'some'} and of ${shard.length} bytes`)
    }
    length = shard.length
  }
  return length as number
}

/**
 * The chosen parity shards are C · missing + D · present, with C and D the parts of their rows. Hence
 * missing = C⁻¹ · (parity + D · present): the entries for parity shards are those of C⁻¹, those for present data C⁻¹ · D.
 */
function makeRepair(generator: Generator, sources: readonly number[]): Repair {
  const { k, parity } = generator
  const rows = sources.filter(index => index >= k).map(index => index - k)
  const present = sources.filter(index => index < k)
  const missing = Array.from({ length: k }, (_, index) => index).filter(index => !present.includes(index))
  const inverted = generator.inverseOf(rows, missing)
  if (inverted === undefined) {
    throw new RangeError(`erasure code: this generator does not decode from shards ${sources.join(' ')}`)
  }
  const matrix = new Uint8Array(missing.length * k)
  for (let row = 0; row < missing.length; row += 1) {
    const weights = inverted.subarray(row * rows.length, (row + 1) * rows.length)
    present.forEach((column, at) => {
      matrix[row * k + at] = weighted(weights, rows, parity, k, column)
    })
    matrix.set(weights, row * k + present.length)
  }
  return { missing, matrix }
}

/** Σ_i weights[i] · parity[rows[i]][column]. */
function weighted(
  weights: Uint8Array,
  rows: readonly number[],
  parity: Uint8Array,
  k: number,
  column: number,
): number {
  let sum = 0
  rows.forEach((row, at) => {
    sum ^= times(weights[at] as number, parity[row * k + column] as number)
  })
  return sum
}
