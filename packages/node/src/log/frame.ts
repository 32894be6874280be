/**
 * How records lie in a segment of the write-ahead log: length, checksum, sequence number, what was on disk before, body.
 *
 * Sequence numbers run through all segments, so a record that was valid elsewhere is not valid here. Each record says how many
 * records were on disk when it was written. So a bad place followed by good records is told apart: corruption of what was on
 * disk already, or a tail that a crash wrote in part and in any order, and that nobody relied on.
 */
import { crc32 } from 'node:zlib'

/** Bytes before the body: length, checksum, sequence number, number of records on disk. */
export const RECORD_HEADER_BYTES = 24

/** Largest body of a record. */
export const RECORD_BYTES_MAX: number = 64 * 1024 * 1024

/** Where a record stands in the log. */
export interface RecordPlace {
  readonly sequence: number
  /** All records below this sequence number were on disk when this one was written. */
  readonly durableBelow: number
}

/** A record as it was read back. */
export interface LoggedRecord extends RecordPlace {
  readonly body: Uint8Array
}

/** What a segment holds: its records, and what stands behind the last good one. */
export interface ScannedSegment {
  readonly records: readonly LoggedRecord[]
  /** Length of the good part, in bytes. */
  readonly goodBytes: number
  /** `clean`: nothing follows; `torn`: a write that nobody relied on follows; `damaged`: what was on disk has changed. */
  readonly end: 'clean' | 'torn' | 'damaged'
  /** Records that can be read behind the first bad place. */
  readonly later: readonly LoggedRecord[]
}

/** Writes what stands before a body into `target` at `offset`; returns the offset behind it, where the body belongs. */
export function writeHeader(target: Buffer, offset: number, place: RecordPlace, body: Uint8Array): number {
  target.writeUInt32BE(body.length, offset)
  writeNumber(target, offset + 8, place.sequence)
  writeNumber(target, offset + 16, place.durableBelow)
  target.writeUInt32BE(checksum(target.subarray(offset, offset + RECORD_HEADER_BYTES), body), offset + 4)
  return offset + RECORD_HEADER_BYTES
}

/** Reads a segment from `offset` on; total: any bytes give records and a verdict. */
export function scanSegment(bytes: Buffer, offset: number, firstSequence: number): ScannedSegment {
  const records = recordsFrom(bytes, offset, firstSequence)
  const goodBytes = records.reduce((at, { body }) => at + RECORD_HEADER_BYTES + body.length, offset)
  const expected = firstSequence + records.length
  const later = goodBytes === bytes.length ? [] : laterRecords(bytes, goodBytes + 1, expected)
  if (goodBytes === bytes.length) return { records, goodBytes, end: 'clean', later }
  const isDamaged = later.some(({ durableBelow }) => durableBelow > expected)
  return { records, goodBytes, end: isDamaged ? 'damaged' : 'torn', later }
}

function recordsFrom(bytes: Buffer, offset: number, firstSequence: number): LoggedRecord[] {
  const records: LoggedRecord[] = []
  let at = offset
  for (let sequence = firstSequence; ; sequence += 1) {
    const record = readRecord(bytes, at)
    if (record?.sequence !== sequence) return records
    records.push(record)
    at += RECORD_HEADER_BYTES + record.body.length
  }
}

/** Records that were written after the one `expected`, wherever they begin behind `from`. */
function laterRecords(bytes: Buffer, from: number, expected: number): LoggedRecord[] {
  const records: LoggedRecord[] = []
  let least = expected
  for (let at = from; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const record = isPlausible(bytes, at, least) ? readRecord(bytes, at) : undefined
    if (record !== undefined) {
      records.push(record)
      least = record.sequence + 1
    }
    at += record === undefined ? 1 : RECORD_HEADER_BYTES + record.body.length
  }
  return records
}

// Before the checksum of what may be a long body: most places hold no sequence number that could stand here.
function isPlausible(bytes: Buffer, at: number, least: number): boolean {
  const sequence = readNumber(bytes, at + 8)
  return sequence >= least && sequence <= least + bytes.length
}

function readRecord(bytes: Buffer, at: number): LoggedRecord | undefined {
  if (at + RECORD_HEADER_BYTES > bytes.length) return undefined
  const length = bytes.readUInt32BE(at)
  const end = at + RECORD_HEADER_BYTES + length
  if (length > RECORD_BYTES_MAX || end > bytes.length) return undefined
  const body = bytes.subarray(at + RECORD_HEADER_BYTES, end)
  if (bytes.readUInt32BE(at + 4) !== checksum(bytes.subarray(at, at + RECORD_HEADER_BYTES), body))
    return undefined
  return { sequence: readNumber(bytes, at + 8), durableBelow: readNumber(bytes, at + 16), body }
}

function writeNumber(target: Buffer, at: number, value: number): void {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), at)
  target.writeUInt32BE(value >>> 0, at + 4)
}

const readNumber = (bytes: Buffer, at: number): number =>
  bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)

/** CRC-32 over all but itself; it begins at a number that makes a run of zeros no record, so unwritten space is none. */
function checksum(header: Uint8Array, body: Uint8Array): number {
  const ofHeader = crc32(header.subarray(8), crc32(header.subarray(0, 4), 0x4d43))
  return crc32(body, ofHeader)
}
