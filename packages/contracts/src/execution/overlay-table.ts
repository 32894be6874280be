/** A table seen through what an execution has written so far; the table itself stays as it is. */
import { compareBytes, digestKey, keyDigest } from '@mc/crypto'
import type { ReadTable, WriteTable } from '@mc/topics'

/** What stands under one key, before and after. */
export interface Write<T> {
  readonly key: Uint8Array
  readonly before: T | undefined
  readonly after: T | undefined
}

/** A table under an execution. */
export class OverlayTable<T> implements WriteTable<T> {
  readonly #base: ReadTable<T>
  readonly #written = new Map<string, T | undefined>()
  #size: number

  constructor(base: ReadTable<T>) {
    this.#base = base
    this.#size = base.size
  }

  get size(): number {
    return this.#size
  }

  get(key: Uint8Array): T | undefined {
    const name = digestKey(key)
    return this.#written.has(name) ? this.#written.get(name) : this.#base.get(key)
  }

  set(key: Uint8Array, value: T): void {
    if (this.get(key) === undefined) this.#size += 1
    this.#written.set(digestKey(key), value)
  }

  delete(key: Uint8Array): boolean {
    if (this.get(key) === undefined) return false
    this.#size -= 1
    this.#written.set(digestKey(key), undefined)
    return true
  }

  /**
   * All values, those written here in place of those below. Ascending by key where nothing was written; what was written stands
   * behind the rest, ascending too.
   */
  values(): readonly T[] {
    if (this.#written.size === 0) return this.#base.values()
    const replaced = new Set<T>()
    for (const name of this.#written.keys()) {
      const below = this.#base.get(keyDigest(name))
      if (below !== undefined) replaced.add(below)
    }
    const kept = this.#base.values().filter(value => !replaced.has(value))
    return [...kept, ...this.writes().flatMap(({ after }) => (after === undefined ? [] : [after]))]
  }

  /** What was written, ascending by key. */
  writes(): readonly Write<T>[] {
    return [...this.#written]
      .map(([name, after]) => {
        const key = keyDigest(name)
        return { key, before: this.#base.get(key), after }
      })
      .sort((left, right) => compareBytes(left.key, right.key))
  }

  /** Puts what was written into a table. */
  writeTo(table: WriteTable<T>): void {
    for (const { key, after } of this.writes()) {
      if (after === undefined) table.delete(key)
      else table.set(key, after)
    }
  }
}
