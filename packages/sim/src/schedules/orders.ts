/**
 * The plain orders: random, oldest first, newest first.
 */
import type { SimEvent } from '../event.js'
import type { Queue, Schedule, ScheduleSetting } from '../schedule.js'
import { Line } from './line.js'
import { Pool } from './pool.js'

/** Any pending event comes next with equal probability. Fair with probability 1, and links do not keep their order. */
export const randomOrder = (): Schedule => ({
  name: 'random',
  create: <Event extends SimEvent>({ random }: ScheduleSetting) => new Pool<Event>(random),
})

/** The oldest pending event comes next: every message takes equally long. Fair. */
export const fifo = (): Schedule => ({
  name: 'fifo',
  create: <Event extends SimEvent>() => new Line<Event>(),
})

/** The newest pending event comes next: what is old waits until everything that it is not needed for has run dry. */
export const lifo = (): Schedule => ({
  name: 'lifo',
  create: <Event extends SimEvent>() => new Stack<Event>(),
})

class Stack<Event> implements Queue<Event> {
  readonly #events: Event[] = []

  get size(): number {
    return this.#events.length
  }

  add(event: Event): void {
    this.#events.push(event)
  }

  next(): Event | undefined {
    return this.#events.pop()
  }
}
