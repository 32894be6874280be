/**
 * What a state map hashes. Every preimage begins with four bytes: kind, window, and the set of slots in two.
 *
 *     leaf    0 ‖ 0 ‖ 0 ‖ key digest ‖ value digest
 *     branch  1 ‖ window ‖ slots taken ‖ the hashes that stand in them, ascending
 */
import { domainHash, type Sha256 } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'

/** Bytes before the digests of a preimage. */
export const HEAD_BYTES = 4

/** The first byte of a leaf, and of a branch. */
export const LEAF = 0
export const BRANCH = 1

/** The hash of a leaf. */
export const leafHash = (keyDigest: Uint8Array, valueDigest: Uint8Array, sha256: Sha256): Uint8Array =>
  sha256(LEAF_HEAD, keyDigest, valueDigest)

/** The hash of a branch whose slots `slots`, a set of bits, hold nodes with these hashes, ascending. */
export const branchHash = (
  { window, slots, hashes }: { window: number; slots: number; hashes: readonly Uint8Array[] },
  sha256: Sha256,
): Uint8Array => sha256(Uint8Array.of(BRANCH, window, slots >>> 8, slots & 0xff), ...hashes)

/** The root of a map of `size` entries whose trie has this hash; nothing is the trie of no entry. */
export function stateRoot(size: number, top: Uint8Array | undefined, sha256: Sha256): Uint8Array {
  const count = new Writer(8)
  count.varint(size)
  return domainHash(sha256, 'mc/state-map/v2', count.finish(), top ?? NOTHING)
}

const LEAF_HEAD = Uint8Array.of(LEAF, 0, 0, 0)
const NOTHING = new Uint8Array(0)
