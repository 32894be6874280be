/**
 * The files that a write-ahead log consists of: numbered segments, each behind a header with a checksum of its own.
 *
 * A segment whose first record has number 0 begins a log anew. If others stand before it, they belong to a log that was given
 * up as damaged: what is in them is not complete.
 */
import { open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type LoggedRecord, type ScannedSegment, scanSegment } from './frame.js'

const MAGIC = Buffer.from('MCWAL 2\n')

const NETWORK_BYTES = 32

/** Bytes before the first record: magic, network, number of the first record, checksum. */
export const SEGMENT_HEADER_BYTES: number = MAGIC.length + NETWORK_BYTES + 8 + 4

/** One file of a log. */
export interface Segment {
  readonly path: string
  /** Ascending; the file is named by it. */
  readonly number: number
}

/** What the segments in a directory hold. */
export interface ReadSegments {
  readonly segments: readonly Segment[]
  /** The records of the log, up to the first damage. */
  readonly records: readonly LoggedRecord[]
  /** What can be read of logs that were given up, and behind a damage; never complete. */
  readonly salvaged: readonly LoggedRecord[]
  readonly nextSequence: number
  /** Length of the good part of the last segment, in bytes. */
  readonly goodBytes: number
  /** Where the log is damaged, if it is. */
  readonly damage: string | undefined
}

/** The segments in a directory, oldest first. */
export async function segmentsIn(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter(name => /^\d{8}\.log$/.test(name)).sort()
  return names.map(name => ({ path: join(directory, name), number: Number(name.slice(0, 8)) }))
}

/** Creates a segment; it and its name are on disk afterwards. */
export async function createSegment(
  directory: string,
  network: Uint8Array,
  number: number,
  firstSequence: number,
): Promise<Segment> {
  const path = join(directory, `${String(number).padStart(8, '0')}.log`)
  const file = await open(path, 'wx')
  await file.write(headerOf(network, firstSequence))
  await file.sync()
  await file.close()
  await syncDirectory(directory)
  return { path, number }
}

/** Waits until what was created or deleted in a directory is on disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  await directory.sync()
  await directory.close()
}

/**
 * Reads every segment of a directory.
 *
 * A last segment whose header was never finished holds nothing and is deleted.
 *
 * @throws Error if the log is that of another network.
 */
export async function readSegments(directory: string, network: Uint8Array): Promise<ReadSegments> {
  const segments = await segmentsIn(directory)
  const files = await Promise.all(segments.map(async segment => read(segment)))
  const last = files.at(-1)
  if (last !== undefined && isUnfinished(last.bytes)) {
    await unlink(last.path)
    files.pop()
  }
  for (const file of files) requireNetwork(file, network)
  const start = Math.max(
    0,
    files.findLastIndex(({ first }) => first === 0),
  )
  const log = readLog(files.slice(start))
  const salvaged = [...files.slice(0, start).flatMap(salvage), ...log.salvaged]
  return { ...log, salvaged, segments: files.map(({ path, number }) => ({ path, number })) }
}

interface ReadFile extends Segment {
  readonly bytes: Buffer
  /** Number of its first record; undefined if the header is damaged. */
  readonly first: number | undefined
}

async function read(segment: Segment): Promise<ReadFile> {
  const bytes = await readFile(segment.path)
  return { ...segment, bytes, first: firstSequence(bytes) }
}

function readLog(files: readonly ReadFile[]): Omit<ReadSegments, 'segments'> {
  const records: LoggedRecord[] = []
  let goodBytes = SEGMENT_HEADER_BYTES
  let next: number | undefined
  for (const [index, file] of files.entries()) {
    const { damage, scan } = scanFile(file, next, index === files.length - 1)
    for (const record of scan?.records ?? []) records.push(record)
    if (damage !== undefined) {
      const salvaged = [
        ...(scan?.later ?? []),
        ...files.slice(scan === undefined ? index : index + 1).flatMap(salvage),
      ]
      return { records, salvaged, nextSequence: 0, goodBytes, damage }
    }
    next = (file.first as number) + (scan as ScannedSegment).records.length
    goodBytes = (scan as ScannedSegment).goodBytes
  }
  return { records, salvaged: [], nextSequence: next ?? 0, goodBytes, damage: undefined }
}

function scanFile(
  { bytes, first, path }: ReadFile,
  expected: number | undefined,
  isLast: boolean,
): { readonly scan?: ScannedSegment; readonly damage?: string } {
  if (first === undefined) return { damage: `${path}: its header is damaged` }
  if (expected !== undefined && first !== expected) {
    return { damage: `${path}: begins at record ${first}, need ${expected}` }
  }
  const scan = scanSegment(bytes, SEGMENT_HEADER_BYTES, first)
  // Only the last segment may end in a write that was never finished: before a new one begins, all is on disk.
  const isDamaged = scan.end === 'damaged' || (scan.end === 'torn' && !isLast)
  return isDamaged ? { scan, damage: `${path}: damaged at byte ${scan.goodBytes}` } : { scan }
}

function salvage({ bytes, first }: ReadFile): readonly LoggedRecord[] {
  const { records, later } = scanSegment(bytes, SEGMENT_HEADER_BYTES, first ?? 0)
  return [...records, ...later]
}

function headerOf(network: Uint8Array, firstSequence: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES)
  header.set(MAGIC)
  header.set(network, MAGIC.length)
  header.writeBigUInt64BE(BigInt(firstSequence), MAGIC.length + NETWORK_BYTES)
  header.writeUInt32BE(crc32(header.subarray(0, -4)), SEGMENT_HEADER_BYTES - 4)
  return header
}

function firstSequence(bytes: Buffer): number | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const header = bytes.subarray(0, SEGMENT_HEADER_BYTES)
  if (header.readUInt32BE(SEGMENT_HEADER_BYTES - 4) !== crc32(header.subarray(0, -4))) return undefined
  return Number(header.readBigUInt64BE(MAGIC.length + NETWORK_BYTES))
}

function isUnfinished(bytes: Buffer): boolean {
  return (
    bytes.length < SEGMENT_HEADER_BYTES ||
    (bytes.length === SEGMENT_HEADER_BYTES && !bytes.some(byte => byte > 0))
  )
}

function requireNetwork({ bytes, first, path }: ReadFile, network: Uint8Array): void {
  if (first === undefined || bytes.subarray(MAGIC.length, MAGIC.length + NETWORK_BYTES).equals(network))
    return
  throw new Error(`${path} is the log of another network: use another data directory`)
}
