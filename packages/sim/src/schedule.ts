/**
 * Who is served next: the power of the asynchronous network, as an object.
 */
import type { SimEvent } from './event.js'
import type { Random } from './random.js'

/** Holds what is pending and says what happens next. It may delay anything for long, but it may not lose anything. */
export interface Queue<Input, Message> {
  /** How many events it holds. */
  readonly size: number
  /** Takes an event that has become pending at virtual time `nowMs`. */
  add(event: SimEvent<Input, Message>, nowMs: number): void
  /** Removes and returns what happens next; undefined only if it holds nothing. */
  next(): SimEvent<Input, Message> | undefined
}

/** What a schedule is made with. */
export interface ScheduleSetting {
  readonly n: number
  readonly random: Random
  /** Counts a fault of the network that was injected, for `run.injected`. */
  count(kind: string): void
}

/** A schedule that looks into inputs and messages of one protocol. */
export interface Schedule<Input, Message> {
  readonly name: string
  create(setting: ScheduleSetting): Queue<Input, Message>
}

/** A schedule for every protocol. */
export interface AnySchedule {
  readonly name: string
  create<Input, Message>(setting: ScheduleSetting): Queue<Input, Message>
}
