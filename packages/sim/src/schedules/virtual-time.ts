import type { SimEvent } from '../event.js'
import type { Queue, Schedule, ScheduleSetting } from '../schedule.js'
import { Heap } from './heap.js'

/** A model of a network in time. */
export interface VirtualTimeOptions {
  /** Least and most milliseconds that a message takes, uniform between them. */
  readonly latencyMs: readonly [min: number, max: number]
  /** Bytes per millisecond that one member can send; unlimited by default. Counts only in encoded runs. */
  readonly bandwidth?: number
}

/**
 * Messages arrive when a network of this latency and bandwidth would deliver them, by a virtual clock. Inputs are given at once.
 *
 * @throws RangeError unless 0 ≤ min ≤ max and the bandwidth is positive.
 */
export function virtualTime({ latencyMs: [min, max], bandwidth = Infinity }: VirtualTimeOptions): Schedule {
  if (!(min >= 0 && max >= min && bandwidth > 0)) {
    throw new RangeError(`virtual time: need 0 ≤ min ≤ max and a bandwidth, got ${min}, ${max}, ${bandwidth}`)
  }
  return {
    name: `virtual(${min}-${max}ms${bandwidth === Infinity ? '' : `,${bandwidth}B/ms`})`,
    create: <Event extends SimEvent>(setting: ScheduleSetting) =>
      new VirtualTime<Event>(setting, min, max, bandwidth),
  }
}

class VirtualTime<Event extends SimEvent> implements Queue<Event> {
  readonly #setting: ScheduleSetting
  readonly #min: number
  readonly #span: number
  readonly #bandwidth: number
  /** When each member's line is free again. */
  readonly #freeAt: Float64Array
  readonly #heap = new Heap<Event>()

  constructor(setting: ScheduleSetting, min: number, max: number, bandwidth: number) {
    this.#setting = setting
    this.#min = min
    this.#span = (max - min) / 2 ** 32
    this.#bandwidth = bandwidth
    this.#freeAt = new Float64Array(setting.n)
  }

  get size(): number {
    return this.#heap.size
  }

  add(event: Event, nowMs: number): void {
    event.atMs = event.type === 'input' ? nowMs : this.#sentAt(event, nowMs) + this.#latency()
    this.#heap.add(event, event.atMs)
  }

  next(): Event | undefined {
    return this.#heap.next()
  }

  #latency(): number {
    return this.#min + this.#setting.random.u32() * this.#span
  }

  /** When the last byte has left the sender. */
  #sentAt({ from, bytes }: Event, nowMs: number): number {
    if (this.#bandwidth === Infinity) return nowMs
    const sent = Math.max(nowMs, this.#freeAt[from] as number) + (bytes?.length ?? 0) / this.#bandwidth
    this.#freeAt[from] = sent
    return sent
  }
}
