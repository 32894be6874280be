/** How many digests lie together; a power of two. */
const PAGE_DIGESTS = 4_096

/** Length of a digest in bytes, and in words of four. */
const BYTES = 32
const WORDS = 8

/** Digests by number, in pages that never move: a million of them are their bytes, and no object is made for one. */
export class Digests {
  readonly #words: Int32Array[] = []
  readonly #bytes: Uint8Array[] = []

  /** Sets digest `index`; there is room for it and all before it from now on. */
  set(index: number, digest: Uint8Array): void {
    while (index >= this.#words.length * PAGE_DIGESTS) this.#addPage()
    this.#pageOf(index).set(digest, (index % PAGE_DIGESTS) * BYTES)
  }

  /** A copy of digest `index`. */
  at(index: number): Uint8Array {
    const from = (index % PAGE_DIGESTS) * BYTES
    return this.#pageOf(index).slice(from, from + BYTES)
  }

  /** Byte `at` of digest `index`. */
  byte(index: number, at: number): number {
    return this.#pageOf(index)[(index % PAGE_DIGESTS) * BYTES + at] as number
  }

  /** Whether digest `index` is this one. */
  equals(index: number, digest: Uint8Array): boolean {
    for (let at = 0; at < BYTES; at += 1) if (this.byte(index, at) !== digest[at]) return false
    return true
  }

  /** Copies digest `index` to word `to` of `target`: by words, since nothing else happens as often. */
  copyTo(target: Int32Array, to: number, index: number): void {
    const page = this.#words[Math.floor(index / PAGE_DIGESTS)] as Int32Array
    const from = (index % PAGE_DIGESTS) * WORDS
    for (let word = 0; word < WORDS; word += 1) target[to + word] = page[from + word] as number
  }

  #pageOf(index: number): Uint8Array {
    return this.#bytes[Math.floor(index / PAGE_DIGESTS)] as Uint8Array
  }

  #addPage(): void {
    const page = new Int32Array(PAGE_DIGESTS * WORDS)
    this.#words.push(page)
    this.#bytes.push(new Uint8Array(page.buffer))
  }
}
