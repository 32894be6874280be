/**
 * A Merkle tree of fixed size: commits a proposer to n shards, each bound to its index and to n.
 *
 * leaf = H(0x00 ‖ u32be(count) ‖ u32be(index) ‖ data), inner node = H(0x01 ‖ left ‖ right), and the leaves are
 * padded with H(0x02) to a power of two. The three tags keep leaves, inner nodes and padding apart, and count and
 * index in the leaf leave nothing to reinterpret: not another position, not another size, not a duplicated leaf.
 */
import { equalBytes } from './identifier.js'
import {
  innerNode,
  isLeafCount,
  isLeafIndex,
  leafNode,
  merkleProofBytes,
  paddingNode,
  requireLeafCount,
} from './merkle-nodes.js'
import { DIGEST_BYTES, type Sha256 } from './sha256.js'

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
  if (!isLeafCount(count) || !isLeafIndex(index, count)) return false
  if (root.length !== DIGEST_BYTES || proof.length !== merkleProofBytes(count)) return false
  let digest = leafNode(count, index, leaf, sha256)
  let path = index
  for (let at = 0; at < proof.length; at += DIGEST_BYTES) {
    const sibling = proof.slice(at, at + DIGEST_BYTES)
    digest = (path & 1) === 0 ? innerNode(digest, sibling, sha256) : innerNode(sibling, digest, sha256)
    path >>= 1
  }
  return equalBytes(digest, root)
}

/** All nodes that have a real leaf below them, level by level, and the padding beside the last of them. */
class PairTree implements MerkleTree {
  readonly root: Uint8Array
  readonly count: number
  /** From the leaves up to the children of the root; each has an even number of nodes. */
  readonly #levels: Uint8Array[][] = []

  constructor(leaves: readonly Uint8Array[], sha256: Sha256) {
    this.count = requireLeafCount(leaves.length)
    this.root = this.#hashLevels(
      leaves.map((leaf, index) => leafNode(this.count, index, leaf, sha256)),
      sha256,
    )
  }

  proof(index: number): Uint8Array {
    if (!isLeafIndex(index, this.count)) {
      throw new RangeError(`merkle tree: need an index in 0 … ${this.count - 1}, got ${index}`)
    }
    const proof = new Uint8Array(merkleProofBytes(this.count))
    this.#levels.forEach((level, height) => {
      proof.set(level[(index >> height) ^ 1] as Uint8Array, height * DIGEST_BYTES)
    })
    return proof
  }

  /** The root above these digests; a last node without a sibling gets the padding of its level, one constant per level. */
  #hashLevels(leaves: Uint8Array[], sha256: Sha256): Uint8Array {
    const padding = new Padding(sha256)
    let level = leaves
    while (level.length > 1) {
      if (level.length % 2 === 1) level.push(padding.at(this.#levels.length))
      this.#levels.push(level)
      const above: Uint8Array[] = []
      for (let left = 0; left < level.length; left += 2) {
        above.push(innerNode(level[left] as Uint8Array, level[left + 1] as Uint8Array, sha256))
      }
      level = above
    }
    return level[0] as Uint8Array
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
    return below === undefined ? paddingNode(0, this.#sha256) : innerNode(below, below, this.#sha256)
  }
}
