/**
 * The plain orders: random, oldest first, newest first.
 */
import type { SimEvent } from '../event.js'
import type { AnySchedule, Queue, ScheduleSetting } from '../schedule.js'
import { Line } from './line.js'
import { Pool } from './pool.js'

/** Any pending event comes next with equal probability. Fair with probability 1, and links do not keep their order. */
export const randomOrder = (): AnySchedule => ({
  name: 'random',
  create: <Input, Message>({ random }: ScheduleSetting) => new Pool<Input, Message>(random),
})

/** The oldest pending event comes next: every message takes equally long. Fair. */
export const fifo = (): AnySchedule => ({
  name: 'fifo',
  create: <Input, Message>() => new Line<Input, Message>(),
})

/** The newest pending event comes next: what is old waits until everything that it is not needed for has run dry. */
export const lifo = (): AnySchedule => ({
  name: 'lifo',
  create: <Input, Message>() => new Stack<Input, Message>(),
})

class Stack<Input, Message> implements Queue<Input, Message> {
  readonly #events: SimEvent<Input, Message>[] = []

  get size(): number {
    return this.#events.length
  }

  add(event: SimEvent<Input, Message>): void {
    this.#events.push(event)
  }

  next(): SimEvent<Input, Message> | undefined {
    return this.#events.pop()
  }
}
