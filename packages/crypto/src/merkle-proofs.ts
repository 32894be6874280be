/**
 * Many proofs under one root: what one of them has shown, the next need not hash again.
 *
 * A proof that holds fixes every node on its path and beside it. So a later proof is hashed only up to the first node that is
 * known, and the rest of it is compared: of all n proofs under a root, each inner node is hashed once, as in building the tree.
 */
import { equalBytes } from './identifier.js'
import { depthOf, innerNode, isLeafIndex, leafNode, paddingNode, requireLeafCount } from './merkle-nodes.js'
import { DIGEST_BYTES, type Sha256 } from './sha256.js'

/** Checks proofs under one root, and remembers at most 2 · 2^⌈log₂ count⌉ digests of those that held. */
export class MerkleProofs {
  readonly #count: number
  readonly #sha256: Sha256
  readonly #depth: number
  /** By place: the root is 1, the nodes below node i are 2i and 2i + 1. Where a node is known, all above it and beside these are. */
  readonly #known: (Uint8Array | undefined)[]

  /**
   * No proof seen yet under the root of a tree of `count` leaves.
   *
   * @throws RangeError unless `count` is an integer in 1 … MERKLE_LEAVES_MAX.
   */
  constructor(root: Uint8Array, count: number, sha256: Sha256) {
    this.#count = requireLeafCount(count)
    this.#sha256 = sha256
    this.#depth = depthOf(count)
    this.#known = new Array<Uint8Array | undefined>(2 ** (this.#depth + 1)).fill(undefined)
    this.#known[1] = root
  }

  /** Whether `leaf` is leaf `index` under the root: exactly what `verifyMerkleProof` answers. Total. */
  verify(index: number, leaf: Uint8Array, proof: Uint8Array): boolean {
    if (!isLeafIndex(index, this.#count) || proof.length !== DIGEST_BYTES * this.#depth) return false
    const leafPlace = this.#placeOf(index)
    const climbed: Uint8Array[] = []
    const siblings: Uint8Array[] = []
    let digest = leafNode(this.#count, index, leaf, this.#sha256)
    let place = leafPlace
    for (; this.#known[place] === undefined; place >>= 1) {
      const at = DIGEST_BYTES * siblings.length
      const sibling = proof.slice(at, at + DIGEST_BYTES)
      climbed.push(digest)
      siblings.push(sibling)
      digest = this.#above(place, digest, sibling)
    }
    if (!equalBytes(digest, this.#known[place] as Uint8Array)) return false
    if (!this.#isRestKnown(place, proof, DIGEST_BYTES * siblings.length)) return false
    this.#learn(leafPlace, climbed, siblings)
    return true
  }

  /**
   * Whether `leaves` are the leaves under the root, all of them. Hashes those only that are not among `verified`, the leaves that
   * `verify` has accepted, each at its place.
   */
  areAll(leaves: readonly Uint8Array[], verified: readonly (Uint8Array | undefined)[]): boolean {
    return leaves.length === this.#count && this.#matches(1, 0, leaves, verified)
  }

  /** Whether what is known of a node, `level` levels below the root, is what these leaves make of it. */
  #matches(
    node: number,
    level: number,
    leaves: readonly Uint8Array[],
    verified: readonly (Uint8Array | undefined)[],
  ): boolean {
    const expected = this.#known[node] as Uint8Array
    if (level === this.#depth) {
      const index = node - this.#placeOf(0)
      const shown = verified[index]
      if (shown !== undefined && equalBytes(shown, leaves[index] as Uint8Array)) return true
    } else if (this.#known[2 * node] !== undefined) {
      return (
        this.#matches(2 * node, level + 1, leaves, verified) &&
        this.#matches(2 * node + 1, level + 1, leaves, verified)
      )
    }
    return equalBytes(this.#digest(node, level, leaves), expected)
  }

  /** What these leaves make of a node. */
  #digest(node: number, level: number, leaves: readonly Uint8Array[]): Uint8Array {
    const below = this.#depth - level
    const first = (node << below) - this.#placeOf(0)
    if (first >= this.#count) return paddingNode(below, this.#sha256)
    if (below === 0) return leafNode(this.#count, first, leaves[first] as Uint8Array, this.#sha256)
    const left = this.#digest(2 * node, level + 1, leaves)
    return innerNode(left, this.#digest(2 * node + 1, level + 1, leaves), this.#sha256)
  }

  /** These nodes lie on a path that holds, from its leaf upwards, and those beside it. */
  #learn(leafPlace: number, path: readonly Uint8Array[], siblings: readonly Uint8Array[]): void {
    for (let height = 0; height < path.length; height += 1) {
      const place = leafPlace >> height
      this.#known[place] = path[height] as Uint8Array
      this.#known[place ^ 1] = siblings[height] as Uint8Array
    }
  }

  #isRestKnown(from: number, proof: Uint8Array, start: number): boolean {
    let node = from
    for (let at = start; at < proof.length; at += DIGEST_BYTES) {
      const sibling = this.#known[node ^ 1] as Uint8Array
      for (let byte = 0; byte < DIGEST_BYTES; byte += 1) if (proof[at + byte] !== sibling[byte]) return false
      node >>= 1
    }
    return true
  }

  #above(node: number, digest: Uint8Array, sibling: Uint8Array): Uint8Array {
    return (node & 1) === 0
      ? innerNode(digest, sibling, this.#sha256)
      : innerNode(sibling, digest, this.#sha256)
  }

  #placeOf(index: number): number {
    return 2 ** this.#depth + index
  }
}
