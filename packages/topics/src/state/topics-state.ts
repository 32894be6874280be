/** The state of an organisation: tables, what follows from them, and the map that commits to them. */
import type { Sha256 } from '@mc/crypto'
import type { Ring } from '@mc/identity'
import { type BytesEntry, StateMap } from '@mc/ledger'
import { DecodeError } from '@mc/protocol/wire'
import type { Ledgerwise } from './bookkeeping.js'
import { Indexes } from './indexes.js'
import type { Table } from './table.js'
import { emptyTables, type Tables } from './tables.js'

/** The key of the only entry of `ledgerwise`. */
const HERE = new Uint8Array(0)

/** The state of an organisation. */
export class TopicsState {
  readonly tables: Tables = emptyTables()
  readonly indexes: Indexes = new Indexes(this.tables)
  /** Rings that were opened, the newest last. */
  readonly rings: Map<string, Ring> = new Map()
  readonly #map: StateMap

  /** An empty state, or one whose map has been filled. */
  constructor(sha256: Sha256, map: StateMap = new StateMap(sha256)) {
    this.#map = map
  }

  /**
   * The state that a restored map holds.
   *
   * @throws DecodeError if an entry is of no table.
   */
  static of(map: StateMap<BytesEntry>, sha256: Sha256): TopicsState {
    const state = new TopicsState(sha256, map)
    const byPrefix = new Map<number, Table<unknown>>(
      Object.values(state.tables).map((table: Table<unknown>) => [table.prefix, table]),
    )
    for (const [place, entry] of map.entries()) {
      const [prefix = -1] = entry.key
      const table = byPrefix.get(prefix)
      if (table === undefined) throw new DecodeError(`no table has the prefix ${prefix}`)
      table.load(map, place, entry)
    }
    return state
  }

  /** Where the blocks stand. */
  get here(): Ledgerwise {
    return this.tables.ledgerwise.must(HERE)
  }

  /** Sets where the blocks stand. */
  set here(here: Ledgerwise) {
    this.tables.ledgerwise.set(HERE, here)
  }

  /** L in seconds. */
  get clock(): number {
    return Math.floor(this.here.clockMs / 1000)
  }

  /** The map with everything written to it. */
  get map(): StateMap {
    for (const table of Object.values(this.tables)) (table as Table<unknown>).flush(this.#map)
    return this.#map
  }
}
