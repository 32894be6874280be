/**
 * Snapshots of a state map in chunks that are verified one by one.
 *
 * A chunk holds the entries whose key digests begin with the same bits: a complete part of the trie. The manifest lists the
 * hashes of these parts; what stands above them follows from their places, so every chunk can come from anybody, and a wrong
 * one is noticed before anything is built on it.
 */
import { equalBytes, type Sha256 } from '@mc/crypto'
import { bytes, type Codec, DecodeError, digest, list, optional, struct, uint } from '@mc/protocol/wire'
import type { Snapshot, SnapshotReader } from '../state-machine.js'
import { StateMap } from './state-map.js'
import { STATE_VALUE_BYTES_MAX } from './state-proof.js'
import {
  bitOf,
  branchHash,
  hashOf,
  inserted,
  type Leaf,
  leafOf,
  leavesOf,
  type Node,
  stateRoot,
} from './trie.js'

/** How many entries a chunk has on average, at most. */
export const CHUNK_ENTRIES_AIM = 1_024

/** Longest key of a state map that can be handed over. */
export const STATE_KEY_BYTES_MAX = 1_024

const DEPTH_MAX = 12

const manifestCodec: Codec<{
  readonly size: number
  readonly depth: number
  readonly tops: readonly (Uint8Array | undefined)[]
}> = struct({
  size: uint(),
  depth: uint({ max: DEPTH_MAX }),
  tops: list(optional(digest), { max: 2 ** DEPTH_MAX }),
})

const chunkCodec: Codec<readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]> = list(
  struct({ key: bytes({ max: STATE_KEY_BYTES_MAX }), value: bytes({ max: STATE_VALUE_BYTES_MAX }) }),
  { max: 2 ** 20 },
)

/** The snapshot of a map as it is now; the map may go on. */
export function snapshotOfState(map: StateMap, sha256: Sha256): Snapshot {
  const depth = depthFor(map.size)
  const parts = partsOf(map.top, depth)
  return {
    manifest: manifestCodec.encode({
      size: map.size,
      depth,
      tops: parts.map(part => part && hashOf(part, sha256)),
    }),
    chunkCount: parts.length,
    chunk: index => chunkCodec.encode([...leavesOf(parts[index])].map(({ key, value }) => ({ key, value }))),
  }
}

/** Opens a snapshot against a certified root; nothing if its manifest does not lead there. Total. */
export function openStateSnapshot(
  manifest: Uint8Array,
  root: Uint8Array,
  sha256: Sha256,
): SnapshotReader<StateMap> | undefined {
  const parsed = decodedOr(manifestCodec, manifest)
  if (parsed === undefined) return undefined
  const { size, depth, tops } = parsed
  if (depth !== depthFor(size) || tops.length !== 2 ** depth) return undefined
  if (!equalBytes(stateRoot(size, joined(tops, 0, sha256), sha256), root)) return undefined
  const accepts = (index: number, chunk: Uint8Array): boolean =>
    index >= 0 && index < tops.length && isPart(chunk, index, depth, tops[index], sha256)
  return {
    chunkCount: tops.length,
    accepts,
    restore: chunks => {
      if (chunks.length !== tops.length || !chunks.every((chunk, index) => accepts(index, chunk))) {
        throw new RangeError('state map: need every chunk of the snapshot, each accepted')
      }
      const map = new StateMap(sha256)
      for (const chunk of chunks) for (const { key, value } of chunkCodec.decode(chunk)) map.set(key, value)
      return map
    },
  }
}

function isPart(
  chunk: Uint8Array,
  index: number,
  depth: number,
  top: Uint8Array | undefined,
  sha256: Sha256,
): boolean {
  const entries = decodedOr(chunkCodec, chunk)
  if (entries === undefined) return false
  const leaves = entries.map(({ key, value }) => leafOf(key, value, sha256))
  if (!leaves.every(({ digest }) => prefixOf(digest, depth) === index)) return false
  const built = leaves.reduce<Node | undefined>(inserted, undefined)
  if (built === undefined || top === undefined) return built === top
  return equalBytes(hashOf(built, sha256), top) && isInOrder(leaves, built)
}

// One chunk has one form: its entries in the order of the trie, none of them twice.
function isInOrder(leaves: readonly Leaf[], built: Node): boolean {
  const ordered = [...leavesOf(built)]
  return ordered.length === leaves.length && ordered.every((leaf, at) => leaf === leaves[at])
}

/** The parts of a trie under each prefix of `depth` bits, in order. */
function partsOf(top: Node | undefined, depth: number): readonly (Node | undefined)[] {
  const parts = new Array<Node | undefined>(2 ** depth).fill(undefined)
  const waiting = top === undefined ? [] : [top]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'branch' && node.bit < depth) waiting.push(node.left, node.right)
    else parts[prefixOf(anyLeaf(node).digest, depth)] = node
  }
  return parts
}

/** The hash over parts that stand side by side from bit `bit` on; nothing if all of them are empty. */
function joined(
  tops: readonly (Uint8Array | undefined)[],
  bit: number,
  sha256: Sha256,
): Uint8Array | undefined {
  if (tops.length === 1) return tops[0]
  const half = tops.length / 2
  const left = joined(tops.slice(0, half), bit + 1, sha256)
  const right = joined(tops.slice(half), bit + 1, sha256)
  if (left === undefined || right === undefined) return left ?? right
  return branchHash(bit, left, right, sha256)
}

const anyLeaf = (node: Node): Leaf => (node.kind === 'leaf' ? node : anyLeaf(node.left))

function prefixOf(digest: Uint8Array, depth: number): number {
  let prefix = 0
  for (let bit = 0; bit < depth; bit += 1) prefix = prefix * 2 + bitOf(digest, bit)
  return prefix
}

const depthFor = (size: number): number => {
  let depth = 0
  while (depth < DEPTH_MAX && size > CHUNK_ENTRIES_AIM * 2 ** depth) depth += 1
  return depth
}

function decodedOr<T>(codec: Codec<T>, encoded: Uint8Array): T | undefined {
  try {
    return codec.decode(encoded)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
