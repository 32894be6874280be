import { keyDigest } from '@mc/crypto'
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

  writeKey(writer: Writer): void {
    writer.u8(this.#prefix)
    writer.raw(keyDigest(this.name))
  }

  writeValue(writer: Writer, value: T | undefined): void {
    if (value !== undefined) this.#codec.write(writer, value)
  }

  /** Tells the map that it has come, changed or gone. */
  flush(map: StateMap): void {
    this.isChanged = false
    if (this.value === undefined) {
      // It never comes back: what is set under its name again is another row.
      if (this.place !== undefined) map.remove(this.place)
    } else if (this.place === undefined) this.place = map.put(this)
    else map.changed(this.place)
  }
}

/** The key in the map of a row of a table: its prefix and its own key. */
export const tableKey = (prefix: number, key: string): Uint8Array => Uint8Array.of(prefix, ...keyDigest(key))
