import type { SimEvent } from '../event.js'
import type { Queue, Schedule, ScheduleSetting } from '../schedule.js'
import { Pool } from './pool.js'

/** Which messages of the starved member wait: those to it, those from it, or both. */
export type Direction = 'to' | 'from' | 'both'

/** One member is served only when nothing else is pending; its inputs and all others come in random order. */
export const starve = (
  peer: number,
  { direction = 'to' }: { readonly direction?: Direction } = {},
): Schedule => ({
  name: direction === 'to' ? `starve(${peer})` : `starve(${peer},${direction})`,
  create: <Event extends SimEvent>(setting: ScheduleSetting) =>
    new Starvation<Event>(setting, event => touches(event, peer, direction)),
})

/** Whether a message goes to or comes from the peer, as asked. Inputs are nobody's messages. */
export function touches(event: SimEvent<unknown, unknown>, peer: number, direction: Direction): boolean {
  if (event.type === 'input') return false
  return (direction !== 'from' && event.to === peer) || (direction !== 'to' && event.from === peer)
}

class Starvation<Event> implements Queue<Event> {
  readonly #served: Pool<Event>
  readonly #starved: Pool<Event>
  readonly #setting: ScheduleSetting
  readonly #isStarved: (event: Event) => boolean

  constructor(setting: ScheduleSetting, isStarved: (event: Event) => boolean) {
    this.#setting = setting
    this.#isStarved = isStarved
    this.#served = new Pool(setting.random)
    this.#starved = new Pool(setting.random)
  }

  get size(): number {
    return this.#served.size + this.#starved.size
  }

  add(event: Event): void {
    if (this.#isStarved(event)) {
      this.#setting.count('starved')
      this.#starved.add(event)
    } else this.#served.add(event)
  }

  next(): Event | undefined {
    return this.#served.next() ?? this.#starved.next()
  }
}
