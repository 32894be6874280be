/**
 * A Merkle log that remembers its complete subtrees, so that a proof costs O(log size) hashes.
 *
 * What is complete in such a log never changes again, so level k is a list that only grows: the roots of the subtrees over
 * 2^k entries. All levels together hold fewer than two digests per entry, 64 bytes.
 *
 * @see RFC 6962, section 2.1
 */
import { logLeafHash, logNodeHash, type Sha256 } from '@mc/crypto'
import { GrowingBytes } from './growing-bytes.js'

const DIGEST_BYTES = 32

/** An append-only log with its roots and its inclusion proofs. */
export class MerkleLogIndex {
  readonly #sha256: Sha256
  readonly #levels: GrowingBytes[] = [new GrowingBytes(DIGEST_BYTES)]
  #root: Uint8Array | undefined

  /** An empty log. */
  constructor(sha256: Sha256) {
    this.#sha256 = sha256
  }

  /** Number of entries. */
  get size(): number {
    return this.#level(0).count
  }

  /** Appends an entry; two hashes, amortised. */
  append(data: Uint8Array): void {
    let digest = logLeafHash(data, this.#sha256)
    for (let height = 0; ; height += 1) {
      const level = this.#level(height)
      level.push(digest)
      if (level.count % 2 === 1) break
      digest = logNodeHash(level.at(level.count - 2), digest, this.#sha256)
    }
    this.#root = undefined
  }

  /** Root over all entries; of the empty log, H(""). O(log size) hashes, and none if nothing was appended since. */
  root(): Uint8Array {
    this.#root ??= this.size === 0 ? this.#sha256() : this.rangeRoot(0, this.size)
    return this.#root.slice()
  }

  /**
   * Root over the entries from..to − 1, as a log of their own. O(log(to − from)) hashes; none for a complete subtree.
   *
   * @throws RangeError unless the range is a subtree of a log of this size: 0 ≤ from < to ≤ size, and `from` a multiple of the
   *   smallest power of two that is at least to − from.
   */
  rangeRoot(from: number, to: number): Uint8Array {
    if (!(from >= 0 && from < to && to <= this.size) || from % powerFrom(to - from) !== 0) {
      throw new RangeError(`merkle log: entries ${from} to ${to} of ${this.size} are no subtree`)
    }
    return this.#rangeRoot(from, to).slice()
  }

  /**
   * Proof that entry `index` is in the log: concatenated siblings, from the leaf up. O(log size) hashes.
   *
   * @throws RangeError unless 0 ≤ index < size.
   */
  inclusionProof(index: number): Uint8Array {
    const { size } = this
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`merkle log: need an entry 0..${size - 1}, got ${index}`)
    }
    const siblings: Uint8Array[] = []
    let from = 0
    let to = size
    while (to - from > 1) {
      const split = from + powerFrom(to - from) / 2
      if (index < split) {
        siblings.push(this.#rangeRoot(split, to))
        to = split
      } else {
        siblings.push(this.#rangeRoot(from, split))
        from = split
      }
    }
    return concatenated(siblings.reverse())
  }

  #rangeRoot(from: number, to: number): Uint8Array {
    const width = powerFrom(to - from)
    if (width === to - from) return this.#level(heightOf(width)).at(from / width)
    const split = from + width / 2
    return logNodeHash(this.#rangeRoot(from, split), this.#rangeRoot(split, to), this.#sha256)
  }

  #level(height: number): GrowingBytes {
    let level = this.#levels[height]
    if (level === undefined) {
      level = new GrowingBytes(DIGEST_BYTES)
      this.#levels[height] = level
    }
    return level
  }
}

/** The smallest power of two that is at least `count`, for 1 ≤ count ≤ 2^31. */
const powerFrom = (count: number): number => 2 ** (32 - Math.clz32(count - 1))

/** Which power of two it is. */
const heightOf = (power: number): number => 31 - Math.clz32(power)

function concatenated(digests: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(DIGEST_BYTES * digests.length)
  digests.forEach((digest, at) => {
    bytes.set(digest, DIGEST_BYTES * at)
  })
  return bytes
}
