/**
 * What the nodes of a Merkle tree of fixed size are, for those who build one and those who check proofs of it.
 */
import { DIGEST_BYTES, type Sha256 } from './sha256.js'

/** The most leaves a tree can have; far above any committee. */
export const MERKLE_LEAVES_MAX = 65_536

/**
 * Length of every proof in a tree of `count` leaves: a codec that knows n knows it in advance.
 *
 * @throws RangeError unless `count` is an integer in 1 … MERKLE_LEAVES_MAX.
 */
export function merkleProofBytes(count: number): number {
  return DIGEST_BYTES * depthOf(requireLeafCount(count))
}

/** Depth of the full tree over the padded leaves: ⌈log2(count)⌉. */
export const depthOf = (count: number): number => 32 - Math.clz32(count - 1)

/** Whether there can be so many leaves. */
export const isLeafCount = (count: number): boolean =>
  Number.isInteger(count) && count >= 1 && count <= MERKLE_LEAVES_MAX

/** Whether a leaf of `count` can have this index. */
export const isLeafIndex = (index: number, count: number): boolean =>
  Number.isInteger(index) && index >= 0 && index < count

/** @throws RangeError unless there can be so many leaves. */
export function requireLeafCount(count: number): number {
  if (!isLeafCount(count)) {
    throw new RangeError(`merkle tree: need 1 to ${MERKLE_LEAVES_MAX} leaves, got ${count}`)
  }
  return count
}

const LEAF_TAG = 0x00
const INNER_PREFIX = Uint8Array.of(0x01)
const EMPTY_PREFIX = Uint8Array.of(0x02)

/** H(0x00 ‖ u32be(count) ‖ u32be(index) ‖ data). */
export function leafNode(count: number, index: number, data: Uint8Array, sha256: Sha256): Uint8Array {
  const header = new Uint8Array(9)
  header[0] = LEAF_TAG
  writeU32(header, 1, count)
  writeU32(header, 5, index)
  return sha256(header, data)
}

/** H(0x01 ‖ left ‖ right). The parts go to the hash as they are: together they are too long for a cheap array. */
export const innerNode = (left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array =>
  sha256(INNER_PREFIX, left, right)

/** The root of a subtree of this height that holds nothing but padding: H(0x02), and above it inner nodes. */
export function paddingNode(height: number, sha256: Sha256): Uint8Array {
  let node = sha256(EMPTY_PREFIX)
  for (let above = 0; above < height; above += 1) node = innerNode(node, node, sha256)
  return node
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
