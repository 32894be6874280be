/**
 * Who is served next: the power of the asynchronous network, as an object.
 */
import type { SimEvent } from './event.js'
import type { Random } from './random.js'

/** Holds what is pending and says what happens next. It may delay anything for long, but it may not lose anything. */
export interface Queue<Event> {
  /** How many events it holds. */
  readonly size: number
  /** Takes an event that has become pending at virtual time `nowMs`. */
  add(event: Event, nowMs: number): void
  /** Removes and returns what happens next; undefined only if it holds nothing. */
  next(): Event | undefined
}

/** What a schedule is made with. */
export interface ScheduleSetting {
  readonly n: number
  readonly random: Random
  /** Counts a fault of the network that was injected, for `run.injected`. */
  count(kind: string): void
}

/** Makes the queue of a run. One that looks into nothing serves every protocol. */
export interface Schedule<Input = unknown, Message = unknown> {
  readonly name: string
  create<Event extends SimEvent<Input, Message>>(setting: ScheduleSetting): Queue<Event>
}
