/**
 * An append-only Merkle log: one root for every prefix of a sequence that only grows.
 *
 * leaf = H(0x00 ‖ data), inner node = H(0x01 ‖ left ‖ right); the tree over m leaves splits at the largest power of
 * two below m, so what is complete never changes again.
 *
 * @see RFC 6962, section 2.1
 */
import { DIGEST_BYTES, type Sha256 } from './sha256.js'

/** What a log needs to go on: its size and the roots of its complete subtrees. */
export interface MerkleLogSnapshot {
  readonly size: number
  /** One digest per set bit of `size`, largest subtree first. */
  readonly peaks: Uint8Array
}

/** Hash of one entry of a log: H(0x00 ‖ data). */
export function logLeafHash(data: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(LEAF_TAG, data)
}

/** Hash of an inner node of a log: H(0x01 ‖ left ‖ right). */
export function logNodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(INNER_TAG, left, right)
}

/** The growing end of a log: appends in O(1) hashes amortised and keeps log2(size) digests, no leaf. */
export class MerkleLog {
  readonly #sha256: Sha256
  readonly #peaks: Uint8Array[] = []
  #size = 0
  #root: Uint8Array | undefined

  constructor(sha256: Sha256) {
    this.#sha256 = sha256
  }

  /**
   * Continues where a snapshot was taken.
   *
   * @throws RangeError unless `size` is a non-negative safe integer and `peaks` holds one digest per set bit of it.
   */
  static restore({ size, peaks }: MerkleLogSnapshot, sha256: Sha256): MerkleLog {
    if (!Number.isSafeInteger(size) || size < 0 || peaks.length !== DIGEST_BYTES * onesOf(size)) {
      throw new RangeError(`merkle log: ${peaks.length} bytes of peaks do not fit a log of size ${size}`)
    }
    const log = new MerkleLog(sha256)
    log.#size = size
    for (let at = 0; at < peaks.length; at += DIGEST_BYTES)
      log.#peaks.push(new Uint8Array(peaks.subarray(at, at + DIGEST_BYTES)))
    return log
  }

  /** Number of entries. */
  get size(): number {
    return this.#size
  }

  /** Appends an entry and returns its leaf hash. */
  append(data: Uint8Array): Uint8Array {
    const leafHash = logLeafHash(data, this.#sha256)
    this.appendLeafHash(leafHash)
    return leafHash
  }

  /**
   * Appends an entry whose leaf hash is known.
   *
   * @throws RangeError unless `leafHash` is 32 bytes.
   */
  appendLeafHash(leafHash: Uint8Array): void {
    if (leafHash.length !== DIGEST_BYTES) {
      throw new RangeError(`merkle log: need a leaf hash of ${DIGEST_BYTES} bytes, got ${leafHash.length}`)
    }
    let peak: Uint8Array = new Uint8Array(leafHash)
    // The new size ends in as many zero bits as there are complete subtrees that the new entry completes further.
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      peak = logNodeHash(this.#peaks.pop() as Uint8Array, peak, this.#sha256)
    }
    this.#peaks.push(peak)
    this.#size += 1
    this.#root = undefined
  }

  /** Root over all entries so far; of the empty log, H(""). */
  root(): Uint8Array {
    this.#root ??= this.#foldPeaks()
    return new Uint8Array(this.#root)
  }

  /** A copy of what `restore` needs. */
  snapshot(): MerkleLogSnapshot {
    const peaks = new Uint8Array(DIGEST_BYTES * this.#peaks.length)
    this.#peaks.forEach((peak, at) => {
      peaks.set(peak, DIGEST_BYTES * at)
    })
    return { size: this.#size, peaks }
  }

  #foldPeaks(): Uint8Array {
    if (this.#size === 0) return this.#sha256()
    return this.#peaks.reduceRight((right, left) => logNodeHash(left, right, this.#sha256))
  }
}

const LEAF_TAG = Uint8Array.of(0x00)
const INNER_TAG = Uint8Array.of(0x01)

/** Set bits of a number that may exceed 32 bits. */
function onesOf(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}
