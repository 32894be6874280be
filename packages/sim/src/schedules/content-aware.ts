import type { SimEvent } from '../event.js'
import type { Random } from '../random.js'
import type { Queue, Schedule, ScheduleSetting } from '../schedule.js'
import { Pool } from './pool.js'

/**
 * The network reads everything: the event with the highest preference comes next, equals in random order.
 *
 * `prefer` is asked once, when the event becomes pending, and should return few different numbers. Unfair on purpose: what
 * is least wanted waits until nothing else is pending, so a protocol that never runs dry may never see it.
 */
export const contentAware = <Input, Message>(
  prefer: (event: SimEvent<Input, Message>) => number,
): Schedule<Input, Message> => ({
  name: 'content',
  create: <Event extends SimEvent<Input, Message>>({ random }: ScheduleSetting) =>
    new Preference<Event>(random, prefer),
})

class Preference<Event> implements Queue<Event> {
  readonly #random: Random
  readonly #prefer: (event: Event) => number
  readonly #pools = new Map<number, Pool<Event>>()
  /** The pools, most wanted first. */
  #order: Pool<Event>[] = []
  #size = 0

  constructor(random: Random, prefer: (event: Event) => number) {
    this.#random = random
    this.#prefer = prefer
  }

  get size(): number {
    return this.#size
  }

  add(event: Event): void {
    const preference = this.#prefer(event)
    const pool = this.#pools.get(preference) ?? this.#open(preference)
    pool.add(event)
    this.#size += 1
  }

  next(): Event | undefined {
    for (const pool of this.#order) {
      const event = pool.next()
      if (event === undefined) continue
      this.#size -= 1
      return event
    }
    return undefined
  }

  #open(preference: number): Pool<Event> {
    const pool = new Pool<Event>(this.#random)
    this.#pools.set(preference, pool)
    this.#order = [...this.#pools].sort(([a], [b]) => b - a).map(([, opened]) => opened)
    return pool
  }
}
