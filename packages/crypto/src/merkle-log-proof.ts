/**
 * Proofs about a Merkle log: this entry is in it, and that earlier log is a prefix of it.
 *
 * Proofs are concatenated 32-byte digests in the order of the RFC. Making one needs all leaf hashes and O(size)
 * hashes; checking one needs O(log size).
 *
 * @see RFC 6962, sections 2.1.1 and 2.1.2 (making), RFC 9162, sections 2.1.3.2 and 2.1.4.2 (checking)
 */
import { equalBytes } from './identifier.js'
import { logNodeHash } from './merkle-log.js'
import { DIGEST_BYTES, type Sha256 } from './sha256.js'

/** Which entry to prove in which log. */
export interface InclusionQuery {
  readonly leafHashes: readonly Uint8Array[]
  readonly index: number
  /** The log to prove it in: the first `size` entries; all of them by default. */
  readonly size?: number
}

/** The entry with this leaf hash is entry `index` of the log with `size` entries and this root. */
export interface InclusionClaim {
  readonly root: Uint8Array
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly proof: Uint8Array
}

/** Which prefix to prove in which log. */
export interface ConsistencyQuery {
  readonly leafHashes: readonly Uint8Array[]
  readonly earlierSize: number
  /** The log to prove it in: the first `size` entries; all of them by default. */
  readonly size?: number
}

/** The log with `earlierSize` entries and `earlierRoot` is a prefix of the log with `size` entries and `root`. */
export interface ConsistencyClaim {
  readonly earlierRoot: Uint8Array
  readonly earlierSize: number
  readonly root: Uint8Array
  readonly size: number
  readonly proof: Uint8Array
}

/** Root of the log with these leaf hashes, as `MerkleLog` computes it. */
export function merkleLogRoot(leafHashes: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  if (leafHashes.length === 0) return sha256()
  return new Uint8Array(rangeRoot(leafHashes, 0, leafHashes.length, sha256))
}

/**
 * Proof that entry `index` is in the log.
 *
 * @throws RangeError unless 0 ≤ index < size ≤ number of leaf hashes.
 */
export function inclusionProof(query: InclusionQuery, sha256: Sha256): Uint8Array {
  const { leafHashes, index, size = leafHashes.length } = query
  requireRange('inclusion proof', size, leafHashes.length, 1)
  requireRange('inclusion proof', index, size - 1, 0)
  const siblings: Uint8Array[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const split = from + splitOf(to - from)
    if (index < split) {
      siblings.unshift(rangeRoot(leafHashes, split, to, sha256))
      to = split
    } else {
      siblings.unshift(rangeRoot(leafHashes, from, split, sha256))
      from = split
    }
  }
  return concatenated(siblings)
}

/** Whether the claim holds. Total: any bytes and any numbers give true or false. */
export function verifyInclusion(claim: InclusionClaim, sha256: Sha256): boolean {
  const { root, index, size, leafHash, proof } = claim
  if (!isCount(size) || !isCount(index) || index >= size) return false
  if (leafHash.length !== DIGEST_BYTES) return false
  const walk = new Walk(index, size - 1, proof)
  let digest = leafHash
  for (let step = walk.next(); step !== undefined; step = walk.next()) {
    const { sibling, isLeft } = step
    digest = isLeft ? logNodeHash(sibling, digest, sha256) : logNodeHash(digest, sibling, sha256)
  }
  return walk.complete && equalBytes(digest, root)
}

/**
 * Proof that the first `earlierSize` entries are a prefix of the log; empty for an empty prefix and for the log itself.
 *
 * @throws RangeError unless 0 ≤ earlierSize ≤ size ≤ number of leaf hashes.
 */
export function consistencyProof(query: ConsistencyQuery, sha256: Sha256): Uint8Array {
  const { leafHashes, earlierSize, size = leafHashes.length } = query
  requireRange('consistency proof', size, leafHashes.length, 0)
  requireRange('consistency proof', earlierSize, size, 0)
  if (earlierSize === 0) return new Uint8Array(0)
  const nodes: Uint8Array[] = []
  let from = 0
  let to = size
  while (earlierSize < to) {
    const split = from + splitOf(to - from)
    if (earlierSize <= split) {
      nodes.unshift(rangeRoot(leafHashes, split, to, sha256))
      to = split
    } else {
      nodes.unshift(rangeRoot(leafHashes, from, split, sha256))
      from = split
    }
  }
  // The subtree where the prefix ends: the verifier knows it only if it is the whole prefix.
  if (from > 0) nodes.unshift(rangeRoot(leafHashes, from, to, sha256))
  return concatenated(nodes)
}

/** Whether the claim holds. Total: any bytes and any numbers give true or false. */
export function verifyConsistency(claim: ConsistencyClaim, sha256: Sha256): boolean {
  const { earlierRoot, earlierSize, root, size, proof } = claim
  if (!isCount(earlierSize) || !isCount(size) || earlierSize > size) return false
  if (root.length !== DIGEST_BYTES || earlierRoot.length !== DIGEST_BYTES) return false
  if (earlierSize === 0) return proof.length === 0 && equalBytes(earlierRoot, sha256())
  if (earlierSize === size) return proof.length === 0 && equalBytes(earlierRoot, root)
  return isExtension(claim, sha256)
}

function isExtension(claim: ConsistencyClaim, sha256: Sha256): boolean {
  const { earlierRoot, earlierSize, root, size, proof } = claim
  const whole = isPowerOfTwo(earlierSize)
  if (!whole && proof.length === 0) return false
  const seed = whole ? earlierRoot : proof.subarray(0, DIGEST_BYTES)
  const walk = new Walk(earlierSize - 1, size - 1, whole ? proof : proof.subarray(DIGEST_BYTES))
  walk.climbToLeft()
  let earlier = seed
  let later = seed
  for (let step = walk.next(); step !== undefined; step = walk.next()) {
    const { sibling, isLeft } = step
    if (isLeft) earlier = logNodeHash(sibling, earlier, sha256)
    later = isLeft ? logNodeHash(sibling, later, sha256) : logNodeHash(later, sibling, sha256)
  }
  return walk.complete && equalBytes(earlier, earlierRoot) && equalBytes(later, root)
}

/** One step up from a node: its sibling, and on which side it stands. */
interface Ascent {
  readonly sibling: Uint8Array
  readonly isLeft: boolean
}

/** The way from a node to the root; numbers may exceed 32 bits, so it divides instead of shifting. */
class Walk {
  #node: number
  #last: number
  readonly #proof: Uint8Array
  #at = 0

  constructor(node: number, last: number, proof: Uint8Array) {
    this.#node = node
    this.#last = last
    this.#proof = proof
  }

  /** Whether the walk ended at the root with the whole proof used. */
  get complete(): boolean {
    return this.#last === 0 && this.#at === this.#proof.length
  }

  /** Up while the node is a right child: the complete subtree that ends here. */
  climbToLeft(): void {
    while (this.#node % 2 === 1) this.#up()
  }

  /** The next step, or nothing at the root, at the end of the proof, or before a broken rest of it. */
  next(): Ascent | undefined {
    if (this.#last === 0 || this.#proof.length - this.#at < DIGEST_BYTES) return undefined
    const sibling = this.#proof.subarray(this.#at, this.#at + DIGEST_BYTES)
    this.#at += DIGEST_BYTES
    const isLeft = this.#node % 2 === 1 || this.#node === this.#last
    // A last node without a right sibling rises unhashed until it is a right child.
    if (isLeft) while (this.#node % 2 === 0 && this.#node !== 0) this.#up()
    this.#up()
    return { sibling, isLeft }
  }

  #up(): void {
    this.#node = Math.floor(this.#node / 2)
    this.#last = Math.floor(this.#last / 2)
  }
}

function rangeRoot(leafHashes: readonly Uint8Array[], from: number, to: number, sha256: Sha256): Uint8Array {
  if (to - from === 1) return leafHashes[from] as Uint8Array
  const split = from + splitOf(to - from)
  return logNodeHash(
    rangeRoot(leafHashes, from, split, sha256),
    rangeRoot(leafHashes, split, to, sha256),
    sha256,
  )
}

/** The largest power of two below `count`, for 2 ≤ count ≤ 2^31. */
const splitOf = (count: number): number => 2 ** (31 - Math.clz32(count - 1))

const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0

function isPowerOfTwo(count: number): boolean {
  let rest = count
  while (rest % 2 === 0) rest /= 2
  return rest === 1
}

function requireRange(what: string, value: number, max: number, min: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${what}: need an integer in ${min} … ${max}, got ${value}`)
  }
}

function concatenated(digests: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(DIGEST_BYTES * digests.length)
  digests.forEach((digest, at) => {
    bytes.set(digest, DIGEST_BYTES * at)
  })
  return bytes
}
