import type { PeerIndex } from './ids.js'
import { PeerSet } from './peer-set.js'

/**
 * Who supports which value, where a peer may rightly support several (pre-votes, TERM).
 *
 * The caller bounds the values: bits, or at most one value per peer and kind.
 */
export class SupportSet<Value extends string | number> {
  readonly #n: number
  readonly #supporters = new Map<Value, PeerSet>()

  /** No support yet, among n members. */
  constructor(n: number) {
    this.#n = n
  }

  /** Adds a supporter of `value`; false if that peer supported it already. */
  add(from: PeerIndex, value: Value): boolean {
    let supporters = this.#supporters.get(value)
    if (supporters === undefined) {
      supporters = new PeerSet(this.#n)
      this.#supporters.set(value, supporters)
    }
    return supporters.add(from)
  }

  has(peer: PeerIndex, value: Value): boolean {
    return this.#supporters.get(value)?.has(peer) ?? false
  }

  /** How many peers support `value`. */
  count(value: Value): number {
    return this.#supporters.get(value)?.size ?? 0
  }
}
