/**
 * Which configuration we spoke in last, and what of it the log still knows: never again is anything said in an earlier one.
 */
import type { Configuration } from '@mc/ledger'
import { type JournalRecord, type Replay, replayOf } from './journal.js'

/** What a log says about configurations. */
export class Spoken {
  #index: number
  #isSure: boolean
  /** What was read from the disk; nothing once we have moved on from there. */
  #records: readonly JournalRecord[] | undefined
  readonly #quarantinedUntil: number
  readonly #operations: readonly Uint8Array[]

  /** @param genesisIndex that of a log which names no configuration. */
  constructor(records: readonly JournalRecord[], genesisIndex: number) {
    const { isWhole, quarantinedUntil, operations } = replayOf(records, 0, 0)
    const named = records.findLast(({ type }) => type === 'configuration' || type === 'continue') as
      | { readonly index: number }
      | undefined
    this.#index = named?.index ?? genesisIndex
    this.#isSure = isWhole
    this.#records = records
    this.#quarantinedUntil = quarantinedUntil
    this.#operations = operations
  }

  /** The configuration that the log speaks of last. */
  get index(): number {
    return this.#index
  }

  /** Operations that were promised before this start. */
  get operations(): readonly Uint8Array[] {
    return this.#operations
  }

  /** Whether the log holds all that we said lately, or says from where on it does. */
  get isSure(): boolean {
    return this.#isSure
  }

  /** What we said in the configuration of the log, heard again; nothing if we have moved on since the start. */
  replay({ firstEpoch, index }: Configuration, nextEpoch: number): Replay | undefined {
    if (this.#records === undefined || index !== this.#index) return undefined
    return replayOf(this.#records, nextEpoch, firstEpoch)
  }

  /**
   * The configuration of the log is over, and the one after it begins at this epoch. `isUnsure` says whether we may have spoken
   * there already; without it the log says: a quarantine that did not end below may have been about words said there.
   */
  leave(firstEpoch: number, isUnsure: boolean = this.#quarantinedUntil >= firstEpoch): void {
    if (isUnsure) this.#isSure = false
  }

  /** From now on we speak in this configuration. Gives the records that say so. */
  enter(index: number): readonly JournalRecord[] {
    this.#index = index
    this.#records = undefined
    const named = { type: 'configuration', index } as const
    return this.#isSure ? [named] : [named, { type: 'lost' }]
  }
}
