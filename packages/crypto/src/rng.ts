/**
 * Randomness that comes through the door: whoever needs some is given an `Rng`.
 */
import type { Bit } from '@mc/protocol'

/** A source of uniform, independent random values. */
export interface Rng {
  /** @throws RangeError unless `length` is a non-negative safe integer. */
  bytes(length: number): Uint8Array

  bit(): Bit

  /**
   * A uniform integer in 0 … bound − 1, by rejection: no value is favoured.
   *
   * @throws RangeError unless 1 ≤ bound ≤ 2^53 − 1.
   */
  below(bound: number): number

  /**
   * An independent stream for one purpose; drawing from it never shifts this one, nor any other fork.
   *
   * A seeded source gives the same stream for the same label, however much was drawn before.
   */
  fork(label: string): Rng
}

/** How a stream gets new bytes and makes forks. */
export interface RngSource {
  /** Size of the blocks that `fill` makes. */
  readonly blockBytes: number
  /** Overwrites `block` with fresh random bytes. */
  fill(block: Uint8Array): void
  fork(label: string): Rng
}

/** A stream over blocks of random bytes; what was given out is erased from the block. */
export function streamRng(source: RngSource): Rng {
  return new StreamRng(source)
}

/**
 * The platform's generator as an `Rng`: unpredictable, never repeatable; forks are independent anyway.
 *
 * @param fill overwrites its argument with bytes from a cryptographically secure generator.
 */
export function systemRng(fill: (block: Uint8Array) => void): Rng {
  return streamRng({ blockBytes: SYSTEM_BLOCK_BYTES, fill, fork: () => systemRng(fill) })
}

/** One call to the platform serves this many bytes. */
const SYSTEM_BLOCK_BYTES = 512

class StreamRng implements Rng {
  readonly #source: RngSource
  readonly #block: Uint8Array
  #next: number

  constructor(source: RngSource) {
    this.#source = source
    this.#block = new Uint8Array(source.blockBytes)
    this.#next = source.blockBytes
  }

  bytes(length: number): Uint8Array {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw new RangeError(`rng: need a non-negative safe integer as length, got ${length}`)
    }
    const out = new Uint8Array(length)
    for (let at = 0; at < length; ) {
      const end = this.#available(length - at)
      out.set(this.#block.subarray(this.#next, end), at)
      this.#block.fill(0, this.#next, end)
      at += end - this.#next
      this.#next = end
    }
    return out
  }

  bit(): Bit {
    return (this.#byte() & 1) as Bit
  }

  below(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound < 1) {
      throw new RangeError(`rng: need a bound in 1 … 2^53 − 1, got ${bound}`)
    }
    const bits = bitsOf(bound - 1)
    for (;;) {
      const value = this.#integer(bits)
      if (value < bound) return value
    }
  }

  fork(label: string): Rng {
    return this.#source.fork(label)
  }

  /** A uniform integer of so many bits, most significant byte first. */
  #integer(bits: number): number {
    let value = 0
    for (let left = bits; left > 0; ) {
      const taken = left % 8 || 8
      value = value * 2 ** taken + (this.#byte() & (2 ** taken - 1))
      left -= taken
    }
    return value
  }

  #byte(): number {
    this.#available(1)
    const byte = this.#block[this.#next] as number
    this.#block[this.#next] = 0
    this.#next += 1
    return byte
  }

  /** End of the next bytes to give out: as many as wanted or as the block still has, at least one. */
  #available(wanted: number): number {
    if (this.#next === this.#block.length) {
      this.#source.fill(this.#block)
      this.#next = 0
    }
    return Math.min(this.#next + wanted, this.#block.length)
  }
}

/** How many bits `value` takes; none for 0. */
function bitsOf(value: number): number {
  let bits = 0
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) bits += 1
  return bits
}
