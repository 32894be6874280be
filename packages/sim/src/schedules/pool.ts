import type { SimEvent } from '../event.js'
import type { Random } from '../random.js'
import type { Queue } from '../schedule.js'

/** A bag of which any event comes next with equal probability; both ways in O(1). */
export class Pool<Input, Message> implements Queue<Input, Message> {
  readonly #random: Random
  readonly #events: SimEvent<Input, Message>[] = []

  constructor(random: Random) {
    this.#random = random
  }

  get size(): number {
    return this.#events.length
  }

  add(event: SimEvent<Input, Message>): void {
    this.#events.push(event)
  }

  next(): SimEvent<Input, Message> | undefined {
    const events = this.#events
    if (events.length === 0) return undefined
    const at = this.#random.below(events.length)
    const last = events.pop() as SimEvent<Input, Message>
    if (at === events.length) return last
    const event = events[at] as SimEvent<Input, Message>
    events[at] = last
    return event
  }
}
