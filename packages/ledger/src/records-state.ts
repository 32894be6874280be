/**
 * The state of `records`: a Merkle log of `id ‖ author`, and where to find what.
 */
import { digestKey, domainHash, type Sha256 } from '@mc/crypto'
import { Writer } from '@mc/protocol/wire'
import { GrowingBytes } from './growing-bytes.js'
import { MerkleLogIndex } from './merkle-log-index.js'

/** Bytes of one entry of the log: id and author. */
export const RECORD_BYTES = 64

/** The state of `records`. */
export class RecordsState {
  readonly entries: GrowingBytes = new GrowingBytes(RECORD_BYTES)
  readonly log: MerkleLogIndex
  readonly #positions = new Map<string, number>()
  readonly #byAuthor = new Map<string, number[]>()

  constructor(sha256: Sha256) {
    this.log = new MerkleLogIndex(sha256)
  }

  /** Operations accepted so far. */
  get size(): number {
    return this.entries.count
  }

  /** The position of an operation, if it is there. */
  position(id: Uint8Array): number | undefined {
    return this.#positions.get(digestKey(id))
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

  /** Appends one operation; the caller has seen to it that it is new. */
  append(id: Uint8Array, author: Uint8Array): number {
    const position = this.size
    this.entries.push(id, author)
    this.log.append(this.entries.at(position))
    this.#positions.set(digestKey(id), position)
    const authorKey = digestKey(author)
    const positions = this.#byAuthor.get(authorKey)
    if (positions === undefined) this.#byAuthor.set(authorKey, [position])
    else positions.push(position)
    return position
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
