/**
 * Which coin an epoch flips: a function of the log.
 *
 * A key belongs to one configuration. When the members change, nobody waits for their new key unless they chose to: the new
 * configuration starts with local coins, which need none, and changes to its own key once that is on the log. So membership is
 * never hostage to a key generation.
 */
import { type Epoch, epoch } from '@mc/protocol'

/** The coin of a range of epochs: each member's own, or one from a key that they share. */
export type EpochCoin =
  | { readonly type: 'local' }
  /** `keySet` names the key set, as `keySetDigest` does, in hexadecimal. */
  | { readonly type: 'shared'; readonly keySet: string }

/** From epoch `from` on, until the next one: these members, and this coin. */
export interface KeyEpoch {
  readonly from: Epoch
  /** Names the configuration: its digest, in hexadecimal. */
  readonly configuration: string
  readonly coin: EpochCoin
}

/** What to do with a new configuration: start it at once with local coins, or go on with the old one until its key is there. */
export type SwitchPolicy = 'immediate-local' | 'wait-for-keys'

/** What the log says about keys. `from` is the first epoch that it may concern; it depends on the depth of the pipeline. */
export type KeyEvent =
  /** Other members, agreed. */
  | { readonly type: 'configured'; readonly configuration: string; readonly from: Epoch }
  /** The key of a configuration is complete on the log. A second one replaces the first. */
  | {
      readonly type: 'generated'
      readonly configuration: string
      readonly keySet: string
      readonly from: Epoch
    }

/** All that has been decided about the coins of epochs, and the configuration that waits for its key, if one does. */
export interface KeySchedule {
  readonly policy: SwitchPolicy
  /** Ascending by `from`, the newest last; at least one. */
  readonly epochs: readonly KeyEpoch[]
  readonly waiting: string | undefined
}

/** How it begins: with local coins, as there is no key yet. */
export const initialKeys = (
  configuration: string,
  {
    from = epoch(0),
    policy = 'immediate-local',
  }: { readonly from?: Epoch; readonly policy?: SwitchPolicy } = {},
): KeySchedule => ({ policy, epochs: [{ from, configuration, coin: LOCAL }], waiting: undefined })

/**
 * The schedule after what the log says next. A key for a configuration that is neither in force nor waiting came too late, and
 * changes nothing.
 *
 * @throws RangeError if `event` would change an epoch that the last change already governs: `from` must not go back.
 */
export function keysAfter(schedule: KeySchedule, event: KeyEvent): KeySchedule {
  const last = schedule.epochs.at(-1) as KeyEpoch
  if (event.from < last.from) {
    throw new RangeError(`key epochs: epoch ${event.from} is before ${last.from}, the last change`)
  }
  return event.type === 'configured' ? configured(schedule, event) : generated(schedule, last, event)
}

/** The members and the coin of an epoch. @throws RangeError if it is before all that the schedule holds. */
export function keyEpochOf({ epochs }: KeySchedule, number: Epoch): KeyEpoch {
  const found = epochs.findLast(({ from }) => from <= number)
  if (found === undefined) throw new RangeError(`key epochs: epoch ${number} is forgotten`)
  return found
}

/** The schedule without what only epochs below `number` need. Shares of key sets that it no longer names are to be erased. */
export function keysFrom(schedule: KeySchedule, number: Epoch): KeySchedule {
  const first = keyEpochOf(schedule, number)
  return { ...schedule, epochs: schedule.epochs.slice(schedule.epochs.indexOf(first)) }
}

const LOCAL: EpochCoin = { type: 'local' }

function configured(schedule: KeySchedule, event: KeyEvent & { readonly type: 'configured' }): KeySchedule {
  const { configuration, from } = event
  if (schedule.policy === 'wait-for-keys') return { ...schedule, waiting: configuration }
  return withEpoch(schedule, { from, configuration, coin: LOCAL })
}

function generated(
  schedule: KeySchedule,
  last: KeyEpoch,
  { configuration, keySet, from }: KeyEvent & { readonly type: 'generated' },
): KeySchedule {
  const coin: EpochCoin = { type: 'shared', keySet }
  // While a configuration waits, a key of the old one still serves the epochs until then.
  if (configuration === last.configuration || configuration === schedule.waiting) {
    const waiting = configuration === schedule.waiting ? undefined : schedule.waiting
    return withEpoch({ ...schedule, waiting }, { from, configuration, coin })
  }
  return schedule
}

/** A second change of the same epoch takes the place of the first, which governed nothing. */
function withEpoch(schedule: KeySchedule, next: KeyEpoch): KeySchedule {
  return { ...schedule, epochs: [...schedule.epochs.filter(({ from }) => from < next.from), next] }
}
