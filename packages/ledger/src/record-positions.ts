/**
 * Where each id stands: a table of positions, without an object or a key per entry.
 *
 * The ids themselves are in the records, so a slot is four bytes. An id is a digest, hence its first bytes are its hash. Who
 * makes many ids on purpose that begin alike pays with as many hashes as the table has slots for each of them.
 */

/** Slots of an empty table; a power of two. */
const SLOTS_MIN = 64

/** The records that hold the ids. */
export interface RecordIds {
  /** The record at a position; it begins with its id. */
  at(position: number): Uint8Array
}

/** Positions by id, open addressing with linear probing; at most three quarters of the slots are taken. */
export class RecordPositions {
  readonly #ids: RecordIds
  /** Position + 1; 0 where nothing is. */
  #slots = new Uint32Array(SLOTS_MIN)
  #count = 0

  /** No positions yet. */
  constructor(ids: RecordIds) {
    this.#ids = ids
  }

  /** The position of the id with this key, if it was added. */
  get(key: string): number | undefined {
    const slots = this.#slots
    for (let slot = hashOfKey(key); ; slot += 1) {
      const taken = slots[slot & (slots.length - 1)] as number
      if (taken === 0) return undefined
      if (isSame(this.#ids.at(taken - 1), key)) return taken - 1
    }
  }

  /** Adds the next position: that of a new id, which the records hold already. */
  add(): void {
    if (4 * (this.#count + 1) > 3 * this.#slots.length) this.#grow()
    this.#put(this.#count)
    this.#count += 1
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length)
    for (let position = 0; position < this.#count; position += 1) this.#put(position)
  }

  #put(position: number): void {
    const slots = this.#slots
    let slot = hashOfId(this.#ids.at(position))
    while (slots[slot & (slots.length - 1)] !== 0) slot += 1
    slots[slot & (slots.length - 1)] = position + 1
  }
}

// Signed, as shifts leave it: only the lower bits are ever looked at.
const hashOfKey = (key: string): number =>
  key.charCodeAt(0) | (key.charCodeAt(1) << 8) | (key.charCodeAt(2) << 16) | (key.charCodeAt(3) << 24)

const hashOfId = (id: Uint8Array): number =>
  (id[0] as number) | ((id[1] as number) << 8) | ((id[2] as number) << 16) | ((id[3] as number) << 24)

/** Whether a record begins with the bytes of this key. */
function isSame(record: Uint8Array, key: string): boolean {
  for (let at = 0; at < key.length; at += 1) if (record[at] !== key.charCodeAt(at)) return false
  return true
}
