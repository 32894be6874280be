import type { PeerIndex } from './ids.js'

/** A set of members of one committee: a flag each and a count, so adding twice counts once. */
export class PeerSet {
  readonly #flags: Uint8Array
  #size = 0

  /** An empty set over the members 0..n − 1. */
  constructor(n: number) {
    this.#flags = new Uint8Array(n)
  }

  /** How many members it holds. */
  get size(): number {
    return this.#size
  }

  /** Adds a member; false if it was there already. */
  add(peer: PeerIndex): boolean {
    if (this.#flags[peer] !== 0) return false
    this.#flags[peer] = 1
    this.#size += 1
    return true
  }

  has(peer: PeerIndex): boolean {
    return this.#flags[peer] === 1
  }

  /** The members, in ascending order. */
  *[Symbol.iterator](): Generator<PeerIndex, void, undefined> {
    for (let index = 0; index < this.#flags.length; index += 1) {
      if (this.#flags[index] === 1) yield index as PeerIndex
    }
  }
}
