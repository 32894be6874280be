/** Fixed-size entries in one growing buffer: no object per entry, so a million of them cost their bytes. */
export class GrowingBytes {
  readonly #entryBytes: number
  #bytes: Uint8Array
  #count = 0

  /** An empty list of entries of `entryBytes` bytes each. */
  constructor(entryBytes: number) {
    this.#entryBytes = entryBytes
    this.#bytes = new Uint8Array(entryBytes * 64)
  }

  /** How many entries there are. */
  get count(): number {
    return this.#count
  }

  /** Appends one entry, given whole or in two pieces that together have its size. */
  push(head: Uint8Array, tail?: Uint8Array): void {
    this.#grow()
    const at = this.#count * this.#entryBytes
    this.#bytes.set(head, at)
    if (tail !== undefined) this.#bytes.set(tail, at + head.length)
    this.#count += 1
  }

  /** Entry `index` as a view, valid until the next `push`. */
  at(index: number): Uint8Array {
    return this.range(index, index + 1)
  }

  /** The entries from..to − 1 as one view, valid until the next `push`. */
  range(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from * this.#entryBytes, Math.min(to, this.#count) * this.#entryBytes)
  }

  #grow(): void {
    if ((this.#count + 1) * this.#entryBytes <= this.#bytes.length) return
    const grown = new Uint8Array(this.#bytes.length * 2)
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}
