/**
 * The bases of the commitments: H, and H_{j,0}, H_{j,1} for each bit j; nobody knows a relation between any of them.
 */
import { hashToElement, joinPoints, type Points } from '@mc/crypto/ristretto'
import { utf8 } from '@mc/protocol/wire'
import { type IdentityCrypto, knownElement } from '../identity-crypto.js'

/** Makes the bases for so many bits, H first, and keeps the longest list it has made. */
export class Generators {
  readonly #crypto: IdentityCrypto
  #made: readonly Points[] = []

  /** No base yet. */
  constructor(crypto: IdentityCrypto) {
    this.#crypto = crypto
  }

  /** H, H_{0,0}, H_{0,1}, H_{1,0}, … : 1 + 2·bits points. */
  forBits(bits: number): Points {
    const names = ['H', ...Array.from({ length: 2 * bits }, (_, at) => `H,${at >> 1},${at & 1}`)]
    if (this.#made.length < names.length) {
      const more = names.slice(this.#made.length).map(name => this.#make(name))
      this.#made = [...this.#made, ...more]
    }
    return joinPoints(...this.#made.slice(0, names.length))
  }

  #make(name: string): Points {
    return knownElement(hashToElement('MC-v1-oom-generator', utf8(name)), this.#crypto).point
  }
}
