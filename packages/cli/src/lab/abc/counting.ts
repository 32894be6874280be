/**
 * Counts what passes through a network, by the part of the work that it belongs to.
 */
import type { Queue, Schedule, ScheduleSetting, SimEvent } from '@mc/sim'
import type { Work } from './cell.js'
import { noWork, workOf } from './work.js'

/** What has passed so far. */
export class Passed {
  readonly messages: Record<Work, number> = noWork()
  readonly bytes: Record<Work, number> = noWork()
  /** The longest chain of messages that has led to a member's state. */
  readonly depth: number[]

  constructor(n: number) {
    this.depth = new Array<number>(n).fill(0)
  }
}

/** The same order; messages of members that are not `faulty` are counted as they are sent. */
export const counting = (order: Schedule, passed: Passed, faulty: ReadonlySet<number>): Schedule => ({
  name: order.name,
  create: <Event extends SimEvent>(setting: ScheduleSetting): Queue<Event> => {
    const queue = order.create<Event>(setting)
    return {
      get size() {
        return queue.size
      },
      add: (event, nowMs) => {
        if (event.type === 'message' && !faulty.has(event.from)) {
          const work = workOf(event.message)
          passed.messages[work] += 1
          passed.bytes[work] += event.bytes?.length ?? 0
        }
        queue.add(event, nowMs)
      },
      next: () => {
        const event = queue.next()
        if (event !== undefined)
          passed.depth[event.to] = Math.max(passed.depth[event.to] as number, event.depth)
        return event
      },
    }
  },
})
