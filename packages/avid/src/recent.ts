/** The most recently used values, at most `max` of them; the least recently used one goes first. */
export class Recent<Key, Value> {
  readonly #max: number
  // A map iterates in the order of insertion, and every use inserts anew.
  readonly #values = new Map<Key, Value>()

  /** Nothing yet; `max` ≥ 1. */
  constructor(max: number) {
    this.#max = max
  }

  /** The value of `key`, made if it is not there. */
  getOrMake(key: Key, make: () => Value): Value {
    const value = this.#values.get(key) ?? make()
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size > this.#max) this.#values.delete(this.#values.keys().next().value as Key)
    return value
  }
}
