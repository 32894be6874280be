import type { StateEntry, StateMap } from '@mc/ledger'
import type { Codec, Writer } from '@mc/protocol/wire'

/** A row of a table, which is an entry of the map: its name never changes, its value is replaced, or nothing once it is gone. */
export class Row<T> implements StateEntry<T | undefined> {
  /** Its key in the table, by `digestKey`. */
  readonly name: string
  value: T | undefined
  /** Where it stands in the map, if it does. */
  place: number | undefined
  /** Whether the map is still to be told. */
  isChanged = false
  readonly #prefix: number
  readonly #codec: Codec<T>

  constructor(prefix: number, name: string, codec: Codec<T>) {
    this.#prefix = prefix
    this.name = name
    this.#codec = codec
  }

  get key(): Uint8Array {
    return tableKey(this.#prefix, this.name)
  }

  write(writer: Writer, value: T | undefined): void {
    if (value !== undefined) this.#codec.write(writer, value)
  }

  /** Tells the map that it has come, changed or gone. */
  flush(map: StateMap): void {
    this.isChanged = false
    if (this.value === undefined) {
      if (this.place !== undefined) map.remove(this.place)
      this.place = undefined
    } else if (this.place === undefined) this.place = map.put(this)
    else map.changed(this.place)
  }
}

/** The key in the map of a row of a table: its prefix and its own key. */
export function tableKey(prefix: number, key: string): Uint8Array {
  const bytes = new Uint8Array(key.length + 1)
  bytes[0] = prefix
  for (let at = 0; at < key.length; at += 1) bytes[at + 1] = key.charCodeAt(at)
  return bytes
}
