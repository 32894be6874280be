/**
 * A table of the state: values by key in memory, their encodings in the authenticated map.
 *
 * Values never change; another one is set in their place. What is written is encoded once per block, however often it was set.
 */
import { compareBytes, digestKey, keyDigest } from '@mc/crypto'
import { invariant } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type { WriteTable } from '../organisation/organisation.js'

/** Hears of every change of a table, also of those that are taken back, so that what is derived stays right. */
export type Listener<T> = (before: T | undefined, after: T | undefined, key: string) => void

/** One table. */
export class Table<T> implements WriteTable<T> {
  readonly name: string
  /** The first byte of its keys in the map. */
  readonly prefix: number
  readonly #codec: Codec<T>
  readonly #values = new Map<string, T>()
  readonly #dirty = new Set<string>()
  readonly #listeners: Listener<T>[] = []
  #journal: Map<string, T | undefined> | undefined

  constructor(name: string, prefix: number, codec: Codec<T>) {
    this.name = name
    this.prefix = prefix
    this.#codec = codec
  }

  get size(): number {
    return this.#values.size
  }

  /** Calls `listener` after every change from now on. */
  listen(listener: Listener<T>): void {
    this.#listeners.push(listener)
  }

  get(key: Uint8Array): T | undefined {
    return this.#values.get(digestKey(key))
  }

  /** The same by `digestKey(key)`. */
  at(key: string): T | undefined {
    return this.#values.get(key)
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
    const before = this.#values.get(key)
    this.#remember(key, before)
    this.#values.set(key, value)
    this.#changed(before, value, key)
  }

  delete(key: Uint8Array): boolean {
    return this.remove(digestKey(key))
  }

  /** The same by `digestKey(key)`. */
  remove(key: string): boolean {
    const before = this.#values.get(key)
    if (before === undefined) return false
    this.#remember(key, before)
    this.#values.delete(key)
    this.#changed(before, undefined, key)
    return true
  }

  values(): readonly T[] {
    return this.keys().map(key => this.#values.get(key) as T)
  }

  /** The keys, ascending: characters are bytes, so their order is that of the bytes. */
  keys(): readonly string[] {
    return [...this.#values.keys()].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
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
      ([key, before]) => [keyDigest(key), before, this.#values.get(key)] as const,
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

  /** What has changed since it was last asked: entries to be set, and keys that are gone. */
  takeChanges(): {
    readonly set: readonly (readonly [key: Uint8Array, value: Uint8Array])[]
    readonly gone: readonly Uint8Array[]
  } {
    const set: (readonly [Uint8Array, Uint8Array])[] = []
    const gone: Uint8Array[] = []
    for (const key of this.#dirty) {
      const value = this.#values.get(key)
      const mapKey = tableKey(this.prefix, key)
      if (value === undefined) gone.push(mapKey)
      else set.push([mapKey, this.#codec.encode(value)])
    }
    this.#dirty.clear()
    return { set, gone }
  }

  /** Takes over an entry of a restored map. @throws DecodeError if it is none of this table. */
  load(key: Uint8Array, value: Uint8Array): void {
    const name = digestKey(key.subarray(1))
    const decoded = this.#codec.decode(value)
    this.#values.set(name, decoded)
    for (const listener of this.#listeners) listener(undefined, decoded, name)
  }

  #changed(before: T | undefined, after: T | undefined, key: string): void {
    this.#dirty.add(key)
    for (const listener of this.#listeners) listener(before, after, key)
  }

  #remember(key: string, before: T | undefined): void {
    if (this.#journal !== undefined && !this.#journal.has(key)) this.#journal.set(key, before)
  }
}

/** The key in the map of an entry of a table: its prefix and its own key. */
export function tableKey(prefix: number, key: string): Uint8Array {
  const bytes = new Uint8Array(key.length + 1)
  bytes[0] = prefix
  for (let at = 0; at < key.length; at += 1) bytes[at + 1] = key.charCodeAt(at)
  return bytes
}
