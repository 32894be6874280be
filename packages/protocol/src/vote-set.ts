import type { PeerIndex } from './ids.js'

/** What became of a vote. */
export type VoteOutcome = 'added' | 'duplicate' | 'conflict'

/**
 * One vote per peer: the first one counts, a later different one is a conflict.
 *
 * Values are compared with `===`: use bits, trits, small strings or canonical keys.
 */
export class VoteSet<Value extends string | number> {
  readonly #votes: (Value | undefined)[]
  readonly #counts = new Map<Value, number>()
  #size = 0

  /** No votes yet, among n members. */
  constructor(n: number) {
    this.#votes = new Array<Value | undefined>(n).fill(undefined)
  }

  /** How many peers have voted. */
  get size(): number {
    return this.#size
  }

  /** Counts the first vote of a peer; a conflicting one changes nothing. */
  add(from: PeerIndex, value: Value): VoteOutcome {
    const earlier = this.#votes[from]
    if (earlier !== undefined) return earlier === value ? 'duplicate' : 'conflict'
    this.#votes[from] = value
    this.#counts.set(value, this.count(value) + 1)
    this.#size += 1
    return 'added'
  }

  /** How many peers voted for `value`. */
  count(value: Value): number {
    return this.#counts.get(value) ?? 0
  }

  /** What a peer voted for, if it has voted. */
  of(peer: PeerIndex): Value | undefined {
    return this.#votes[peer]
  }

  /** The values with at least one vote, in the order of their first vote, and how many each has. */
  entries(): IterableIterator<readonly [Value, number]> {
    return this.#counts.entries()
  }
}
