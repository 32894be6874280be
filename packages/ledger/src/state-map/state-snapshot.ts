/**
 * Snapshots of a state map in chunks that are verified one by one.
 *
 * A chunk holds the entries whose key digests begin with the same bits: a complete part of the trie. The manifest lists the
 * hashes of these parts; what stands above them follows from their places, so every chunk can come from anybody, and a wrong
 * one is noticed before anything is built on it.
 */
import { equalBytes, type Sha256 } from '@mc/crypto'
import {
  bytes,
  type Codec,
  DecodeError,
  digest,
  list,
  optional,
  struct,
  uint,
  Writer,
} from '@mc/protocol/wire'
import type { Snapshot, SnapshotReader } from '../state-machine.js'
import { prefixOf, SLOTS } from './slots.js'
import { type BytesEntry, bytesEntry, type StateEntry } from './state-entry.js'
import { branchHash, stateRoot } from './state-hash.js'
import { StateMap } from './state-map.js'
import { STATE_VALUE_BYTES_MAX } from './state-proof.js'

/** How many entries a chunk has on average, at most. */
export const CHUNK_ENTRIES_AIM = 1_024

/** Longest key of a state map that can be handed over. */
export const STATE_KEY_BYTES_MAX = 1_024

const DEPTH_MAX = 6

const manifestCodec: Codec<{
  readonly size: number
  readonly depth: number
  readonly tops: readonly (Uint8Array | undefined)[]
}> = struct({
  size: uint(),
  depth: uint({ max: DEPTH_MAX }),
  tops: list(optional(digest), { max: SLOTS ** DEPTH_MAX }),
})

type Pair = { readonly key: Uint8Array; readonly value: Uint8Array }

const chunkCodec: Codec<readonly Pair[]> = list(
  struct({ key: bytes({ max: STATE_KEY_BYTES_MAX }), value: bytes({ max: STATE_VALUE_BYTES_MAX }) }),
  { max: 2 ** 20 },
)

/** The snapshot of a map as it is now; the map may go on. Takes note of every value: O(size), their bytes are made by chunk. */
export function snapshotOfState(map: StateMap): Snapshot {
  const depth = depthFor(map.size)
  const parts = partsOf(map, depth)
  return {
    manifest: manifestCodec.encode({ size: map.size, depth, tops: parts.map(({ hash }) => hash) }),
    chunkCount: parts.length,
    chunk: index => encodedChunk(parts[index] as Part),
  }
}

/** Opens a snapshot against a certified root; nothing if its manifest does not lead there. Total. */
export function openStateSnapshot(
  manifest: Uint8Array,
  root: Uint8Array,
  sha256: Sha256,
): SnapshotReader<StateMap<BytesEntry>> | undefined {
  const parsed = decodedOr(manifestCodec, manifest)
  if (parsed === undefined) return undefined
  const { size, depth, tops } = parsed
  if (depth !== depthFor(size) || tops.length !== SLOTS ** depth) return undefined
  if (!equalBytes(stateRoot(size, joined(tops, 0, sha256), sha256), root)) return undefined
  return {
    chunkCount: tops.length,
    accepts: (index, chunk) => {
      const pairs = index in tops ? pairsIn(chunk, index, depth, sha256) : undefined
      const map = pairs && mapOf(pairs, sha256)
      return map !== undefined && isSame(map.top(), tops[index])
    },
    restore: chunks => {
      const pairs = chunks.map((chunk, index) => pairsIn(chunk, index, depth, sha256))
      const isWhole = chunks.length === tops.length && pairs.every(some => some !== undefined)
      // Entries that stand in their parts and lead to the root are the ones that the tops lead to.
      const map = isWhole ? mapOf((pairs as Pair[][]).flat(), sha256) : undefined
      if (map === undefined || !equalBytes(map.root(), root)) {
        throw new RangeError('state map: need every chunk of the snapshot, each accepted')
      }
      return map
    },
  }
}

/** A part of a map as it is at a moment: entries, and what stands there. */
interface Part {
  readonly hash: Uint8Array | undefined
  readonly entries: readonly StateEntry[]
  readonly values: readonly unknown[]
}

// The parts of a map under each prefix of `depth` windows, in order.
function partsOf(map: StateMap, depth: number): readonly Part[] {
  const parts = new Array<Part>(SLOTS ** depth).fill({ hash: undefined, entries: [], values: [] })
  for (const { prefix, hash, entries } of map.parts(depth)) {
    const values = entries.map(({ value }) => value)
    parts[prefix] = { hash, entries, values }
  }
  return parts
}

function encodedChunk({ entries, values }: Part): Uint8Array {
  const chunk = new Writer(2 ** 16)
  const part = new Writer()
  const append = (): void => {
    chunk.varint(part.length)
    chunk.raw(part.view())
    part.clear()
  }
  chunk.varint(entries.length)
  for (const [at, entry] of entries.entries()) {
    entry.writeKey(part)
    append()
    entry.writeValue(part, values[at])
    append()
  }
  return chunk.take()
}

// The entries in a chunk, if it is one for this place: they ascend, so the first and the last speak for all.
function pairsIn(
  chunk: Uint8Array,
  index: number,
  depth: number,
  sha256: Sha256,
): readonly Pair[] | undefined {
  const pairs = decodedOr(chunkCodec, chunk)
  const isHere = (pair: Pair | undefined) => pair === undefined || prefixOf(sha256(pair.key), depth) === index
  return pairs !== undefined && isHere(pairs[0]) && isHere(pairs.at(-1)) ? pairs : undefined
}

// One chunk has one form: its entries in the order of the map, none of them twice.
function mapOf(pairs: readonly Pair[], sha256: Sha256): StateMap<BytesEntry> | undefined {
  const map = new StateMap<BytesEntry>(sha256)
  const entries = pairs.map(({ key, value }) => bytesEntry(key, value))
  for (const entry of entries) map.put(entry)
  let at = 0
  for (const [, entry] of map.entries()) {
    if (entry !== entries[at]) return undefined
    at += 1
  }
  return at === entries.length ? map : undefined
}

/** The hash over parts that stand side by side from window `window` on; nothing if all of them are empty. */
function joined(
  tops: readonly (Uint8Array | undefined)[],
  window: number,
  sha256: Sha256,
): Uint8Array | undefined {
  if (tops.length === 1) return tops[0]
  const each = tops.length / SLOTS
  const below = Array.from({ length: SLOTS }, (_, slot) =>
    joined(tops.slice(slot * each, (slot + 1) * each), window + 1, sha256),
  )
  const hashes = below.filter(hash => hash !== undefined)
  if (hashes.length < 2) return hashes[0]
  const slots = below.reduce((set, hash, slot) => (hash === undefined ? set : set | (1 << slot)), 0)
  return branchHash({ window, slots, hashes }, sha256)
}

const depthFor = (size: number): number => {
  let depth = 0
  while (depth < DEPTH_MAX && size > CHUNK_ENTRIES_AIM * SLOTS ** depth) depth += 1
  return depth
}

const isSame = (left: Uint8Array | undefined, right: Uint8Array | undefined): boolean =>
  left === undefined || right === undefined ? left === right : equalBytes(left, right)

function decodedOr<T>(codec: Codec<T>, encoded: Uint8Array): T | undefined {
  try {
    return codec.decode(encoded)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
