/**
 * The orders of delivery that laws are tried under.
 */
import type { Bit } from '@mc/protocol'
import {
  contentAware,
  lifo,
  type Queue,
  randomOrder,
  type Schedule,
  type ScheduleSetting,
  type SimEvent,
  starve,
} from '@mc/sim'
import type { RabaInput } from '../raba.js'
import type { Scenario } from './scenario.js'

/** Which bit a message speaks for, if any: for schedules that read messages. */
export type BitOf<Message> = (message: Message) => Bit | undefined

/** The bit in a message's field `bit` or `value`. */
export function bitOf(message: unknown): Bit | undefined {
  const { bit, value } = message as { readonly bit?: unknown; readonly value?: unknown }
  const found = bit ?? value
  return found === 0 || found === 1 ? found : undefined
}

/** The schedule of a situation. */
export function scheduleOf<Message>(scenario: Scenario, read: BitOf<Message>): Schedule<RabaInput, Message> {
  const order = ordered(scenario, read)
  return scenario.reproposals === 'last' ? reproposalsLast(order) : order
}

function ordered<Message>({ order, seed, n }: Scenario, read: BitOf<Message>): Schedule<RabaInput, Message> {
  switch (order) {
    case 'random':
      return randomOrder()
    case 'lifo':
      return lifo()
    case 'starve one':
      return starve(seed % n)
    case 'value split':
      return valueSplit(read)
  }
}

/** Even members hear of 0 first, odd ones of 1. */
export const valueSplit = <Message>(read: BitOf<Message>): Schedule<RabaInput, Message> =>
  contentAware(event => {
    if (event.type === 'input') return 1
    const bit = read(event.message)
    return bit === undefined || bit === event.to % 2 ? 1 : 0
  })

/** Reproposals are given only when nothing else is pending. */
export const reproposalsLast = <Message>(
  order: Schedule<RabaInput, Message>,
): Schedule<RabaInput, Message> => ({
  name: `reproposals-last(${order.name})`,
  create: <Event extends SimEvent<RabaInput, Message>>(setting: ScheduleSetting) =>
    new Postponement<Event>(order.create<Event>(setting), order.create<Event>(setting)),
})

class Postponement<Event extends SimEvent<RabaInput, unknown>> implements Queue<Event> {
  readonly #first: Queue<Event>
  readonly #last: Queue<Event>

  constructor(first: Queue<Event>, last: Queue<Event>) {
    this.#first = first
    this.#last = last
  }

  get size(): number {
    return this.#first.size + this.#last.size
  }

  add(event: Event, nowMs: number): void {
    const postponed = event.type === 'input' && event.input.type === 'repropose'
    const queue = postponed ? this.#last : this.#first
    queue.add(event, nowMs)
  }

  next(): Event | undefined {
    return this.#first.next() ?? this.#last.next()
  }
}
