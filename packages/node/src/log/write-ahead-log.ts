/**
 * The write-ahead log: what a node must remember before it may speak.
 *
 * Append-only segments in one directory, one group fsync per turn of the loop. An unfinished tail of the last segment was
 * never acknowledged and is cut off; anything else that does not check out is corruption, and the node is quarantined.
 * A failed write or fsync is final: the log refuses everything afterwards.
 */
import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  RECORD_BYTES_MAX,
  RECORD_HEADER_BYTES,
  type ScannedSegment,
  scanSegment,
  writeRecord,
} from './frame.js'

const syncData = promisify(fdatasync)

const MAGIC = Buffer.from('MCWAL 1\n')

/** Segment header: magic, the network, the sequence number of the first record. */
const SEGMENT_HEADER_BYTES = MAGIC.length + 32 + 8

/** Where and how to keep a log. */
export interface WriteAheadLogOptions {
  readonly directory: string
  /** Digest of the genesis: a log of another network is refused. */
  readonly network: Uint8Array
  /** Whether `sync` waits for the disk; off only for measurements that say so. */
  readonly fsync?: boolean
}

/** What opening a log found. */
export interface OpenedLog {
  readonly log: WriteAheadLog
  /** The bodies of all records, oldest first. */
  readonly records: readonly Uint8Array[]
  /** `new`: there was none; `intact`; `damaged`: records are missing in the middle, so what we said is not known. */
  readonly condition: 'new' | 'intact' | 'damaged'
  readonly detail: string
}

interface Segment {
  readonly path: string
  readonly number: number
}

/** An open log. Records are numbered through all segments. */
export class WriteAheadLog {
  readonly #options: WriteAheadLogOptions
  readonly #segments: Segment[]
  #file: number
  #sequence: number
  #segmentBytes: number
  #pending: Uint8Array[] = []
  #pendingBytes = 0
  #isSynced = true
  #failure: Error | undefined

  private constructor(
    options: WriteAheadLogOptions,
    segments: Segment[],
    file: number,
    sequence: number,
    bytes: number,
  ) {
    this.#options = options
    this.#segments = segments
    this.#file = file
    this.#sequence = sequence
    this.#segmentBytes = bytes
  }

  /**
   * Opens the log in a directory, or begins one.
   *
   * @throws Error if the directory cannot be used or holds the log of another network.
   */
  static async open(options: WriteAheadLogOptions): Promise<OpenedLog> {
    await mkdir(options.directory, { recursive: true })
    const segments = await segmentsIn(options.directory)
    if (segments.length === 0) return beginning(options, 'new', 'there was no log')
    const read = await readSegments(segments, options.network)
    const records = read.scans.flatMap(scan => scan.records.map(({ body }) => body))
    if (read.damage !== undefined) return { ...(await beginning(options, 'damaged', read.damage)), records }
    const last = segments.at(-1) as Segment
    const goodBytes = read.scans.at(-1)?.goodBytes ?? SEGMENT_HEADER_BYTES
    const file = openSync(last.path, 'r+')
    ftruncateSync(file, goodBytes)
    fsyncSync(file)
    closeSync(file)
    const log = new WriteAheadLog(options, segments, openSync(last.path, 'a'), read.nextSequence, goodBytes)
    return { log, records, condition: 'intact', detail: `${records.length} records` }
  }

  /** A log that was never opened before gets its first segment. */
  static async begin(
    options: WriteAheadLogOptions,
    number: number,
    sequence: number,
  ): Promise<WriteAheadLog> {
    const segment = await createSegment(options, number, sequence)
    const older = (await segmentsIn(options.directory)).filter(one => one.number < number)
    return new WriteAheadLog(
      options,
      [...older, segment],
      openSync(segment.path, 'a'),
      sequence,
      SEGMENT_HEADER_BYTES,
    )
  }

  /** Bytes in the current segment, written or pending. */
  get segmentBytes(): number {
    return this.#segmentBytes + this.#pendingBytes
  }

  /** Number of the current segment; ascending. */
  get currentSegment(): number {
    return this.#segments.at(-1)?.number ?? 0
  }

  /**
   * Queues a record; it is on disk after the next `sync`.
   *
   * @throws RangeError if it is over 64 MiB, and the first failure of the log for ever after.
   */
  append(body: Uint8Array): void {
    this.#requireHealthy()
    if (body.length > RECORD_BYTES_MAX) throw new RangeError(`log: record of ${body.length} bytes`)
    this.#pending.push(body)
    this.#pendingBytes += RECORD_HEADER_BYTES + body.length
  }

  /** Writes what is queued, and waits until it is on disk if `durable`. */
  async sync(durable: boolean): Promise<void> {
    this.#requireHealthy()
    try {
      this.#write()
      if (!durable || this.#isSynced || this.#options.fsync === false) return
      this.#isSynced = true
      await syncData(this.#file)
    } catch (error) {
      this.#failure = error as Error
      throw error
    }
  }

  /** Begins a new segment and returns its number; older ones may be dropped once nothing in them is needed. */
  async rotate(): Promise<number> {
    await this.sync(true)
    const segment = await createSegment(this.#options, this.currentSegment + 1, this.#sequence)
    closeSync(this.#file)
    this.#file = openSync(segment.path, 'a')
    this.#segments.push(segment)
    this.#segmentBytes = SEGMENT_HEADER_BYTES
    return segment.number
  }

  /** Deletes all segments before this one, oldest first, so that a crash in between leaves no gap. */
  async dropBefore(number: number): Promise<void> {
    while (this.#segments.length > 1 && (this.#segments[0] as Segment).number < number) {
      const [oldest] = this.#segments.splice(0, 1)
      await unlink((oldest as Segment).path)
    }
  }

  /** Writes what is queued and closes the file. */
  async close(): Promise<void> {
    if (this.#failure === undefined) await this.sync(true)
    closeSync(this.#file)
    this.#failure ??= new Error('log: closed')
  }

  #write(): void {
    if (this.#pending.length === 0) return
    const buffer = Buffer.allocUnsafe(this.#pendingBytes)
    let at = 0
    for (const body of this.#pending) {
      at = writeRecord(buffer, at, this.#sequence, body)
      this.#sequence += 1
    }
    for (let written = 0; written < buffer.length; ) written += writeSync(this.#file, buffer, written)
    this.#segmentBytes += buffer.length
    this.#isSynced = false
    this.#pending = []
    this.#pendingBytes = 0
  }

  #requireHealthy(): void {
    if (this.#failure !== undefined) throw this.#failure
  }
}

async function beginning(
  options: WriteAheadLogOptions,
  condition: OpenedLog['condition'],
  detail: string,
): Promise<OpenedLog> {
  const number = ((await segmentsIn(options.directory)).at(-1)?.number ?? 0) + 1
  return { log: await WriteAheadLog.begin(options, number, 0), records: [], condition, detail }
}

async function segmentsIn(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter(name => /^\d{8}\.log$/.test(name)).sort()
  return names.map(name => ({ path: join(directory, name), number: Number(name.slice(0, 8)) }))
}

async function createSegment(
  options: WriteAheadLogOptions,
  number: number,
  sequence: number,
): Promise<Segment> {
  const path = join(options.directory, `${String(number).padStart(8, '0')}.log`)
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES)
  header.set(MAGIC)
  header.set(options.network, MAGIC.length)
  header.writeBigUInt64BE(BigInt(sequence), MAGIC.length + 32)
  const file = await open(path, 'wx')
  await file.write(header)
  await file.sync()
  await file.close()
  const directory = await open(options.directory, 'r')
  await directory.sync()
  await directory.close()
  return { path, number }
}

interface ReadSegments {
  readonly scans: readonly ScannedSegment[]
  readonly nextSequence: number
  readonly damage?: string
}

async function readSegments(segments: readonly Segment[], network: Uint8Array): Promise<ReadSegments> {
  const scans: ScannedSegment[] = []
  let expected: number | undefined
  for (const [index, { path }] of segments.entries()) {
    const bytes = await readFile(path)
    const isLast = index === segments.length - 1
    const first = firstSequence(bytes, network, path)
    if (first === undefined) {
      // A segment whose header was never finished holds nothing, if it is the last one and another came before.
      if (isLast && index > 0 && bytes.length < SEGMENT_HEADER_BYTES) break
      return { scans, nextSequence: 0, damage: `${path}: its header is damaged` }
    }
    if (expected !== undefined && first !== expected) {
      return { scans, nextSequence: 0, damage: `${path}: begins at record ${first}, need ${expected}` }
    }
    const scan = scanSegment(bytes, SEGMENT_HEADER_BYTES, first)
    scans.push(scan)
    if (scan.end === 'damaged' || (scan.end === 'torn' && !isLast)) {
      return { scans, nextSequence: 0, damage: `${path}: damaged at byte ${scan.goodBytes}` }
    }
    expected = first + scan.records.length
  }
  return { scans, nextSequence: expected ?? 0 }
}

function firstSequence(bytes: Buffer, network: Uint8Array, path: string): number | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  if (!bytes.subarray(MAGIC.length, MAGIC.length + 32).equals(network)) {
    throw new Error(`${path} is the log of another network: use another data directory`)
  }
  return Number(bytes.readBigUInt64BE(MAGIC.length + 32))
}
