/** How many entries lie together; a power of two. */
export const PAGE_ENTRIES = 4_096

/**
 * Fixed-size entries in pages that never move: no object per entry, so a million of them cost their bytes, and growing copies
 * nothing but the first page.
 */
export class GrowingBytes {
  readonly #entryBytes: number
  readonly #pages: Uint8Array[] = []
  #count = 0

  /** An empty list of entries of `entryBytes` bytes each. */
  constructor(entryBytes: number) {
    this.#entryBytes = entryBytes
  }

  /** How many entries there are. */
  get count(): number {
    return this.#count
  }

  /** Appends one entry, given whole or in two pieces that together have its size. */
  push(head: Uint8Array, tail?: Uint8Array): void {
    const page = this.#pageWithRoom()
    const at = (this.#count % PAGE_ENTRIES) * this.#entryBytes
    page.set(head, at)
    if (tail !== undefined) page.set(tail, at + head.length)
    this.#count += 1
  }

  /** Entry `index` as a view, valid until the next `push`. */
  at(index: number): Uint8Array {
    const page = this.#pages[Math.floor(index / PAGE_ENTRIES)] as Uint8Array
    const from = (index % PAGE_ENTRIES) * this.#entryBytes
    return page.subarray(from, from + this.#entryBytes)
  }

  /** The entries of a page that are there, as a view, valid until the next `push`; none beyond the last page. */
  page(index: number): Uint8Array {
    const entries = Math.min(Math.max(0, this.#count - index * PAGE_ENTRIES), PAGE_ENTRIES)
    return (this.#pages[index] ?? NOTHING).subarray(0, entries * this.#entryBytes)
  }

  #pageWithRoom(): Uint8Array {
    const index = Math.floor(this.#count / PAGE_ENTRIES)
    const needed = ((this.#count % PAGE_ENTRIES) + 1) * this.#entryBytes
    const page = this.#pages[index]
    if (page !== undefined && needed <= page.length) return page
    const grown = new Uint8Array(
      index === 0
        ? Math.max(64 * this.#entryBytes, 2 * (page?.length ?? 0))
        : PAGE_ENTRIES * this.#entryBytes,
    )
    if (page !== undefined) grown.set(page)
    this.#pages[index] = grown
    return grown
  }
}

const NOTHING = new Uint8Array(0)
