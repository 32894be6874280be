/**
 * The write-ahead log: what a node must remember before it may speak.
 *
 * Append-only segments in one directory, one group fsync per turn of the loop. An unfinished tail was never relied on and is
 * cut off; anything else that does not check out is corruption: the log is given up, begun anew, and the node is quarantined.
 * A failed write or fsync is final: the log refuses everything afterwards.
 */
import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync } from 'node:fs'
import { mkdir, unlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { RECORD_BYTES_MAX } from './frame.js'
import { RecordQueue } from './record-queue.js'
import {
  createSegment,
  type ReadSegments,
  readSegments,
  SEGMENT_HEADER_BYTES,
  type Segment,
  segmentsIn,
  syncDirectory,
} from './segment.js'

const syncData = promisify(fdatasync)

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
  /** The bodies of all records, oldest first; none if the log was damaged. */
  readonly records: readonly Uint8Array[]
  /** Bodies from logs that were given up as damaged: true, but not all that there was. */
  readonly salvaged: readonly Uint8Array[]
  /** `new`: there was none; `intact`; `damaged`: records are missing in the middle, so what we said is not known. */
  readonly condition: 'new' | 'intact' | 'damaged'
  readonly detail: string
}

/** What an open log goes on from. */
interface LogPosition {
  readonly segments: Segment[]
  readonly nextSequence: number
  readonly segmentBytes: number
}

/** An open log. Records are numbered through all segments. */
export class WriteAheadLog {
  readonly #options: WriteAheadLogOptions
  readonly #segments: Segment[]
  #file: number
  #sequence: number
  #durableBelow: number
  #segmentBytes: number
  readonly #queue = new RecordQueue()
  #failure: Error | undefined

  private constructor(options: WriteAheadLogOptions, { segments, nextSequence, segmentBytes }: LogPosition) {
    this.#options = options
    this.#segments = segments
    this.#file = openSync((segments.at(-1) as Segment).path, 'a')
    this.#sequence = nextSequence
    this.#durableBelow = nextSequence
    this.#segmentBytes = segmentBytes
  }

  /**
   * Opens the log in a directory, or begins one.
   *
   * @throws Error if the directory cannot be used or holds the log of another network.
   */
  static async open(options: WriteAheadLogOptions): Promise<OpenedLog> {
    await mkdir(options.directory, { recursive: true })
    const read = await readSegments(options.directory, options.network)
    const records = read.records.map(({ body }) => body)
    const salvaged = read.salvaged.map(({ body }) => body)
    if (read.segments.length === 0) {
      return {
        log: await beginning(options),
        records,
        salvaged,
        condition: 'new',
        detail: 'there was no log',
      }
    }
    if (read.damage !== undefined) {
      const log = await beginning(options)
      return {
        log,
        records: [],
        salvaged: [...records, ...salvaged],
        condition: 'damaged',
        detail: read.damage,
      }
    }
    cutTail(read)
    const { segments, nextSequence, goodBytes } = read
    const log = new WriteAheadLog(options, { segments: [...segments], nextSequence, segmentBytes: goodBytes })
    return { log, records, salvaged, condition: 'intact', detail: `${records.length} records` }
  }

  /** Begins a log behind the segments that a directory may hold; these are kept until `dropBefore`. */
  static async begin(options: WriteAheadLogOptions, number: number): Promise<WriteAheadLog> {
    const segment = await createSegment(options.directory, options.network, number, 0)
    const older = (await segmentsIn(options.directory)).filter(one => one.number < number)
    const segments = [...older, segment]
    return new WriteAheadLog(options, { segments, nextSequence: 0, segmentBytes: SEGMENT_HEADER_BYTES })
  }

  /** Bytes in the current segment, written or pending. */
  get segmentBytes(): number {
    return this.#segmentBytes + this.#queue.bytes
  }

  /** Number of the current segment; ascending. */
  get currentSegment(): number {
    return (this.#segments.at(-1) as Segment).number
  }

  /**
   * Queues a record; it is on disk after the next `sync`. The bytes must not change until then.
   *
   * @throws RangeError if it is over 64 MiB, and the first failure of the log for ever after.
   */
  append(body: Uint8Array): void {
    this.#requireHealthy()
    if (body.length > RECORD_BYTES_MAX) throw new RangeError(`log: record of ${body.length} bytes`)
    this.#queue.add(body)
  }

  /** Writes what is queued, and waits until it is on disk if `durable`; one call at a time. */
  async sync(durable: boolean): Promise<void> {
    this.#requireHealthy()
    try {
      this.#write()
      const written = this.#sequence
      if (!durable || this.#durableBelow === written || this.#options.fsync === false) return
      await syncData(this.#file)
      this.#durableBelow = written
    } catch (error) {
      this.#failure = error as Error
      throw error
    }
  }

  /** Begins a new segment and returns its number; older ones may be dropped once nothing in them is needed. */
  async rotate(): Promise<number> {
    await this.sync(true)
    try {
      const { directory, network } = this.#options
      const segment = await createSegment(directory, network, this.currentSegment + 1, this.#sequence)
      closeSync(this.#file)
      this.#file = openSync(segment.path, 'a')
      this.#segments.push(segment)
      this.#segmentBytes = SEGMENT_HEADER_BYTES
      return segment.number
    } catch (error) {
      this.#failure = error as Error
      throw error
    }
  }

  /** Deletes all segments before this one, oldest first, so that a crash in between leaves no gap. */
  async dropBefore(number: number): Promise<void> {
    while (this.#segments.length > 1 && (this.#segments[0] as Segment).number < number) {
      const [oldest] = this.#segments.splice(0, 1)
      await unlink((oldest as Segment).path)
      await syncDirectory(this.#options.directory)
    }
  }

  /** Writes what is queued and closes the file. */
  async close(): Promise<void> {
    if (this.#failure === undefined) await this.sync(true)
    closeSync(this.#file)
    this.#failure ??= new Error('log: closed')
  }

  #write(): void {
    const { count, bytes } = this.#queue
    if (count === 0) return
    this.#queue.writeTo(this.#file, this.#sequence, this.#durableBelow)
    this.#sequence += count
    this.#segmentBytes += bytes
  }

  #requireHealthy(): void {
    if (this.#failure !== undefined) throw this.#failure
  }
}

async function beginning(options: WriteAheadLogOptions): Promise<WriteAheadLog> {
  const last = (await segmentsIn(options.directory)).at(-1)?.number ?? 0
  return WriteAheadLog.begin(options, last + 1)
}

// The tail must be gone before anything is written behind it, or what is good could later stand behind what is not.
function cutTail({ segments, goodBytes }: ReadSegments): void {
  const file = openSync((segments.at(-1) as Segment).path, 'r+')
  ftruncateSync(file, goodBytes)
  fsyncSync(file)
  closeSync(file)
}
