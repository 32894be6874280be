/**
 * What the log remembers, as records: everything that a restarted node needs to say the same again, and nothing else.
 */
import type { Bit, Epoch, PeerIndex } from '@mc/protocol'
import { bit, bytes, type Codec, epochNumber, peerIndex, text, union } from '@mc/protocol/wire'

/** Largest message or payload that is logged, in bytes. */
const LOGGED_BYTES_MAX = 48 * 1024 * 1024

/** One record of the log. */
export type JournalRecord =
  /** A message of the agreement, as it came; announcements are not logged, peers repeat them. */
  | { readonly type: 'message'; readonly from: PeerIndex; readonly epoch: Epoch; readonly bytes: Uint8Array }
  /** Our own proposal. */
  | { readonly type: 'proposal'; readonly epoch: Epoch; readonly payload: Uint8Array }
  /** A bit that we drew, by what it was drawn for. */
  | { readonly type: 'draw'; readonly label: string; readonly bit: Bit }
  /** An operation that we have taken from a person and promised to propose. */
  | { readonly type: 'operation'; readonly bytes: Uint8Array }
  /** Nobody needs what we said in epochs below. */
  | { readonly type: 'retired'; readonly epoch: Epoch }
  /** We do not vote in epochs below: what we said there is not known. */
  | { readonly type: 'quarantine'; readonly epoch: Epoch }

const content = bytes({ max: LOGGED_BYTES_MAX })

/** The bytes of a record. */
export const journalCodec: Codec<JournalRecord> = union({
  message: { from: peerIndex(255), epoch: epochNumber, bytes: content },
  proposal: { epoch: epochNumber, payload: content },
  draw: { label: text({ bytesMax: 256 }), bit },
  operation: { bytes: content },
  retired: { epoch: epochNumber },
  quarantine: { epoch: epochNumber },
})

/** The agreement messages, proposals and draws of a log, from the epoch on that peers may still need us in. */
export interface Replay {
  readonly firstEpoch: number
  readonly quarantinedUntil: number
  readonly events: readonly Extract<JournalRecord, { type: 'message' | 'proposal' }>[]
  readonly draws: ReadonlyMap<string, 0 | 1>
  readonly operations: readonly Uint8Array[]
}

/** Sorts out what a log says. Records of retired epochs are left out. */
export function replayOf(records: readonly JournalRecord[], nextEpoch: number, genesisEpoch: number): Replay {
  // Blocks that the store has lost are fetched again; what was said of them is gone from the log, rightly.
  const firstEpoch = Math.min(nextEpoch, highest(records, 'retired', genesisEpoch))
  return {
    firstEpoch,
    quarantinedUntil: highest(records, 'quarantine', 0),
    events: records.flatMap(record =>
      (record.type === 'message' || record.type === 'proposal') && record.epoch >= firstEpoch ? [record] : [],
    ),
    draws: new Map(
      records.flatMap(record => (record.type === 'draw' ? [[record.label, record.bit] as const] : [])),
    ),
    operations: records.flatMap(record => (record.type === 'operation' ? [record.bytes] : [])),
  }
}

function highest(records: readonly JournalRecord[], type: 'retired' | 'quarantine', least: number): number {
  return records.reduce((most, record) => (record.type === type ? Math.max(most, record.epoch) : most), least)
}
