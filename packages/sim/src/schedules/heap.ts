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
    this.#items.push(item)
    this.#keys.push(key)
    this.#order.push(this.#inserted++)
    this.#rise(this.#items.length - 1)
  }

  next(): T | undefined {
    const last = this.#items.length - 1
    if (last < 0) return undefined
    this.#swap(0, last)
    const least = this.#items.pop()
    this.#keys.pop()
    this.#order.pop()
    this.#sink()
    return least
  }

  #rise(from: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  #sink(): void {
    const length = this.#items.length
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      if (left >= length) return
      const child = left + 1 < length && this.#before(left + 1, left) ? left + 1 : left
      if (!this.#before(child, at)) return
      this.#swap(at, child)
      at = child
    }
  }

  #before(a: number, b: number): boolean {
    const [keyA, keyB] = [this.#keys[a] as number, this.#keys[b] as number]
    return keyA < keyB || (keyA === keyB && (this.#order[a] as number) < (this.#order[b] as number))
  }

  #swap(a: number, b: number): void {
    swap(this.#items, a, b)
    swap(this.#keys, a, b)
    swap(this.#order, a, b)
  }
}

function swap<T>(list: T[], a: number, b: number): void {
  const item = list[a] as T
  list[a] = list[b] as T
  list[b] = item
}
