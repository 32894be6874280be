/**
 * The threshold pseudorandom function of Cachin, Kursawe and Shoup: a coin from Diffie–Hellman, without pairings.
 *
 * Value of an input C: H(C, h^x) with h = hashToGroup(C) and the shared key x. Member i gives h^(x_i) and proves that its
 * exponent is that of its verification key g^(x_i).
 *
 * Guarantees in the random oracle model: unpredictable without `threshold` shares under the computational Diffie–Hellman
 * assumption, pseudorandom under the decisional one, against adversaries that choose whom to corrupt beforehand (static).
 * Not safe against quantum computers; the value cannot be verified as one object by an outsider.
 *
 * @see Cachin, Kursawe, Shoup: Random Oracles in Constantinople, PODC 2000, section 4.3
 */
import { domainHash } from '../domain-hash.js'
import type { Sha256 } from '../sha256.js'
import { type KeyOrigin, type KeySet, originOf } from './key-set.js'
import type { PrimeGroup } from './prime-group.js'
import { type PowerTask, SharedExponent } from './shared-exponent.js'
import type { Combination, ThresholdFunction, ValueShare } from './threshold-function.js'

/** What `thresholdPrf` is made from. */
export interface ThresholdPrfOptions<Element> {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
  readonly keys: KeySet
}

/**
 * The threshold PRF of one key set.
 *
 * A value costs one hash to the group, one verification of `threshold` proofs at once and one interpolation.
 *
 * @throws RangeError if `keys` is not a key set in this group; `openKeySet` tells without throwing.
 */
export const thresholdPrf = <Element>(options: ThresholdPrfOptions<Element>): ThresholdFunction =>
  new ThresholdPrf(options)

class ThresholdPrf<Element> implements ThresholdFunction {
  readonly name: string
  readonly members: number
  readonly threshold: number
  readonly shareBytes: number
  readonly keySet: Uint8Array
  readonly origin: KeyOrigin
  readonly #group: PrimeGroup<Element>
  readonly #sha256: Sha256
  readonly #exponent: SharedExponent<Element>

  constructor(options: ThresholdPrfOptions<Element>) {
    this.#group = options.group
    this.#sha256 = options.sha256
    this.#exponent = new SharedExponent(options)
    this.name = `cks/${options.group.name}`
    this.members = this.#exponent.members
    this.threshold = this.#exponent.threshold
    this.shareBytes = this.#exponent.shareBytes
    this.keySet = this.#exponent.keySet
    this.origin = originOf(options.keys)
  }

  holdersOf(secretShare: Uint8Array): readonly number[] {
    return this.#exponent.holdersOf(secretShare)
  }

  share(input: Uint8Array, secretShare: Uint8Array): Uint8Array {
    return this.#exponent.share(this.#taskOf(input), secretShare)
  }

  verifyShare(input: Uint8Array, member: number, share: Uint8Array): boolean {
    return this.#exponent.verifyShare(this.#taskOf(input), member, share)
  }

  // H(C, σ) with σ = h^x
  combine(input: Uint8Array, shares: readonly ValueShare[]): Combination {
    const combined = this.#exponent.combine(this.#taskOf(input), shares)
    if (combined.type === 'bad-shares') return combined
    return {
      type: 'value',
      value: domainHash(this.#sha256, VALUE, input, this.#group.encode(combined.power)),
    }
  }

  // h = hashToGroup(C), whose logarithm nobody knows
  #taskOf(input: Uint8Array): PowerTask<Element> {
    return { base: this.#group.hashToGroup(BASE, input), context: input }
  }
}

const BASE = 'mc/threshold-prf/base/v1'
const VALUE = 'mc/threshold-prf/value/v1'
