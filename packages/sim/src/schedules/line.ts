import type { Queue } from '../schedule.js'

/** First in, first out, in amortised O(1). */
export class Line<Event> implements Queue<Event> {
  #events: Event[] = []
  #head = 0

  get size(): number {
    return this.#events.length - this.#head
  }

  /** What comes next, without taking it. */
  peek(): Event | undefined {
    return this.#events[this.#head]
  }

  add(event: Event): void {
    this.#events.push(event)
  }

  next(): Event | undefined {
    const event = this.#events[this.#head]
    if (event === undefined) return undefined
    this.#head += 1
    if (this.#head >= 1024 && 2 * this.#head >= this.#events.length) {
      this.#events = this.#events.slice(this.#head)
      this.#head = 0
    }
    return event
  }
}
