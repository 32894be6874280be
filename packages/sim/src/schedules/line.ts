import type { SimEvent } from '../event.js'
import type { Queue } from '../schedule.js'

/** First in, first out, in amortised O(1). */
export class Line<Input, Message> implements Queue<Input, Message> {
  #events: SimEvent<Input, Message>[] = []
  #head = 0

  get size(): number {
    return this.#events.length - this.#head
  }

  /** What comes next, without taking it. */
  peek(): SimEvent<Input, Message> | undefined {
    return this.#events[this.#head]
  }

  add(event: SimEvent<Input, Message>): void {
    this.#events.push(event)
  }

  next(): SimEvent<Input, Message> | undefined {
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
