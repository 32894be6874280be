/**
 * What the log remembers, as records: everything that a restarted node needs to say the same again, and nothing else.
 */
import type { Bit, Epoch, PeerIndex } from '@mc/protocol'
import {
  bit,
  bytes,
  type Codec,
  DecodeError,
  epochNumber,
  peerIndex,
  text,
  uint,
  union,
} from '@mc/protocol/wire'

/** Largest message or payload that is logged, in bytes. */
const LOGGED_BYTES_MAX = 48 * 1024 * 1024

/** One record of the log. */
export type JournalRecord =
  /** First of a log: nothing was said before. */
  | { readonly type: 'begin' }
  /** What was said before is not known: the log was lost or damaged, or is not ours. */
  | { readonly type: 'lost' }
  /** A message of the agreement, as it came; announcements are not logged, peers repeat them. */
  | { readonly type: 'message'; readonly from: PeerIndex; readonly epoch: Epoch; readonly bytes: Uint8Array }
  /** Our own proposal. */
  | { readonly type: 'proposal'; readonly epoch: Epoch; readonly payload: Uint8Array }
  /** The agreement was told that all epochs below are over, as their blocks came from elsewhere. */
  | { readonly type: 'advance'; readonly epoch: Epoch }
  /** A bit that we drew, by what it was drawn for. */
  | { readonly type: 'draw'; readonly label: string; readonly bit: Bit }
  /** An operation that we have taken from a person and promised to propose. */
  | { readonly type: 'operation'; readonly bytes: Uint8Array }
  /** Nobody needs what we said in epochs below. */
  | { readonly type: 'retired'; readonly epoch: Epoch }
  /** We do not vote in epochs below: what we said there is not known. */
  | { readonly type: 'quarantine'; readonly epoch: Epoch }
  /** What follows is of this configuration, by its index; nothing was said in it before. */
  | { readonly type: 'configuration'; readonly index: number }
  /** A new segment goes on in this configuration. */
  | { readonly type: 'continue'; readonly index: number }

const content = bytes({ max: LOGGED_BYTES_MAX })

/** The bytes of a record. */
export const journalCodec: Codec<JournalRecord> = union({
  message: { from: peerIndex(255), epoch: epochNumber, bytes: content },
  proposal: { epoch: epochNumber, payload: content },
  draw: { label: text({ bytesMax: 256 }), bit },
  operation: { bytes: content },
  retired: { epoch: epochNumber },
  quarantine: { epoch: epochNumber },
  advance: { epoch: epochNumber },
  begin: {},
  lost: {},
  configuration: { index: uint() },
  continue: { index: uint() },
})

/** What moves the agreement, in the order in which it did. */
export type AgreementEvent = Extract<JournalRecord, { type: 'message' | 'proposal' | 'advance' }>

/** What a log says, from the epoch on that peers may still need us in. */
export interface Replay {
  readonly firstEpoch: number
  /** Whether the log holds all that we said, or says from where on it does. */
  readonly isWhole: boolean
  readonly quarantinedUntil: number
  readonly events: readonly AgreementEvent[]
  readonly draws: ReadonlyMap<string, Bit>
  readonly operations: readonly Uint8Array[]
}

/** The records in these bodies. One that is none of ours says that what was said before is not known. */
export const readJournal = (bodies: readonly Uint8Array[]): readonly JournalRecord[] =>
  bodies.map(body => readRecord(body) ?? { type: 'lost' })

/** The operations that can be read in what was salvaged of a damaged log. */
export function salvagedOperations(bodies: readonly Uint8Array[]): readonly Uint8Array[] {
  return operationsOf(bodies.flatMap(body => readRecord(body) ?? []))
}

/**
 * Sorts out what a log says of the last configuration in it, whose first epoch is `configurationEpoch`. Records of retired epochs
 * are left out, and so is all that was said in other configurations, before the log was lost, or before a quarantine: that is
 * not all that we said, and nothing may be built on it.
 */
export function replayOf(
  records: readonly JournalRecord[],
  nextEpoch: number,
  configurationEpoch: number,
): Replay {
  const lost = records.findLastIndex(({ type }) => type === 'lost')
  const quarantine = records.findLastIndex(({ type }) => type === 'quarantine')
  const configuration = records.findLastIndex(({ type }) => type === 'configuration')
  const known = records.slice(Math.max(lost, quarantine, configuration) + 1)
  // Blocks that the store has lost are fetched again; what was said of them is gone from the log, rightly.
  const firstEpoch = Math.min(nextEpoch, highest(known, 'retired', configurationEpoch))
  return {
    firstEpoch,
    isWhole: lost <= quarantine,
    quarantinedUntil: highest(records, 'quarantine', 0),
    events: known.filter(
      record => isAgreementEvent(record) && record.epoch >= firstEpoch,
    ) as AgreementEvent[],
    draws: new Map(
      records.flatMap(record => (record.type === 'draw' ? [[record.label, record.bit] as const] : [])),
    ),
    operations: operationsOf(records),
  }
}

const isAgreementEvent = (record: JournalRecord): record is AgreementEvent =>
  record.type === 'message' || record.type === 'proposal' || record.type === 'advance'

const operationsOf = (records: readonly JournalRecord[]): readonly Uint8Array[] =>
  records.flatMap(record => (record.type === 'operation' ? [record.bytes] : []))

function readRecord(body: Uint8Array): JournalRecord | undefined {
  try {
    return journalCodec.decode(body)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function highest(records: readonly JournalRecord[], type: 'retired' | 'quarantine', least: number): number {
  return records.reduce((most, record) => (record.type === type ? Math.max(most, record.epoch) : most), least)
}
