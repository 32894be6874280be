import type { Random } from '../random.js'
import type { Queue } from '../schedule.js'

/** A bag of which any event comes next with equal probability; both ways in O(1). */
export class Pool<Event> implements Queue<Event> {
  readonly #random: Random
  readonly #events: Event[] = []

  constructor(random: Random) {
    this.#random = random
  }

  get size(): number {
    return this.#events.length
  }

  add(event: Event): void {
    this.#events.push(event)
  }

  next(): Event | undefined {
    const events = this.#events
    if (events.length === 0) return undefined
    const at = this.#random.below(events.length)
    const last = events.pop() as Event
    if (at === events.length) return last
    const event = events[at] as Event
    events[at] = last
    return event
  }
}
