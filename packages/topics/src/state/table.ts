/**
 * A table of the state: values by key in memory, each row an entry of the authenticated map.
 *
 * Values never change; another one is set in their place. What is written is encoded once per block, however often it was set.
 */
import { compareBytes, digestKey, keyDigest } from '@mc/crypto'
import type { BytesEntry, StateMap } from '@mc/ledger'
import { invariant } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type { WriteTable } from '../organisation/organisation.js'
import { Row } from './row.js'

/** Hears of every change of a table, also of those that are taken back, so that what is derived stays right. */
export type Listener<T> = (before: T | undefined, after: T | undefined, key: string) => void

/** One table. */
export class Table<T> implements WriteTable<T> {
  readonly name: string
  /** The first byte of its keys in the map. */
  readonly prefix: number
  readonly #codec: Codec<T>
  readonly #rows = new Map<string, Row<T>>()
  /** Rows that the map has not heard of since they changed, in the order of their first change. */
  #changedRows: Row<T>[] = []
  readonly #listeners: Listener<T>[] = []
  #journal: Map<string, T | undefined> | undefined

  constructor(name: string, prefix: number, codec: Codec<T>) {
    this.name = name
    this.prefix = prefix
    this.#codec = codec
  }

  get size(): number {
    return this.#rows.size
  }

  /** Calls `listener` after every change from now on. */
  listen(listener: Listener<T>): void {
    this.#listeners.push(listener)
  }

  get(key: Uint8Array): T | undefined {
    return this.#rows.get(digestKey(key))?.value
  }

  /** The same by `digestKey(key)`. */
  at(key: string): T | undefined {
    return this.#rows.get(key)?.value
  }

  /** The value that must be there. @throws InvariantViolation if it is not. */
  must(key: Uint8Array): T {
    const value = this.get(key)
    invariant(value !== undefined, `${this.name} has an entry that is referred to`)
    return value
  }

  set(key: Uint8Array, value: T): void {
    this.put(digestKey(key), value)
  }

  /** The same by `digestKey(key)`. */
  put(key: string, value: T): void {
    const row = this.#rows.get(key) ?? this.#newRow(key)
    const before = row.value
    this.#remember(key, before)
    row.value = value
    this.#changed(row, before)
  }

  delete(key: Uint8Array): boolean {
    return this.remove(digestKey(key))
  }

  /** The same by `digestKey(key)`. */
  remove(key: string): boolean {
    const row = this.#rows.get(key)
    if (row === undefined) return false
    const before = row.value
    this.#remember(key, before)
    row.value = undefined
    this.#rows.delete(key)
    this.#changed(row, before)
    return true
  }

  values(): readonly T[] {
    return this.keys().map(key => this.at(key) as T)
  }

  /** The keys, ascending: characters are bytes, so their order is that of the bytes. */
  keys(): readonly string[] {
    return [...this.#rows.keys()].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
  }

  /** From now on changes can be taken back. @throws InvariantViolation if they can already. */
  begin(): void {
    invariant(this.#journal === undefined, `${this.name}: one draft at a time`)
    this.#journal = new Map()
  }

  /** Keeps what was changed since `begin`. */
  commit(): void {
    this.#journal = undefined
  }

  /** What was changed since `begin`: values before, by key, ascending by key. */
  changes(): readonly (readonly [key: Uint8Array, before: T | undefined, after: T | undefined])[] {
    const changed = [...(this.#journal ?? [])].map(
      ([key, before]) => [keyDigest(key), before, this.at(key)] as const,
    )
    return changed.sort(([left], [right]) => compareBytes(left, right))
  }

  /** Takes back what was changed since `begin`. */
  rollback(): void {
    const journal = this.#journal ?? new Map<string, T | undefined>()
    this.#journal = undefined
    for (const [key, before] of journal) {
      if (before === undefined) this.remove(key)
      else this.put(key, before)
    }
  }

  /** Tells the map which rows have come, changed and gone since it was last told. */
  flush(map: StateMap): void {
    for (const row of this.#changedRows) row.flush(map)
    this.#changedRows = []
  }

  /** Takes over the bytes at a place of a restored map. @throws DecodeError if they are none of this table. */
  load(map: StateMap, place: number, { key, value }: BytesEntry): void {
    const row = this.#newRow(digestKey(key.subarray(1)))
    row.value = this.#codec.decode(value)
    row.place = place
    map.replace(place, row)
    for (const listener of this.#listeners) listener(undefined, row.value, row.name)
  }

  #newRow(key: string): Row<T> {
    const row = new Row(this.prefix, key, this.#codec)
    this.#rows.set(key, row)
    return row
  }

  #changed(row: Row<T>, before: T | undefined): void {
    if (!row.isChanged) this.#changedRows.push(row)
    row.isChanged = true
    for (const listener of this.#listeners) listener(before, row.value, row.name)
  }

  #remember(key: string, before: T | undefined): void {
    if (this.#journal !== undefined && !this.#journal.has(key)) this.#journal.set(key, before)
  }
}
