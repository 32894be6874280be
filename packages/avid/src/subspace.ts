/**
 * An adapter to @subspace/reed-solomon-erasure.wasm: another linear code over the same field, to compare with and to measure.
 *
 * Its shards differ from ours by design (Vandermonde made systematic, not Cauchy), so it is no drop-in part of a network. Read
 * its generator matrix off with `subspaceGenerator`, give that to `erasureCode`, and both make the same bytes.
 *
 * @packageDocumentation
 */
import { invariant } from '@mc/protocol'
import type { ErasureCode } from './erasure/erasure-code.js'
import { type Generator, matrixGenerator } from './erasure/generator.js'

/** What is used of a `ReedSolomonErasure` of that package. Shards lie one after the other; 0 means success. */
export interface SubspaceInstance {
  encode(shards: Uint8Array, dataShards: number, parityShards: number): number
  reconstruct(shards: Uint8Array, dataShards: number, parityShards: number, available: boolean[]): number
}

/** Sizes, and how to make an instance: `() => ReedSolomonErasure.fromBytes(wasm)`. */
export interface SubspaceOptions {
  readonly n: number
  readonly k: number
  readonly instantiate: () => SubspaceInstance
}

/**
 * The package as an erasure code.
 *
 * Its `reconstruct` leaves a damaged heap behind: with k = 2 and two parity shards the next call traps, every time. So each
 * instance reconstructs once at most, and with those sizes serves a single call.
 *
 * @throws RangeError unless 1 ≤ k < n ≤ 255.
 */
export function subspaceErasureCode({ n, k, instantiate }: SubspaceOptions): ErasureCode {
  if (!Number.isSafeInteger(n) || !Number.isSafeInteger(k) || k < 1 || k >= n || n > 255) {
    throw new RangeError(`subspace: need 1 ≤ k < n ≤ 255, got n=${n} k=${k}`)
  }
  return new SubspaceCode(n, k, instantiate)
}

/** The package's parity matrix for these sizes, read off by encoding unit shards. */
export function subspaceGenerator(options: SubspaceOptions): Generator {
  const { n, k } = options
  const code = subspaceErasureCode(options)
  const unit = new Uint8Array(k * k)
  for (let row = 0; row < k; row += 1) unit[row * k + row] = 1
  const parity = new Uint8Array((n - k) * k)
  // Byte j of parity shard i is the combination of the data shards' bytes j, and only data shard j has a 1 there.
  for (const [at, shard] of code.encode(unit).slice(k).entries()) parity.set(shard, at * k)
  return matrixGenerator({ n, k, parity })
}

class SubspaceCode implements ErasureCode {
  readonly n: number
  readonly k: number
  readonly #instantiate: () => SubspaceInstance
  #instance: SubspaceInstance | undefined

  constructor(n: number, k: number, instantiate: () => SubspaceInstance) {
    this.n = n
    this.k = k
    this.#instantiate = instantiate
  }

  encode(data: Uint8Array): Uint8Array[] {
    const { n, k } = this
    if (data.length === 0 || data.length % k !== 0) {
      throw new RangeError(`subspace: need a positive multiple of ${k} bytes, got ${data.length}`)
    }
    const length = data.length / k
    const block = new Uint8Array(n * length)
    block.set(data)
    const code = this.#use().encode(block, k, n - k)
    invariant(code === 0, `subspace encodes (code ${code})`)
    return Array.from({ length: n }, (_, at) => block.subarray(at * length, (at + 1) * length))
  }

  decode(shards: readonly (Uint8Array | undefined)[]): Uint8Array {
    const { n, k } = this
    const there = shards.filter(shard => shard !== undefined)
    const length = there[0]?.length ?? 0
    if (
      shards.length !== n ||
      there.length < k ||
      length === 0 ||
      there.some(shard => shard.length !== length)
    ) {
      throw new RangeError(
        `subspace: need ${n} places and ${k} equally long shards, got ${there.length} shards`,
      )
    }
    const block = new Uint8Array(n * length)
    for (const [at, shard] of shards.entries()) if (shard !== undefined) block.set(shard, at * length)
    const available = shards.map(shard => shard !== undefined)
    const instance = this.#use()
    this.#instance = undefined
    const code = instance.reconstruct(block, k, n - k, available)
    invariant(code === 0, `subspace reconstructs (code ${code})`)
    return block.slice(0, k * length)
  }

  #use(): SubspaceInstance {
    if (this.k === 2 && this.n === 4) return this.#instantiate()
    this.#instance ??= this.#instantiate()
    return this.#instance
  }
}
