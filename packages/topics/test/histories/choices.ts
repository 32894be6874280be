/** What a stream of bytes decides: the same bytes, the same history. */
export class Choices {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length
  }

  below(count: number): number {
    const value = this.#bytes[this.#at] ?? 0
    this.#at += 1
    return count === 0 ? 0 : value % count
  }

  of<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)]
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0
  }
}
