/**
 * The state of `records`: a Merkle log of `id ‖ author`, and where to find what.
 */
import { digestKey, domainHash, equalBytes, type Sha256 } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'
import { GrowingBytes } from './growing-bytes.js'
import { MerkleLogIndex } from './merkle-log-index.js'
import { RecordPositions } from './record-positions.js'

/** Bytes of one entry of the log: id and author. */
export const RECORD_BYTES = 64

/** The state of `records`. */
export class RecordsState {
  readonly entries: GrowingBytes = new GrowingBytes(RECORD_BYTES)
  readonly log: MerkleLogIndex
  readonly #positions = new RecordPositions(this.entries)
  readonly #byAuthor = new Map<string, number[]>()
  // An author's operations often come in a row, and comparing 32 bytes is cheaper than making a key of them.
  #lastAuthor: { readonly author: Uint8Array; readonly positions: number[] } | undefined

  constructor(sha256: Sha256) {
    this.log = new MerkleLogIndex(sha256)
  }

  /** Operations accepted so far. */
  get size(): number {
    return this.entries.count
  }

  /** The position of an operation, if it is there. */
  position(id: Uint8Array): number | undefined {
    return this.positionOf(digestKey(id))
  }

  /** The same for who has `digestKey(id)` already. */
  positionOf(key: string): number | undefined {
    return this.#positions.get(key)
  }

  /** The positions of an author's operations, ascending. */
  byAuthor(author: Uint8Array): readonly number[] {
    return this.#byAuthor.get(digestKey(author)) ?? []
  }

  /** The id and the author at a position. */
  entry(position: number): { readonly id: Uint8Array; readonly author: Uint8Array } {
    const bytes = this.entries.at(position)
    return { id: bytes.slice(0, 32), author: bytes.slice(32) }
  }

  /** Appends one operation, which the caller knows to be new. */
  append(id: Uint8Array, author: Uint8Array): number {
    const position = this.size
    this.entries.push(id, author)
    this.log.append(this.entries.at(position))
    this.#positions.add()
    this.#positionsOf(author).push(position)
    return position
  }

  #positionsOf(author: Uint8Array): number[] {
    if (this.#lastAuthor !== undefined && equalBytes(this.#lastAuthor.author, author)) {
      return this.#lastAuthor.positions
    }
    const key = digestKey(author)
    const positions = this.#byAuthor.get(key) ?? []
    this.#byAuthor.set(key, positions)
    this.#lastAuthor = { author: author.slice(), positions }
    return positions
  }
}

/** The root of a records state: the size and the root of its log. */
export function recordsRoot(size: number, logRoot: Uint8Array, sha256: Sha256): Uint8Array {
  const count = new Writer(8)
  count.varint(size)
  return domainHash(sha256, 'mc/records/v1', count.finish(), logRoot)
}

/** The entry of the log for one operation. */
export function recordEntry(id: Uint8Array, author: Uint8Array): Uint8Array {
  const entry = new Uint8Array(RECORD_BYTES)
  entry.set(id)
  entry.set(author, 32)
  return entry
}
