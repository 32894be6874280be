/**
 * The hash vector in fragments: each member keeps one, a constant number of hashes, and any n − f give the vector back, f more that
 * lie among them or not.
 */
import { type CommitteeSize, faultsTolerated } from '@mc/protocol'
import { vectorBytes } from '../commitment/hash-vector-commitment.js'
import { type CorrectingCode, correctingCode } from '../erasure/error-correction.js'
import type { Kernel } from '../erasure/kernel.js'

/**
 * How many fragments determine a vector: n − 2f with the most faults that n can tolerate, so that the length of a fragment, which
 * is part of the wire format, follows from n alone. n − f right ones and e ≤ f wrong ones are at least this many and 2e.
 */
const dataFragments = (n: number): number => n - 2 * faultsTolerated(n)

/** ⌈κ · n / (n − 2f)⌉ bits, fewer than three hashes and a byte: how long a fragment is, in bytes. */
export const fragmentBytes = (size: CommitteeSize): number =>
  Math.ceil(vectorBytes(size) / dataFragments(size.n))

/** Vectors of n hashes as words of an error-correcting code. */
export class VectorCode {
  readonly n: number
  readonly k: number
  readonly #code: CorrectingCode
  readonly #vectorBytes: number
  readonly #fragmentBytes: number

  /** @throws RangeError for more than 255 members. */
  constructor({ n }: CommitteeSize, kernel?: Kernel) {
    this.n = n
    this.k = dataFragments(n)
    this.#code = correctingCode({ n, k: this.k, ...(kernel && { kernel }) })
    this.#vectorBytes = vectorBytes({ n })
    this.#fragmentBytes = fragmentBytes({ n })
  }

  /** The fragment of each member: the vector, and zeros up to a whole number of fragments, encoded. */
  fragmentsOf(vector: Uint8Array): readonly Uint8Array[] {
    const block = new Uint8Array(this.k * this.#fragmentBytes)
    block.set(vector)
    return this.#code.encode(block)
  }

  /** The vector that these are fragments of, if few enough are wrong; else undefined, or bytes that do not hash to its root. */
  vectorOf(fragments: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
    return this.#code.correct(fragments)?.subarray(0, this.#vectorBytes)
  }
}
