/**
 * A network that changes its mind: preferences may follow what has been revealed meanwhile.
 */
import { contentAware, type Queue, type Schedule, type SimEvent } from '@mc/sim'

/** The event with the highest preference comes next, equals in random order; all are asked anew when `version` changes. */
export const reactive = <Input, Message>(
  prefer: (event: SimEvent<Input, Message>) => number,
  version: () => number,
): Schedule<Input, Message> => ({
  name: 'reactive',
  create: <Event extends SimEvent<Input, Message>>(
    setting: Parameters<Schedule<Input, Message>['create']>[0],
  ): Queue<Event> => {
    const fresh = (): Queue<Event> => contentAware(prefer).create<Event>(setting)
    let [queue, seen] = [fresh(), version()]
    return {
      get size() {
        return queue.size
      },
      add: (event, nowMs) => queue.add(event, nowMs),
      next: () => {
        if (version() !== seen) {
          const before = queue
          ;[queue, seen] = [fresh(), version()]
          for (let event = before.next(); event !== undefined; event = before.next())
            queue.add(event, event.atMs)
        }
        return queue.next()
      },
    }
  },
})
