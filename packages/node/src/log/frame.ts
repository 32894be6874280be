/**
 * How records lie in a segment of the write-ahead log: length, sequence number, checksum, body.
 *
 * Sequence numbers run through all segments, so a record that was valid elsewhere is not valid here, and a valid record behind
 * a damaged place tells corruption from a torn tail.
 */
import { crc32 } from 'node:zlib'

/** Bytes before the body: length, sequence (two halves), checksum. */
export const RECORD_HEADER_BYTES = 16

/** Largest body of a record. */
export const RECORD_BYTES_MAX: number = 64 * 1024 * 1024

/** A record as it was read back. */
export interface LoggedRecord {
  readonly sequence: number
  readonly body: Uint8Array
}

/** What a segment holds: its records, and what stands behind the last good one. */
export interface ScannedSegment {
  readonly records: readonly LoggedRecord[]
  /** Length of the good part, in bytes. */
  readonly goodBytes: number
  /** `clean`: nothing follows; `torn`: an unfinished write follows; `damaged`: good records follow a bad one. */
  readonly end: 'clean' | 'torn' | 'damaged'
}

/** Writes one record into `target` at `offset`; returns the offset behind it. */
export function writeRecord(target: Buffer, offset: number, sequence: number, body: Uint8Array): number {
  target.writeUInt32BE(body.length, offset)
  target.writeUInt32BE(Math.floor(sequence / 2 ** 32), offset + 4)
  target.writeUInt32BE(sequence % 2 ** 32, offset + 8)
  target.set(body, offset + RECORD_HEADER_BYTES)
  target.writeUInt32BE(checksum(target, offset, body.length), offset + 12)
  return offset + RECORD_HEADER_BYTES + body.length
}

/** Reads a segment from `offset` on; total: any bytes give records and a verdict. */
export function scanSegment(bytes: Buffer, offset: number, firstSequence: number): ScannedSegment {
  const records: LoggedRecord[] = []
  let at = offset
  for (let sequence = firstSequence; ; sequence += 1) {
    const body = readRecord(bytes, at, sequence)
    if (body === undefined) break
    records.push({ sequence, body })
    at += RECORD_HEADER_BYTES + body.length
  }
  return { records, goodBytes: at, end: verdict(bytes, at, firstSequence + records.length) }
}

function verdict(bytes: Buffer, at: number, expected: number): ScannedSegment['end'] {
  if (at === bytes.length) return 'clean'
  return hasLaterRecord(bytes, at + 1, expected) ? 'damaged' : 'torn'
}

/** Whether some record that was written later can be read behind `from`. */
function hasLaterRecord(bytes: Buffer, from: number, expected: number): boolean {
  for (let at = from; at + RECORD_HEADER_BYTES <= bytes.length; at += 1) {
    const sequence = bytes.readUInt32BE(at + 4) * 2 ** 32 + bytes.readUInt32BE(at + 8)
    const plausible = sequence >= expected && sequence <= expected + bytes.length
    if (plausible && readRecord(bytes, at, sequence) !== undefined) return true
  }
  return false
}

function readRecord(bytes: Buffer, at: number, sequence: number): Uint8Array | undefined {
  if (at + RECORD_HEADER_BYTES > bytes.length) return undefined
  const length = bytes.readUInt32BE(at)
  const end = at + RECORD_HEADER_BYTES + length
  if (length > RECORD_BYTES_MAX || end > bytes.length) return undefined
  const found = bytes.readUInt32BE(at + 4) * 2 ** 32 + bytes.readUInt32BE(at + 8)
  if (found !== sequence || bytes.readUInt32BE(at + 12) !== checksum(bytes, at, length)) return undefined
  return bytes.subarray(at + RECORD_HEADER_BYTES, end)
}

/** CRC-32 over length, sequence and body; a length of zeros does not check out, so unwritten space is no record. */
function checksum(bytes: Buffer, at: number, length: number): number {
  const header = crc32(bytes.subarray(at, at + 12), 0x4d43)
  return crc32(bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length), header)
}
