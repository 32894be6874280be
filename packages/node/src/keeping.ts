/**
 * What a node keeps on its disk besides the log itself: blocks, certificates, checkpoints; and when the log may forget.
 */
import type { AppliedBlock, Certificate, Ledger } from '@mc/ledger'
import { type JournalRecord, journalCodec } from './log/journal.js'
import type { WriteAheadLog } from './log/write-ahead-log.js'
import type { StoredBlock } from './replica/chain.js'
import type { Turn } from './replica/turn.js'
import { Retention, SEGMENT_BLOCKS_MAX, SEGMENT_BYTES_MAX } from './retention.js'
import type { BlockStore } from './store/block-store.js'
import { CheckpointPace, type LedgerExtent } from './store/checkpoint-pace.js'

/** What keeping is made of. */
export interface KeepingOptions {
  readonly ledger: Ledger<unknown>
  readonly store: BlockStore
  readonly log: WriteAheadLog
  /** Operations on the ledger after each block; grows. */
  readonly totals: number[]
  /** What is in the last checkpoint. */
  readonly written: LedgerExtent
  readonly segmentBytesMax: number | undefined
  /** Records of the log may speak of epochs below this one. */
  readonly spokenBelow: () => number
  /** The same of what was there at the start. */
  readonly spokenBefore: number
  /** Blocks on the ledger whose turn has not been taken. */
  readonly untaken: () => readonly StoredBlock[]
  /** What a new segment of the log begins with. */
  readonly remembered: () => readonly JournalRecord[]
  readonly onBlock: (block: AppliedBlock) => void
  readonly onFailure: (error: Error) => void
}

/** Keeps what turns bring. */
export class Keeping {
  readonly #options: KeepingOptions
  readonly #retention: Retention
  readonly #pace: CheckpointPace
  #rotatedAt: number
  #writes: Promise<unknown> = Promise.resolve()
  #failure: Error | undefined

  constructor(options: KeepingOptions) {
    const { log, spokenBefore, totals, written } = options
    this.#options = options
    this.#retention = new Retention(log.currentSegment, spokenBefore)
    this.#pace = new CheckpointPace(written)
    this.#rotatedAt = totals.length
  }

  /** Keeps what came with a turn whose records are on disk. */
  keep(turn: Turn): void {
    for (const stored of turn.blocks) this.#onBlock(stored)
    this.keepCertificates(turn.certificates)
    if (turn.records.length > 0) this.#retention.speaksOf(this.#options.spokenBelow())
  }

  /** Keeps certificates; only those that convince are brought here. */
  keepCertificates(certificates: readonly Certificate[]): void {
    const latest = new Map(certificates.map(certificate => [certificate.epoch, certificate]))
    for (const certificate of latest.values())
      this.write(() => this.#options.store.putCertificate(certificate))
  }

  /** Closes a long segment of the log, writes a checkpoint when one is due, and lets the log forget. */
  async tidy(turn: Turn): Promise<void> {
    if (this.#isLogLong) await this.#rotate()
    if (this.#pace.isDue(this.#extent)) this.#beginCheckpoint()
    if (turn.retired !== undefined) await this.#forget(turn.retired)
  }

  /** Runs behind all writes so far; writes happen one after the other, and the first that fails stops the node. */
  write(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(() => (this.#failure === undefined ? write() : undefined))
    this.#writes = this.#writes.catch(error => {
      this.#failure ??= error as Error
      this.#options.onFailure(error as Error)
    })
  }

  /** Resolves once all blocks so far are on disk for good. @throws the failure of a write. */
  async flush(): Promise<void> {
    this.write(() => this.#options.store.flush())
    await this.#writes
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Something else has failed: nothing is written any more. */
  fail(error: Error): void {
    this.#failure ??= error
  }

  /** Ends all writing, with a checkpoint unless something has failed. */
  async close(): Promise<void> {
    await this.#writes
    if (this.#failure === undefined) await this.#checkpoint().catch(() => {})
  }

  /** How far the ledger is: the state may be ahead of the turns. */
  get #extent(): LedgerExtent {
    const { totals } = this.#options
    const untaken = this.#options.untaken()
    const operations = untaken.at(-1)?.block.operations ?? totals.at(-1) ?? 0
    return { blocks: totals.length + untaken.length, operations }
  }

  get #isLogLong(): boolean {
    const { log, segmentBytesMax = SEGMENT_BYTES_MAX, totals } = this.#options
    return log.segmentBytes > segmentBytesMax || totals.length - this.#rotatedAt >= SEGMENT_BLOCKS_MAX
  }

  #onBlock(stored: StoredBlock): void {
    const { onBlock, store, totals } = this.#options
    totals.push(stored.block.operations)
    this.write(() => store.put(stored))
    onBlock(stored)
  }

  // The new segment remembers what we promised, and where we are, before the old ones may go.
  async #rotate(): Promise<void> {
    const { log, remembered, spokenBelow, totals } = this.#options
    this.#rotatedAt = totals.length
    const number = await log.rotate()
    // Meanwhile more may have been written to the segment that is closed now.
    this.#retention.speaksOf(spokenBelow())
    this.#retention.rotated(number)
    for (const record of remembered()) log.append(journalCodec.encode(record))
    await log.sync(true)
  }

  // In this order: the blocks are on disk, then the record that says what is retired, then what speaks of it goes.
  async #forget(retired: number): Promise<void> {
    const { log } = this.#options
    const needed = this.#retention.neededFrom(retired)
    if (needed === undefined) return
    await this.#checkpoint()
    await log.sync(true)
    await log.dropBefore(needed)
  }

  async #checkpoint(): Promise<void> {
    if (this.#extent.blocks > this.#pace.blocks) this.#beginCheckpoint()
    else this.write(() => this.#options.store.flush())
    await this.#writes
    if (this.#failure !== undefined) throw this.#failure
  }

  // The state may be ahead of the turns: the blocks that led to it are written before it is.
  #beginCheckpoint(): void {
    const { ledger, store } = this.#options
    const tip = ledger.tip?.block
    if (tip === undefined) return
    const untaken = this.#options.untaken()
    const totals = [...this.#options.totals, ...untaken.map(({ block }) => block.operations)]
    const totalsWritten = this.#pace.blocks
    const snapshot = ledger.machine.snapshot(ledger.state)
    this.#pace.begun(this.#extent)
    for (const stored of [...untaken]) this.write(() => store.put(stored))
    this.write(() => store.checkpoint({ epoch: tip.epoch, snapshot, totals, totalsWritten }))
  }
}
