import type { SimEvent } from '../event.js'
import type { Schedule, ScheduleSetting } from '../schedule.js'
import { HoldBack } from './hold-back.js'
import { type Direction, touches } from './starve.js'

/** One member is slow: its messages wait until `amount` further events have happened. All else comes in random order. */
export const delay = (
  peer: number,
  amount: number,
  { direction = 'both' }: { readonly direction?: Direction } = {},
): Schedule => ({
  name: direction === 'both' ? `delay(${peer},${amount})` : `delay(${peer},${amount},${direction})`,
  create: <Event extends SimEvent>(setting: ScheduleSetting) =>
    new HoldBack<Event>(setting, 'delayed', (event, happened) =>
      touches(event, peer, direction) ? happened + amount : happened,
    ),
})
