import type { Random } from '../random.js'
import type { Queue, ScheduleSetting } from '../schedule.js'
import { Heap } from './heap.js'
import { Pool } from './pool.js'

/** Random order, but some events become available only after so many others have happened, or when nothing else is pending. */
export class HoldBack<Event> implements Queue<Event> {
  readonly #available: Pool<Event>
  readonly #held = new Heap<Event>()
  readonly #releaseAt: (event: Event, happened: number, random: Random) => number
  readonly #setting: ScheduleSetting
  readonly #kind: string
  #happened = 0

  /** `releaseAt` says after how many events this one is available, given how many have happened. */
  constructor(
    setting: ScheduleSetting,
    kind: string,
    releaseAt: (event: Event, happened: number, random: Random) => number,
  ) {
    this.#setting = setting
    this.#kind = kind
    this.#available = new Pool(setting.random)
    this.#releaseAt = releaseAt
  }

  get size(): number {
    return this.#available.size + this.#held.size
  }

  add(event: Event): void {
    const releaseAt = this.#releaseAt(event, this.#happened, this.#setting.random)
    if (releaseAt <= this.#happened) {
      this.#available.add(event)
      return
    }
    this.#setting.count(this.#kind)
    this.#held.add(event, releaseAt)
  }

  next(): Event | undefined {
    // Nothing but held events: the wait is over, for otherwise it would never end.
    if (this.#available.size === 0 && this.#held.least !== undefined) {
      this.#happened = Math.max(this.#happened, this.#held.least)
    }
    while (this.#held.least !== undefined && this.#held.least <= this.#happened) {
      this.#available.add(this.#held.next() as Event)
    }
    this.#happened += 1
    return this.#available.next()
  }
}
