/**
 * Networks of the laboratory: a fair random order without time, or delays and bandwidth by a virtual clock; and what an adversary
 * that reads may hold back in either.
 */
import type { Queue, Random, Schedule, ScheduleSetting, SimEvent } from '@mc/sim'
import { TimeHeap } from './time-heap.js'

/** A network in time, as a model: no figure of it is measured. */
export interface TimedNetwork {
  readonly sentence: string
  /** One-way milliseconds between two members, without jitter. */
  oneWayMs(from: number, to: number): number
  /** What is added, at random between 0 and this part of the delay. */
  readonly jitter: number
  /** Bytes that a member can send per millisecond. */
  readonly bytesPerMs: number
}

/** Round trips between regions of a public cloud, typical and rounded to 5 ms: assumptions of the model. */
const ROUND_TRIPS_MS: readonly (readonly number[])[] = [
  // Virginia, Oregon, Ireland, Tokyo, São Paulo, Singapore, Frankfurt, Sydney, Mumbai, Canada
  [1, 70, 70, 160, 115, 215, 90, 200, 190, 15],
  [70, 1, 125, 100, 175, 165, 145, 140, 215, 65],
  [70, 125, 1, 205, 180, 175, 25, 255, 120, 70],
  [160, 100, 205, 1, 255, 70, 225, 105, 130, 145],
  [115, 175, 180, 255, 1, 325, 205, 315, 300, 125],
  [215, 165, 175, 70, 325, 1, 160, 95, 60, 215],
  [90, 145, 25, 225, 205, 160, 1, 250, 110, 95],
  [200, 140, 255, 105, 315, 95, 250, 1, 150, 200],
  [190, 215, 120, 130, 300, 60, 110, 150, 1, 190],
  [15, 65, 70, 145, 125, 215, 95, 200, 190, 1],
]

const regions =
  (count: number) =>
  (from: number, to: number): number =>
    ((ROUND_TRIPS_MS[from % count] as readonly number[])[to % count] as number) / 2

const GIGABIT = 125_000

/** The networks with a clock. */
export const TIMED_NETWORKS: Readonly<Record<string, TimedNetwork>> = {
  lan: {
    sentence: 'one site: 0.1 ms one way, jitter up to 100 %, 1 Gbit/s per member',
    oneWayMs: () => 0.1,
    jitter: 1,
    bytesPerMs: GIGABIT,
  },
  wan5: {
    sentence: 'five regions of the world: 0.5 to 128 ms one way, jitter up to 10 %, 1 Gbit/s per member',
    oneWayMs: regions(5),
    jitter: 0.1,
    bytesPerMs: GIGABIT,
  },
  wan10: {
    sentence: 'ten regions of the world: 0.5 to 163 ms one way, jitter up to 10 %, 1 Gbit/s per member',
    oneWayMs: regions(10),
    jitter: 0.1,
    bytesPerMs: GIGABIT,
  },
  '25mbit': {
    sentence: 'thin lines: 50 ms one way, jitter up to 10 %, 25 Mbit/s per member',
    oneWayMs: () => 50,
    jitter: 0.1,
    bytesPerMs: 3_125,
  },
}

/** The network without a clock: any pending message comes next with equal chance. */
export const UNTIMED = 'random'

/** All names. */
export const NETWORK_NAMES: readonly string[] = [UNTIMED, ...Object.keys(TIMED_NETWORKS)]

/** Headers of TCP, IP and an encrypted frame: a vote travels alone in these models. */
export const OVERHEAD_BYTES = 64

/** Whether an adversary wants this message to wait. */
export type Holds = (event: SimEvent<unknown, unknown>) => boolean

/** The clock of a run, read by whoever watches it. */
export interface Clock {
  nowMs: number
}

/** The schedule of a network; `holds` names messages that wait longer than others, but not for ever. */
export function networkSchedule(name: string, clock: Clock, holds: Holds = () => false): Schedule {
  const timed = TIMED_NETWORKS[name]
  return {
    name,
    create: <Event extends SimEvent>(setting: ScheduleSetting) =>
      timed === undefined
        ? new HeldOrder<Event>(setting, holds)
        : new TimedOrder<Event>(setting, timed, clock, holds),
  }
}

/** Random order, in which what is held back waits until 4n² further events have happened, or nothing else is pending. */
class HeldOrder<Event extends SimEvent> implements Queue<Event> {
  readonly #random: Random
  readonly #holds: Holds
  readonly #patience: number
  readonly #free: Event[] = []
  /** All wait equally long, so the first in is the first out. */
  readonly #held: { readonly event: Event; readonly until: number }[] = []
  #released = 0
  #happened = 0

  constructor({ random, n }: ScheduleSetting, holds: Holds) {
    this.#random = random
    this.#holds = holds
    this.#patience = 4 * n * n
  }

  get size(): number {
    return this.#free.length + this.#held.length - this.#released
  }

  add(event: Event): void {
    if (this.#holds(event)) this.#held.push({ event, until: this.#happened + this.#patience })
    else this.#free.push(event)
  }

  next(): Event | undefined {
    if (this.#free.length === 0)
      this.#happened = Math.max(this.#happened, this.#held[this.#released]?.until ?? 0)
    for (let first = this.#held[this.#released]; first !== undefined && first.until <= this.#happened; ) {
      this.#free.push(first.event)
      this.#released += 1
      first = this.#held[this.#released]
    }
    this.#happened += 1
    const at = this.#free.length > 1 ? this.#random.below(this.#free.length) : 0
    const chosen = this.#free[at]
    const last = this.#free.pop()
    if (at < this.#free.length) this.#free[at] = last as Event
    return chosen
  }
}

/** Messages leave one after the other through their sender's line, and arrive after its delay; held ones take five times as long. */
class TimedOrder<Event extends SimEvent> implements Queue<Event> {
  readonly #random: Random
  readonly #network: TimedNetwork
  readonly #clock: Clock
  readonly #holds: Holds
  readonly #lineFreeAt: Float64Array
  readonly #heap = new TimeHeap<Event>()

  constructor({ random, n }: ScheduleSetting, network: TimedNetwork, clock: Clock, holds: Holds) {
    this.#random = random
    this.#network = network
    this.#clock = clock
    this.#holds = holds
    this.#lineFreeAt = new Float64Array(n)
  }

  get size(): number {
    return this.#heap.size
  }

  add(event: Event, nowMs: number): void {
    event.atMs =
      event.type === 'message' ? this.#leaves(event, nowMs) + this.#travels(event) : this.#given(event, nowMs)
    this.#heap.add(event, event.atMs)
  }

  next(): Event | undefined {
    const event = this.#heap.next()
    if (event !== undefined && event.atMs > this.#clock.nowMs) this.#clock.nowMs = event.atMs
    return event
  }

  #leaves({ from, bytes }: Event, nowMs: number): number {
    const size = (bytes?.length ?? 0) + OVERHEAD_BYTES
    const left = Math.max(nowMs, this.#lineFreeAt[from] as number) + size / this.#network.bytesPerMs
    this.#lineFreeAt[from] = left
    return left
  }

  #travels(event: Event): number {
    const { from, to } = event
    const delay =
      this.#network.oneWayMs(from, to) * (1 + (this.#random.u32() / 2 ** 32) * this.#network.jitter)
    return this.#holds(event) ? HELD_FACTOR * delay : delay
  }

  /** First inputs are there at once; a reproposal waits for news from the next member, as the broadcast it stands for would. */
  #given(event: Event, nowMs: number): number {
    if (event.type === 'message' || (event.input as { type?: string }).type !== 'repropose') return nowMs
    return nowMs + 3 * this.#network.oneWayMs(event.to, event.to + 1)
  }
}

const HELD_FACTOR = 5
