import type { SimEvent } from '../event.js'
import type { Queue, Schedule } from '../schedule.js'

/**
 * The order of an earlier run: the lines of its trace, or just the numbers after `#`.
 *
 * Lines of events that are not pending are passed over, so a trace may be cut down line by line until only what matters is
 * left. What it does not name comes afterwards, oldest first.
 */
export function replay(trace: readonly (string | number)[]): Schedule {
  const order = trace.map(idOf).filter(id => id !== undefined)
  return { name: 'replay', create: <Event extends SimEvent>() => new Replay<Event>(order) }
}

function idOf(entry: string | number): number | undefined {
  if (typeof entry === 'number') return entry
  const id = /^#(\d+) /.exec(entry)?.[1]
  return id === undefined ? undefined : Number(id)
}

class Replay<Event extends SimEvent> implements Queue<Event> {
  /** Ascending by id, since a map keeps the order of insertion. */
  readonly #pending = new Map<number, Event>()
  readonly #order: readonly number[]
  #at = 0

  constructor(order: readonly number[]) {
    this.#order = order
  }

  get size(): number {
    return this.#pending.size
  }

  add(event: Event): void {
    this.#pending.set(event.id, event)
  }

  next(): Event | undefined {
    while (this.#at < this.#order.length) {
      const named = this.#take(this.#order[this.#at++] as number)
      if (named !== undefined) return named
    }
    for (const id of this.#pending.keys()) return this.#take(id)
    return undefined
  }

  #take(id: number): Event | undefined {
    const event = this.#pending.get(id)
    this.#pending.delete(id)
    return event
  }
}
