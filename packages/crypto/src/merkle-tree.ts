/**
 * A Merkle tree of fixed size: commits a proposer to n shards, each bound to its index and to n.
 *
 * leaf = H(0x00 ‖ u32be(count) ‖ u32be(index) ‖ data), inner node = H(0x01 ‖ left ‖ right), and the leaves are
 * padded with H(0x02) to a power of two. The three tags keep leaves, inner nodes and padding apart, and count and
 * index in the leaf leave nothing to reinterpret: not another position, not another size, not a duplicated leaf.
 */
import { equalBytes } from './identifier.js'
import { DIGEST_BYTES, type Sha256 } from './sha256.js'

/** The most leaves a tree can have; far above any committee. */
export const MERKLE_LEAVES_MAX = 65_536

/** A commitment to an ordered list of leaves, with a proof for each. */
export interface MerkleTree {
  readonly root: Uint8Array
  /** Number of leaves, padding not counted. */
  readonly count: number

  /**
   * The siblings from the leaf up to the root, 32 bytes each.
   *
   * @throws RangeError unless `index` is an integer in 0 … count − 1.
   */
  proof(index: number): Uint8Array
}

/** What has to fit together: this data is leaf `index` of `count` under `root`. */
export interface MerkleClaim {
  readonly root: Uint8Array
  readonly index: number
  readonly count: number
  readonly leaf: Uint8Array
  readonly proof: Uint8Array
}

/**
 * Builds the tree over `leaves`; hashes each leaf once and each inner node once.
 *
 * @throws RangeError unless there are 1 … MERKLE_LEAVES_MAX leaves.
 */
export function merkleTree(leaves: readonly Uint8Array[], sha256: Sha256): MerkleTree {
  return new PairTree(leaves, sha256)
}

/**
 * The root of `merkleTree(leaves)`.
 *
 * @throws RangeError unless there are 1 … MERKLE_LEAVES_MAX leaves.
 */
export function merkleRoot(leaves: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  return new PairTree(leaves, sha256).root
}

/** Whether the claim holds. Total: any bytes and any numbers give true or false, and cost ≤ 17 hashes. */
export function verifyMerkleProof(claim: MerkleClaim, sha256: Sha256): boolean {
  const { root, index, count, leaf, proof } = claim
  if (!isLeafCount(count) || !isIndex(index, count)) return false
  if (root.length !== DIGEST_BYTES || proof.length !== merkleProofBytes(count)) return false
  const pair = new Uint8Array(PAIR_BYTES)
  pair[0] = INNER_TAG
  let digest = sha256(leafHeader(count, index), leaf)
  let path = index
  for (let at = 0; at < proof.length; at += DIGEST_BYTES) {
    pair.set(digest, sideOffset(path & 1))
    pair.set(proof.subarray(at, at + DIGEST_BYTES), sideOffset(1 - (path & 1)))
    digest = sha256(pair)
    path >>= 1
  }
  return equalBytes(digest, root)
}

/**
 * Length of every proof in a tree of `count` leaves: a codec that knows n knows it in advance.
 *
 * @throws RangeError unless `count` is an integer in 1 … MERKLE_LEAVES_MAX.
 */
export function merkleProofBytes(count: number): number {
  return DIGEST_BYTES * depthOf(requireLeafCount(count))
}

const LEAF_TAG = 0x00
const INNER_TAG = 0x01
const EMPTY_TAG = 0x02

/** An inner node as it is hashed: tag, left, right. */
const PAIR_BYTES = 1 + 2 * DIGEST_BYTES

/** Where the left (0) or right (1) child stands in a pair. */
const sideOffset = (side: number): number => 1 + side * DIGEST_BYTES

/** Depth of the full tree over the padded leaves: ⌈log2(count)⌉. */
const depthOf = (count: number): number => 32 - Math.clz32(count - 1)

const isLeafCount = (count: number): boolean =>
  Number.isInteger(count) && count >= 1 && count <= MERKLE_LEAVES_MAX

const isIndex = (index: number, count: number): boolean =>
  Number.isInteger(index) && index >= 0 && index < count

function requireLeafCount(count: number): number {
  if (!isLeafCount(count)) {
    throw new RangeError(`merkle tree: need 1 to ${MERKLE_LEAVES_MAX} leaves, got ${count}`)
  }
  return count
}

/** 0x00 ‖ u32be(count) ‖ u32be(index). */
function leafHeader(count: number, index: number): Uint8Array {
  const header = new Uint8Array(9)
  header[0] = LEAF_TAG
  writeU32(header, 1, count)
  writeU32(header, 5, index)
  return header
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

/**
 * The inner nodes that have a real leaf below them, in one buffer, ready to be hashed where they lie.
 *
 * Siblings stand side by side, so neither hashing a node nor reading a proof moves more than one digest.
 */
class PairTree implements MerkleTree {
  readonly root: Uint8Array
  readonly count: number
  readonly #pairs: Uint8Array
  readonly #sha256: Sha256

  constructor(leaves: readonly Uint8Array[], sha256: Sha256) {
    this.count = requireLeafCount(leaves.length)
    this.#sha256 = sha256
    this.#pairs = new Uint8Array(PAIR_BYTES * pairCount(this.count))
    this.root = this.#hashLeaves(leaves)
  }

  proof(index: number): Uint8Array {
    if (!isIndex(index, this.count)) {
      throw new RangeError(`merkle tree: need an index in 0 … ${this.count - 1}, got ${index}`)
    }
    const proof = new Uint8Array(merkleProofBytes(this.count))
    let first = 0
    let width = this.count
    let node = index
    for (let at = 0; at < proof.length; at += DIGEST_BYTES) {
      const sibling = nodeOffset(first, node ^ 1)
      proof.set(this.#pairs.subarray(sibling, sibling + DIGEST_BYTES), at)
      first += pairsOf(width)
      width = pairsOf(width)
      node >>= 1
    }
    return proof
  }

  #hashLeaves(leaves: readonly Uint8Array[]): Uint8Array {
    const header = leafHeader(this.count, 0)
    let digest = header
    for (let index = 0; index < leaves.length; index += 1) {
      writeU32(header, 5, index)
      digest = this.#sha256(header, leaves[index] as Uint8Array)
      if (this.count > 1) this.#pairs.set(digest, nodeOffset(0, index))
    }
    return this.count > 1 ? this.#hashLevels() : digest
  }

  /** Level by level; a last node without a sibling gets the padding of its level, which is one constant per level. */
  #hashLevels(): Uint8Array {
    const padding = new Padding(this.#sha256)
    let first = 0
    let width = this.count
    for (let level = 0; ; level += 1) {
      if (width % 2 === 1) this.#pairs.set(padding.at(level), nodeOffset(first, width))
      width = pairsOf(width)
      if (width === 1) return this.#hashPair(first)
      for (let pair = 0; pair < width; pair += 1) {
        this.#pairs.set(this.#hashPair(first + pair), nodeOffset(first + width, pair))
      }
      first += width
    }
  }

  #hashPair(pair: number): Uint8Array {
    const at = pair * PAIR_BYTES
    this.#pairs[at] = INNER_TAG
    return this.#sha256(this.#pairs.subarray(at, at + PAIR_BYTES))
  }
}

/** Roots of subtrees that hold nothing but padding, made when a level first needs one. */
class Padding {
  readonly #roots: Uint8Array[] = []
  readonly #sha256: Sha256

  constructor(sha256: Sha256) {
    this.#sha256 = sha256
  }

  at(level: number): Uint8Array {
    for (let made = this.#roots.length; made <= level; made += 1) this.#roots.push(this.#make(made))
    return this.#roots[level] as Uint8Array
  }

  #make(level: number): Uint8Array {
    const below = this.#roots[level - 1]
    if (below === undefined) return this.#sha256(Uint8Array.of(EMPTY_TAG))
    return this.#sha256(Uint8Array.of(INNER_TAG), below, below)
  }
}

/** Pairs above a level of `width` nodes. */
const pairsOf = (width: number): number => (width + 1) >> 1

/** Where node `node` of the level whose pairs start at `first` stands. */
const nodeOffset = (first: number, node: number): number =>
  (first + (node >> 1)) * PAIR_BYTES + sideOffset(node & 1)

function pairCount(count: number): number {
  let total = 0
  for (let width = count; width > 1; width = pairsOf(width)) total += pairsOf(width)
  return total
}
