/**
 * An order in which some members stand still again and again: what is meant for them waits.
 */
import type { Queue, Schedule, SimEvent } from '@mc/sim'

/** Oldest first; while the members stand still, what goes to them waits, unless nothing else is pending. */
export const stalling = (members: readonly number[], stallMs: number, now: () => number): Schedule => ({
  name: `stalling(${members.join(',')})`,
  create: <Event extends SimEvent>() => new Stalls<Event>(new Set(members), stallMs, now),
})

class Stalls<Event extends SimEvent> implements Queue<Event> {
  readonly #members: ReadonlySet<number>
  readonly #stallMs: number
  readonly #now: () => number
  readonly #served = new Line<Event>()
  readonly #stalled = new Line<Event>()

  constructor(members: ReadonlySet<number>, stallMs: number, now: () => number) {
    this.#members = members
    this.#stallMs = stallMs
    this.#now = now
  }

  get size(): number {
    return this.#served.size + this.#stalled.size
  }

  add(event: Event): void {
    const line = this.#members.has(event.to) ? this.#stalled : this.#served
    line.add(event)
  }

  next(): Event | undefined {
    const standsStill = Math.floor(this.#now() / this.#stallMs) % 2 === 0
    if (standsStill) return this.#served.next() ?? this.#stalled.next()
    // Both lines in turn: whoever runs again works off what has gathered, and nobody waits for that.
    this.#turn = !this.#turn
    const [first, second] = this.#turn ? [this.#stalled, this.#served] : [this.#served, this.#stalled]
    return first.next() ?? second.next()
  }

  #turn = false
}

/** First in, first out. */
class Line<Event> {
  #events: (Event | undefined)[] = []
  #head = 0

  get size(): number {
    return this.#events.length - this.#head
  }

  add(event: Event): void {
    this.#events.push(event)
  }

  next(): Event | undefined {
    const event = this.#events[this.#head]
    if (event === undefined) return undefined
    this.#events[this.#head] = undefined
    this.#head += 1
    if (this.#head >= 4_096 && 2 * this.#head >= this.#events.length) {
      this.#events = this.#events.slice(this.#head)
      this.#head = 0
    }
    return event
  }
}
