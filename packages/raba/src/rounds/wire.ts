/**
 * Pieces that the wire forms of agreements have in common.
 */
import type { Round } from '@mc/protocol'
import { type Codec, DecodeError, lengthUpTo, type Reader, roundNumber, type Writer } from '@mc/protocol/wire'
import type { SyncRequest, Trit } from './messages.js'
import type { VoteRecord } from './vote-record.js'

/** The values in the order in which they are counted. */
export const TRITS: readonly Trit[] = [0, 1, '*']

/** The value with this number: 0, 1, and 2 for `*`. */
export const tritAt = (index: number): Trit => TRITS[index] as Trit

/** A round, up to 2^20. */
export const round: Codec<Round> = roundNumber()

/** Writes a kind and the round that it is about. */
export function writeTagged(writer: Writer, tag: number, number: Round): void {
  writer.u8(tag)
  round.write(writer, number)
}

/** Writes the rounds that are asked for: the first, and how many follow. */
export function writeRange(writer: Writer, { fromRound, toRound }: Omit<SyncRequest, 'type'>): void {
  round.write(writer, fromRound)
  writer.varint(toRound - fromRound)
}

/** Reads what `writeRange` wrote. @throws DecodeError if it ends beyond the last round that there is. */
export function readRange(reader: Reader): Omit<SyncRequest, 'type'> {
  const fromRound = round.read(reader)
  const toRound = fromRound + reader.varint()
  if (toRound > ROUND_MAX) throw new DecodeError(`round ${toRound} over ${ROUND_MAX}`)
  return { fromRound, toRound: toRound as Round }
}

/** How the records of a reply look as bytes. */
export interface RecordForm {
  /** The most records that a reply holds. */
  readonly recordsMax: number
  readonly recordBytes: 1 | 2
  /** Whether a member can have said these votes. */
  readonly isRecord: (record: VoteRecord) => boolean
}

/** Writes the records of a reply. @throws RangeError if they are more than a window. */
export function writeRecords(writer: Writer, records: readonly VoteRecord[], form: RecordForm): void {
  const { recordsMax, recordBytes } = form
  if (records.length > recordsMax)
    throw new RangeError(`sync-rep: need at most ${recordsMax} records, got ${records.length}`)
  writer.varint(records.length)
  for (const record of records) {
    if (recordBytes === 2) writer.u8(record >> 8)
    writer.u8(record & 0xff)
  }
}

/** Reads what `writeRecords` wrote. @throws DecodeError if there are too many, or no member can have said one. */
export function readRecords(reader: Reader, form: RecordForm): readonly VoteRecord[] {
  const length = lengthUpTo(reader, form.recordsMax)
  const records: VoteRecord[] = []
  for (let at = 0; at < length; at += 1) records.push(readRecord(reader, form))
  return records
}

function readRecord(reader: Reader, { recordBytes, isRecord }: RecordForm): VoteRecord {
  const record = recordBytes === 2 ? (reader.u8() << 8) | reader.u8() : reader.u8()
  if (!isRecord(record)) throw new DecodeError(`no votes look like ${record}`)
  return record
}

const ROUND_MAX = 2 ** 20
