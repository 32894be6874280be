/**
 * Many equations between group elements, checked as one.
 */
import { domainHash } from '../domain-hash.js'
import { seededRng } from '../seeded-rng.js'
import type { Sha256 } from '../sha256.js'
import { integerOf, reduce } from '../threshold/prime-field.js'
import type { PrimeGroup } from '../threshold/prime-group.js'

/** Group and hash that a batch is checked with. */
export interface BatchSetting<Element> {
  readonly group: PrimeGroup<Element>
  readonly sha256: Sha256
}

/**
 * A sum of weighted equations, each of the form "these terms add up to the identity".
 *
 * The weights are 128 bits drawn from a hash of `transcript`, which must hold everything that the equations speak of: then
 * nobody can choose a term after its weight, and a false equation passes with a chance of 2^−128 per attempt at the hash (in a
 * smaller group: of 1 in its order).
 *
 * @see Bellare, Garay, Rabin: Fast Batch Verification for Modular Exponentiation and Digital Signatures, EUROCRYPT 1998
 */
export class RandomCombination<Element> {
  readonly #group: PrimeGroup<Element>
  readonly #weights: { bytes(length: number): Uint8Array }
  readonly #terms = new Map<Element, bigint>()

  constructor({ group, sha256 }: BatchSetting<Element>, transcript: readonly Uint8Array[]) {
    this.#group = group
    this.#weights = seededRng(domainHash(sha256, BATCH, ...transcript), sha256)
  }

  /** The weight of the next equation, never zero. */
  weight(): bigint {
    return integerOf(this.#weights.bytes(WEIGHT_BYTES)) | 1n
  }

  /** Adds `scalar` times `element`; the same element object is multiplied once. */
  add(element: Element, scalar: bigint): void {
    this.#terms.set(element, reduce((this.#terms.get(element) ?? 0n) + scalar, this.#group.order))
  }

  /** Whether all that was added is the identity: one multi-scalar multiplication. */
  holds(): boolean {
    return this.#group.isIdentity(this.#group.combine([...this.#terms.keys()], [...this.#terms.values()]))
  }
}

const BATCH = 'mc/dkg/batch/v1'
const WEIGHT_BYTES = 16
