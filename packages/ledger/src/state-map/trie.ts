/**
 * A binary trie over key digests, compressed: a branch stands only where two keys part, so a set of entries has one shape.
 *
 * Nodes never change. Whoever holds a node holds the whole map as it was, and writing costs one path.
 */
import { domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'

/** One entry. */
export interface Leaf {
  readonly kind: 'leaf'
  /** SHA-256 of the key: where the entry stands. */
  readonly digest: Uint8Array
  readonly key: Uint8Array
  readonly value: Uint8Array
  hash: Uint8Array | undefined
}

/** Where two keys part: bit `bit` of the digest, counted from the most significant one, 0 on the left. */
export interface Branch {
  readonly kind: 'branch'
  readonly bit: number
  readonly left: Node
  readonly right: Node
  hash: Uint8Array | undefined
}

/** A leaf, or a branch over at least two. */
export type Node = Leaf | Branch

/** Bit `bit` of a digest, counted from the most significant one. */
export const bitOf = (digest: Uint8Array, bit: number): number =>
  ((digest[bit >>> 3] as number) >>> (7 - (bit & 7))) & 1

/** The first bit in which two digests differ, or −1 if they are equal. */
export function partingBit(left: Uint8Array, right: Uint8Array): number {
  for (let at = 0; at < left.length; at += 1) {
    const difference = (left[at] as number) ^ (right[at] as number)
    if (difference !== 0) return at * 8 + Math.clz32(difference) - 24
  }
  return -1
}

/** An entry as a leaf. */
export const leafOf = (key: Uint8Array, value: Uint8Array, sha256: Sha256): Leaf => ({
  kind: 'leaf',
  digest: sha256(key),
  key,
  value,
  hash: undefined,
})

/** A branch over two nodes, which part at `bit`. */
export const branchOf = (bit: number, left: Node, right: Node): Branch => ({
  kind: 'branch',
  bit,
  left,
  right,
  hash: undefined,
})

/** The only leaf that can be the one of this digest: the end of the path that its bits choose. */
export function nearest(node: Node, digest: Uint8Array): Leaf {
  let at = node
  while (at.kind === 'branch') at = bitOf(digest, at.bit) === 0 ? at.left : at.right
  return at
}

/** The trie with this leaf in it, in place of one with the same digest. */
export function inserted(node: Node | undefined, leaf: Leaf): Node {
  if (node === undefined) return leaf
  const bit = partingBit(nearest(node, leaf.digest).digest, leaf.digest)
  return insertedAt(node, leaf, bit < 0 ? 256 : bit)
}

function insertedAt(node: Node, leaf: Leaf, parting: number): Node {
  if (node.kind === 'branch' && node.bit < parting) {
    return bitOf(leaf.digest, node.bit) === 0
      ? branchOf(node.bit, insertedAt(node.left, leaf, parting), node.right)
      : branchOf(node.bit, node.left, insertedAt(node.right, leaf, parting))
  }
  if (parting === 256) return leaf
  return bitOf(leaf.digest, parting) === 0 ? branchOf(parting, leaf, node) : branchOf(parting, node, leaf)
}

/** The trie without the leaf of this digest; the same node if there is none. */
export function removed(node: Node, digest: Uint8Array): Node | undefined {
  if (node.kind === 'leaf') return equalBytes(node.digest, digest) ? undefined : node
  const goesLeft = bitOf(digest, node.bit) === 0
  const before = goesLeft ? node.left : node.right
  const other = goesLeft ? node.right : node.left
  const after = removed(before, digest)
  if (after === before) return node
  if (after === undefined) return other
  return goesLeft ? branchOf(node.bit, after, other) : branchOf(node.bit, other, after)
}

/** The hash of a node, computed once: 0 ‖ key digest ‖ value digest, or 1 ‖ bit ‖ left ‖ right. */
export function hashOf(node: Node, sha256: Sha256): Uint8Array {
  if (node.hash === undefined) {
    node.hash =
      node.kind === 'leaf'
        ? leafHash(node.digest, sha256(node.value), sha256)
        : branchHash(node.bit, hashOf(node.left, sha256), hashOf(node.right, sha256), sha256)
  }
  return node.hash
}

/** The hash of a leaf. */
export const leafHash = (keyDigest: Uint8Array, valueDigest: Uint8Array, sha256: Sha256): Uint8Array =>
  sha256(LEAF, keyDigest, valueDigest)

/** The hash of a branch. */
export const branchHash = (bit: number, left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array =>
  sha256(Uint8Array.of(1, bit), left, right)

/** The root of a map of `size` entries whose trie has this hash; nothing is the trie of no entry. */
export function stateRoot(size: number, top: Uint8Array | undefined, sha256: Sha256): Uint8Array {
  const count = new Writer(8)
  count.varint(size)
  return domainHash(sha256, 'mc/state-map/v1', count.finish(), top ?? EMPTY)
}

/** The leaves in the order of their digests. */
export function* leavesOf(node: Node | undefined): Iterable<Leaf> {
  const waiting: Node[] = node === undefined ? [] : [node]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at.kind === 'leaf') yield at
    else waiting.push(at.right, at.left)
  }
}

const LEAF = Uint8Array.of(0)
const EMPTY = new Uint8Array(0)
