/** Binary min-heap by a number, ties in the order of insertion. */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #keys: number[] = []
  readonly #order: number[] = []
  #inserted = 0

  get size(): number {
    return this.#items.length
  }

  /** The smallest key; undefined if empty. */
  get least(): number | undefined {
    return this.#keys[0]
  }

  add(item: T, key: number): void {
    let at = this.#items.length
    // It is the youngest: equals stay above it.
    while (at > 0 && key < (this.#keys[(at - 1) >> 1] as number)) {
      this.#move((at - 1) >> 1, at)
      at = (at - 1) >> 1
    }
    this.#put(at, item, key, this.#inserted++)
  }

  next(): T | undefined {
    const least = this.#items[0]
    const item = this.#items.pop()
    const key = this.#keys.pop()
    const order = this.#order.pop()
    if (this.#items.length > 0) this.#sink(item as T, key as number, order as number)
    return least
  }

  /** Looks for a place for an item, from the empty top on downwards. */
  #sink(item: T, key: number, order: number): void {
    const length = this.#items.length
    let at = 0
    for (let child = 1; child < length; child = 2 * at + 1) {
      if (
        child + 1 < length &&
        this.#isAbove(child + 1, this.#keys[child] as number, this.#order[child] as number)
      )
        child += 1
      if (!this.#isAbove(child, key, order)) break
      this.#move(child, at)
      at = child
    }
    this.#put(at, item, key, order)
  }

  /** Whether the item at this place comes before one with that key and order. */
  #isAbove(at: number, key: number, order: number): boolean {
    const other = this.#keys[at] as number
    return other < key || (other === key && (this.#order[at] as number) < order)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#items[from] as T, this.#keys[from] as number, this.#order[from] as number)
  }

  #put(at: number, item: T, key: number, order: number): void {
    this.#items[at] = item
    this.#keys[at] = key
    this.#order[at] = order
  }
}
