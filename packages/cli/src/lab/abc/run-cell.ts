/**
 * Measures one cell in this process: all members, real messages as bytes between them, no socket, no log, no ledger.
 */
import { createHash } from 'node:crypto'
import {
  type AtomicBroadcastInput,
  type AtomicBroadcastOutput,
  type AtomicBroadcastParams,
  proposalCodec,
} from '@mc/abc'
import { type Epoch, epoch as epochOf, faultsTolerated, nMinusF, type PeerIndex } from '@mc/protocol'
import { fifo, noFaultsAgainstCorrect, type Run, type SimulateOptions, simulate } from '@mc/sim'
import { distribution } from '../run/distribution.js'
import type { AbcCell, AbcFigures, CountedEpochs, Work } from './cell.js'
import { counting, Passed } from './counting.js'
import { FAULTS, type LabFault } from './faults.js'
import { stalling } from './stalls.js'
import { committeeOf, type LabSystem, type MakeMember } from './systems.js'
import { watched } from './watched.js'
import { WorkClock } from './work.js'

/** Epochs whose messages are counted, before anything is timed. */
export const EPOCHS_COUNTED = 3

/** How a cell is run, beside what it is. */
export interface RunAbcOptions {
  /** Milliseconds that have passed; a test brings its own clock. */
  readonly now?: () => number
  /** No more epochs than this, however short they are. */
  readonly epochsMax?: number
}

/** The figures of a cell. @throws RangeError for an unknown fault. */
export function runAbcCell(cell: AbcCell, system: LabSystem, options: RunAbcOptions = {}): AbcFigures {
  const { now = () => performance.now(), epochsMax = Number.POSITIVE_INFINITY } = options
  const fault = FAULTS[cell.faults]
  if (fault === undefined) throw new RangeError(`lab: no fault "${cell.faults}"`)
  const { n, batch, txBytes } = cell
  const payloadBytesMax = 4_096 + batch * (txBytes + 8)
  const make = committeeOf(system, { n, payloadBytesMax })
  const counting = new CellRun(cell, make, fault, now)
  const counted = counting.count(EPOCHS_COUNTED)
  const timing = new CellRun(cell, make, fault, now)
  return timing.measure(counted, epochsMax)
}

type Options = SimulateOptions<AtomicBroadcastParams, AtomicBroadcastInput, unknown, AtomicBroadcastOutput>

interface EpochTimes {
  readonly startedMs: number
  /** When each correct member had its batch. */
  readonly doneMs: number[]
  readonly proposals: number
  readonly tx: number
  readonly hash: string
}

/** One run of all members. */
class CellRun {
  readonly #cell: AbcCell
  readonly #make: MakeMember
  readonly #fault: LabFault
  readonly #now: () => number
  readonly #f: number
  readonly #faulty: ReadonlySet<number>
  /** The faulty ones that an adversary holds; members that are only slow are correct. */
  readonly #liars: ReadonlySet<number>
  readonly #clock = new WorkClock()
  readonly #startedMs = new Map<number, number>()
  readonly #epochs: EpochTimes[] = []
  readonly #codec: ReturnType<typeof proposalCodec>
  #differ = false

  constructor(cell: AbcCell, make: MakeMember, fault: LabFault, now: () => number) {
    this.#cell = cell
    this.#make = make
    this.#fault = fault
    this.#now = now
    this.#f = faultsTolerated(cell.n)
    this.#faulty = new Set(fault.who(cell.n, this.#f))
    this.#liars = fault.adversary === undefined ? new Set() : this.#faulty
    this.#codec = proposalCodec({ operationBytesMax: cell.txBytes, operationsMax: cell.batch })
  }

  /** Counts messages over a few epochs, in an order that leaves nothing to chance. */
  count(epochs: number): CountedEpochs {
    const passed = new Passed(this.#cell.n)
    let steps = 0
    const options = this.#options(epoch => epoch < epochs)
    const { onOutput } = options
    const run = simulate({
      ...options,
      schedule: counting(fifo(), passed, this.#liars),
      onOutput: event => {
        const { index, output, correct } = event
        if (correct && output.type === 'batch' && output.epoch === 0)
          steps = Math.max(steps, passed.depth[index] as number)
        onOutput?.(event)
      },
    })
    requireLaws(run)
    return {
      epochs,
      messagesPerEpoch: sum(passed.messages) / epochs,
      bytesPerEpoch: sum(passed.bytes) / epochs,
      steps,
      messagesByWork: perEpoch(passed.messages, epochs),
      bytesByWork: perEpoch(passed.bytes, epochs),
    }
  }

  /** Runs epochs for as long as the cell says, and tells what they took. */
  measure(counted: CountedEpochs, epochsMax: number): AbcFigures {
    const { seconds } = this.#cell
    const began = this.#now()
    const until = began + seconds * 1_000
    const cpu = process.cpuUsage()
    const run = simulate(this.#options(epoch => epoch < epochsMax && this.#now() < until))
    requireLaws(run)
    const used = process.cpuUsage(cpu)
    return this.#figures(run, counted, began, (used.user + used.system) / 1e6)
  }

  #figures(
    run: Run<AtomicBroadcastInput, unknown, AtomicBroadcastOutput>,
    counted: CountedEpochs,
    began: number,
    cpuSeconds: number,
  ): AbcFigures {
    const { n } = this.#cell
    const enough = Math.min(nMinusF({ n, f: this.#f }), run.correct.length)
    const over = this.#epochs.filter(({ doneMs }) => doneMs.length >= enough)
    const doneAt = ({ doneMs }: EpochTimes): number => [...doneMs].sort((a, b) => a - b)[enough - 1] as number
    const seconds = over.length === 0 ? 0 : (doneAt(over.at(-1) as EpochTimes) - began) / 1_000
    const committedTx = over.reduce((sum, { tx }) => sum + tx, 0)
    const { median, p99, count } = distribution(over.map(epoch => doneAt(epoch) - epoch.startedMs))
    const epochs = Math.max(1, over.length)
    return {
      f: this.#f,
      fingerprint: this.#make(0, { bit: () => 0 }).fingerprint,
      ran: 'one process, one thread: protocol and codec, no sockets, no log, no ledger',
      epochs: over.length,
      seconds,
      committedTx,
      txPerSecond: seconds === 0 ? 0 : committedTx / seconds,
      proposalsPerEpoch: over.reduce((sum, { proposals }) => sum + proposals, 0) / epochs,
      emptyEpochs: over.filter(({ proposals }) => proposals === 0).length,
      latencyMs: { median, p99, samples: count },
      latencyOf: 'epoch',
      cpuSeconds,
      peakRssBytes: process.resourceUsage().maxRSS * 1_024,
      messagesPerEpoch: run.cost.messages / epochs,
      bytesPerEpoch: run.cost.bytes / epochs,
      workMsPerEpoch: perEpoch(this.#clock.ms, epochs),
      counted,
      agrees: !this.#differ,
    }
  }

  #options(mayGoOn: (epoch: number) => boolean): Options {
    const { n } = this.#cell
    const { adversary, stallMs } = this.#fault
    const payload = new Uint8Array()
    const propose = (epoch: number): AtomicBroadcastInput => ({
      type: 'propose',
      epoch: epochOf(epoch),
      payload,
    })
    return {
      seed: `lab ${n}`,
      n,
      protocol: ({ index, random }) =>
        watched(this.#make(index, random).atomicBroadcast, {
          clock: this.#clock,
          payload: (self, epoch) => this.#payload(self, epoch),
          onBatch: (self, batch) => this.#take(self, batch),
        }),
      params: committee => ({ committee, domain: ['lab'], firstEpoch: epochOf(0) }),
      inputs: () => propose(0),
      onInput: ({ input }) => {
        if (input.type === 'propose' && !this.#startedMs.has(input.epoch))
          this.#startedMs.set(input.epoch, this.#now())
      },
      onOutput: ({ output, give }) => {
        if (output.type !== 'batch') return
        if (mayGoOn(output.epoch + 1) || this.#startedMs.has(output.epoch + 1))
          give(propose(output.epoch + 1))
      },
      schedule: stallMs === undefined ? fifo() : stalling([...this.#faulty], stallMs, this.#now),
      byzantine:
        adversary === undefined
          ? {}
          : Object.fromEntries([...this.#faulty].map(index => [index, adversary()])),
      invariants: [noFaultsAgainstCorrect()],
      deliveriesMax: Number.POSITIVE_INFINITY,
      encoded: true,
      traceLines: 1,
    }
  }

  #payload(self: PeerIndex, epoch: Epoch): Uint8Array {
    if (!this.#startedMs.has(epoch)) this.#startedMs.set(epoch, this.#now())
    const { batch, txBytes } = this.#cell
    const bytes = createHash('shake128', { outputLength: batch * txBytes })
      .update(`${self} ${epoch}`)
      .digest()
    const operations = Array.from({ length: batch }, (_, at) =>
      bytes.subarray(at * txBytes, (at + 1) * txBytes),
    )
    return this.#codec.encode({ header: new Uint8Array(), operations })
  }

  /** Decodes and hashes every payload at every member, and compares with whoever came first. */
  #take(
    self: PeerIndex,
    { epoch, proposals }: { readonly epoch: Epoch; readonly proposals: ReadonlyMap<PeerIndex, Uint8Array> },
  ): void {
    const hash = createHash('sha256')
    let tx = 0
    for (const [proposer, payload] of proposals) {
      hash.update(`${proposer} ${payload.length} `).update(payload)
      tx += this.#codec.decode(payload).operations.length
    }
    const digest = hash.digest('hex')
    const known = this.#epochs[epoch]
    if (known !== undefined && known.hash !== digest) this.#differ = true
    const entry = known ?? {
      startedMs: this.#startedMs.get(epoch) ?? this.#now(),
      doneMs: [],
      proposals: proposals.size,
      tx,
      hash: digest,
    }
    this.#epochs[epoch] = entry
    if (!this.#liars.has(self)) entry.doneMs.push(this.#now())
  }
}

/** @throws Error if a member was blamed that did no wrong: such figures are worth nothing. */
function requireLaws({
  violations: [violation],
}: Run<AtomicBroadcastInput, unknown, AtomicBroadcastOutput>): void {
  if (violation !== undefined) throw new Error(`law broken: ${violation.invariant}: ${violation.detail}`)
}

const sum = (counts: Readonly<Record<Work, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

const perEpoch = (counts: Readonly<Record<Work, number>>, epochs: number): Record<Work, number> =>
  Object.fromEntries(Object.entries(counts).map(([work, count]) => [work, count / epochs])) as Record<
    Work,
    number
  >
