import type { SimEvent } from '../event.js'
import type { Schedule, ScheduleSetting } from '../schedule.js'
import { HoldBack } from './hold-back.js'

/** When a partition heals, and whether it comes back; both counted in events. */
export interface PartitionOptions {
  /** The groups are cut off from each other for so many events. */
  readonly healAfter: number
  /** So many events after healing the same cut opens again, and so on; never by default. */
  readonly againAfter?: number
}

/**
 * Messages between the groups wait until the cut heals, or until nothing else is pending. Within a group the order is random.
 * Members that no group names are a group of their own.
 */
export function partition(
  groups: readonly (readonly number[])[],
  { healAfter, againAfter = Infinity }: PartitionOptions,
): Schedule {
  const groupOf = new Map(groups.flatMap((members, group) => members.map(member => [member, group] as const)))
  const period = healAfter + againAfter
  return {
    name: `partition(${groups.map(members => members.join(',')).join('|')},heal=${healAfter}${againAfter === Infinity ? '' : `,again=${againAfter}`})`,
    create: <Event extends SimEvent>(setting: ScheduleSetting) =>
      new HoldBack<Event>(setting, 'partitioned', ({ from, to }, happened) => {
        const since = period === Infinity ? happened : happened % period
        return since < healAfter && groupOf.get(from) !== groupOf.get(to)
          ? happened - since + healAfter
          : happened
      }),
  }
}
