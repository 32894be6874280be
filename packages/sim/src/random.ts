/**
 * Randomness that a seed determines. Every consumer forks a stream of its own by name, so that one more consumer, or one more
 * draw, never shifts the draws of another.
 */
import type { Bit } from '@mc/protocol'

/** A stream of random numbers that can be run again from its seed. Never for production: it is fast, not secret. */
export interface Random {
  /** An integer 0..2^32 − 1. */
  u32(): number
  /** An integer 0..bound − 1, without bias; @throws RangeError unless 1 ≤ bound ≤ 2^32. */
  below(bound: number): number
  bit(): Bit
  bytes(length: number): Uint8Array
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean
  /** One of the items; @throws RangeError if there is none. */
  pick<T>(items: readonly T[]): T
  /** The items in a random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[]
  /** The stream of this name below this one. It does not depend on what was drawn here; the same name gives the same stream. */
  fork(label: string): Random
}

/** The stream of a seed. Seeds that look alike give unrelated streams. */
export const seededRandom = (seed: number | string): Random => new SeededRandom(String(seed))

/** A stream over another source of 32-bit draws, for recorders and players; `fork` says what a fork draws from. */
export const randomOver = (u32: () => number, fork: (label: string) => Random): Random =>
  new DrawnRandom(u32, fork)

/** Everything that follows from `u32`. */
abstract class DerivedRandom implements Random {
  abstract u32(): number
  abstract fork(label: string): Random

  below(bound: number): number {
    if (bound > SMALL) return this.#belowLarge(bound)
    if (!(bound >= 1) || !Number.isInteger(bound)) throw outOfRange(bound)
    let product = this.u32() * bound
    if (product >>> 0 < bound) {
      // The lowest (2^32 mod bound) residues would make some results one draw more likely than others.
      const unfair = (TWO_32 - bound) % bound
      while (product >>> 0 < unfair) product = this.u32() * bound
    }
    return Math.floor(product / TWO_32)
  }

  bit(): Bit {
    return (this.u32() >>> 31) as Bit
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 4) {
      const word = this.u32()
      for (let byte = 0; byte < 4 && at + byte < length; byte += 1) bytes[at + byte] = word >>> (8 * byte)
    }
    return bytes
  }

  chance(probability: number): boolean {
    return this.u32() < probability * TWO_32
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }

  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items]
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1)
      const item = shuffled[last] as T
      shuffled[last] = shuffled[other] as T
      shuffled[other] = item
    }
    return shuffled
  }

  #belowLarge(bound: number): number {
    if (!Number.isInteger(bound) || bound > TWO_32) throw outOfRange(bound)
    const fair = TWO_32 - (TWO_32 % bound)
    let draw = this.u32()
    while (draw >= fair) draw = this.u32()
    return draw % bound
  }
}

const TWO_32 = 2 ** 32

/** Up to here a product with a 32-bit draw is exact in a double. */
const SMALL = 2 ** 21

const outOfRange = (bound: number): RangeError =>
  new RangeError(`random: need an integer bound from 1 to 2^32, got ${bound}`)

/** sfc32 by Chris Doty-Humphrey: 128 bits of state, passes PractRand, a few operations per draw. */
class SeededRandom extends DerivedRandom {
  readonly #seed: string
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    super()
    this.#seed = seed
    this.#a = hash32(seed, 0x9e3779b9)
    this.#b = hash32(seed, 0x85ebca6b)
    this.#c = hash32(seed, 0xc2b2ae35)
    for (let warmUp = 0; warmUp < 12; warmUp += 1) this.u32()
  }

  u32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  fork(label: string): Random {
    return new SeededRandom(`${this.#seed}/${label}`)
  }
}

class DrawnRandom extends DerivedRandom {
  readonly u32: () => number
  readonly fork: (label: string) => Random

  constructor(u32: () => number, fork: (label: string) => Random) {
    super()
    this.u32 = u32
    this.fork = fork
  }
}

/** FNV-1a over the characters, then the finisher of MurmurHash3, so that near seeds land far apart. */
function hash32(text: string, basis: number): number {
  let hash = basis | 0
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
