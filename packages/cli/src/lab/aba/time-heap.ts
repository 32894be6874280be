/** Pending events by the time at which they happen; equals in the order of insertion. */
export class TimeHeap<Event> {
  readonly #entries: Entry<Event>[] = []
  #inserted = 0

  get size(): number {
    return this.#entries.length
  }

  add(event: Event, atMs: number): void {
    const entries = this.#entries
    const entry = { event, atMs, order: this.#inserted++ }
    let at = entries.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = entries[parent] as Entry<Event>
      if (!isBefore(entry, above)) break
      entries[at] = above
      at = parent
    }
    entries[at] = entry
  }

  next(): Event | undefined {
    const [first] = this.#entries
    const last = this.#entries.pop()
    if (first !== undefined && last !== undefined && last !== first) this.#sink(last)
    return first?.event
  }

  /** Puts an entry at the top, and lets it sink to its place. */
  #sink(entry: Entry<Event>): void {
    const entries = this.#entries
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      const right = left + 1
      const child =
        right < entries.length && isBefore(entries[right] as Entry<Event>, entries[left] as Entry<Event>)
          ? right
          : left
      const below = entries[child]
      if (below === undefined || !isBefore(below, entry)) {
        entries[at] = entry
        return
      }
      entries[at] = below
      at = child
    }
  }
}

interface Entry<Event> {
  readonly event: Event
  readonly atMs: number
  readonly order: number
}

const isBefore = (a: Entry<unknown>, b: Entry<unknown>): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
