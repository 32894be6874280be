/**
 * Snapshots of `records` in chunks that are verified one by one.
 *
 * A chunk is 4,096 entries: a complete subtree of the log, since 4,096 is a power of two. The manifest lists the roots of the
 * chunks; the log root over them is the root of the whole log, which the state root commits to. So every chunk can come from
 * anybody, and a wrong one is noticed before anything is built on it.
 */
import { equalBytes, logLeafHash, merkleLogRoot, type Sha256 } from '@mc/crypto'
import { type Codec, DecodeError, digest, list, struct, uint } from '@mc/protocol/wire'
import { PAGE_ENTRIES } from './growing-bytes.js'
import { RECORD_BYTES, RecordsState, recordsRoot } from './records-state.js'
import type { Snapshot, SnapshotReader } from './state-machine.js'

/** Entries in one chunk: a page, and a power of two, so that chunks are subtrees of the log. */
export const CHUNK_ENTRIES: number = PAGE_ENTRIES

const manifestCodec: Codec<{ readonly size: number; readonly chunkRoots: readonly Uint8Array[] }> = struct({
  size: uint(),
  chunkRoots: list(digest, { max: 1_000_000 }),
})

/**
 * The snapshot of a records state. The state may go on: what is in the snapshot stays, since entries never change.
 *
 * Costs no hash but the one path of the last chunk: the log remembers the roots of complete chunks.
 */
export function snapshotOfRecords({ size, entries, log }: RecordsState): Snapshot {
  const chunkCount = chunksOf(size)
  const endOf = (index: number): number => Math.min((index + 1) * CHUNK_ENTRIES, size)
  const chunkRoots = Array.from({ length: chunkCount }, (_, index) =>
    log.rangeRoot(index * CHUNK_ENTRIES, endOf(index)),
  )
  return {
    manifest: manifestCodec.encode({ size, chunkRoots }),
    chunkCount,
    // Entries are only ever appended: a full chunk stays as it is.
    settledChunks: Math.floor(size / CHUNK_ENTRIES),
    chunk: index => entries.page(index).slice(0, (endOf(index) - index * CHUNK_ENTRIES) * RECORD_BYTES),
  }
}

/** Opens a snapshot against a certified state root; nothing if its manifest does not lead there. */
export function openRecordsSnapshot(
  manifest: Uint8Array,
  root: Uint8Array,
  sha256: Sha256,
): SnapshotReader<RecordsState> | undefined {
  const parsed = parseManifest(manifest)
  if (parsed === undefined) return undefined
  const { size, chunkRoots } = parsed
  if (chunkRoots.length !== chunksOf(size)) return undefined
  if (!equalBytes(recordsRoot(size, merkleLogRoot(chunkRoots, sha256), sha256), root)) return undefined
  const accepts = (index: number, chunk: Uint8Array): boolean => {
    const expected = chunkRoots[index]
    return (
      expected !== undefined &&
      chunk.length === chunkBytes(index, size) &&
      equalBytes(chunkRoot(chunk, sha256), expected)
    )
  }
  return {
    chunkCount: chunkRoots.length,
    accepts,
    restore: chunks => restore(chunks, { size, chunkRoots }, sha256),
  }
}

// The state is built while its chunks are verified, and given away only after that: each entry is hashed once.
function restore(
  chunks: readonly Uint8Array[],
  { size, chunkRoots }: { readonly size: number; readonly chunkRoots: readonly Uint8Array[] },
  sha256: Sha256,
): RecordsState {
  if (chunks.length !== chunkRoots.length) throw refusedChunks()
  const state = new RecordsState(sha256)
  for (const [index, chunk] of chunks.entries()) {
    if (chunk.length !== chunkBytes(index, size)) throw refusedChunks()
    const from = state.size
    for (let at = 0; at < chunk.length; at += RECORD_BYTES) {
      state.append(chunk.subarray(at, at + 32), chunk.subarray(at + 32, at + RECORD_BYTES))
    }
    if (!equalBytes(state.log.rangeRoot(from, state.size), chunkRoots[index] as Uint8Array))
      throw refusedChunks()
  }
  return state
}

const refusedChunks = (): RangeError =>
  new RangeError('records: need every chunk of the snapshot, each accepted')

function parseManifest(
  manifest: Uint8Array,
): { size: number; chunkRoots: readonly Uint8Array[] } | undefined {
  try {
    return manifestCodec.decode(manifest)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function chunkRoot(chunk: Uint8Array, sha256: Sha256): Uint8Array {
  const leafHashes: Uint8Array[] = []
  for (let at = 0; at < chunk.length; at += RECORD_BYTES) {
    leafHashes.push(logLeafHash(chunk.subarray(at, at + RECORD_BYTES), sha256))
  }
  return merkleLogRoot(leafHashes, sha256)
}

const chunksOf = (size: number): number => Math.ceil(size / CHUNK_ENTRIES)

const chunkBytes = (index: number, size: number): number =>
  Math.min(CHUNK_ENTRIES, size - index * CHUNK_ENTRIES) * RECORD_BYTES
