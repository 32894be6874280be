/**
 * Runs a comparison of systems: one cell after the other, since cells that run at once would measure each other.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { faultsTolerated } from '@mc/protocol'
import { benchFingerprint } from '../../bench/bench-suite.js'
import { benchNetwork } from '../../bench/network-bench.js'
import { needsOf } from '../../suites.js'
import { Journal, type JournalRow } from '../run/journal.js'
import { codeVersion, type Machine, thisMachine } from '../run/machine.js'
import { type JobResult, reason } from '../run/pool.js'
import { timeLeft } from '../run/time-left.js'
import { type AbcCell, type AbcFigures, abcCellKey } from './cell.js'
import { runAbcCell } from './run-cell.js'
import { type LabSystem, runsInNodes } from './systems.js'

/** What is asked for, and how it is run. */
export interface AbcBenchOptions {
  readonly systems: readonly LabSystem[]
  readonly sizes: readonly number[]
  readonly batches: readonly number[]
  readonly txBytes: number
  readonly transport: 'memory' | 'libp2p'
  readonly faults: readonly string[]
  readonly seconds: number
  readonly repeat: number
  readonly out: string
  /** In this process, one after the other: for tests. */
  readonly inThisProcess?: boolean
  readonly cellSeconds: number
  readonly onProgress: (progress: {
    readonly done: number
    readonly of: number
    readonly failed: number
    readonly secondsLeft: number
  }) => void
  readonly isOver?: () => boolean
}

/** A row of the journal. */
export type AbcRow = JournalRow<AbcCell, AbcFigures>

/** What a comparison came to. */
export interface AbcResult {
  readonly rows: readonly AbcRow[]
  readonly failures: readonly AbcRow[]
  readonly resumed: number
  readonly isComplete: boolean
  readonly machine: Machine
}

/** The cells of a comparison; all first repeats come first, so that any beginning of a run compares all systems. */
export const abcCells = ({
  systems,
  sizes,
  batches,
  txBytes,
  transport,
  faults,
  seconds,
  repeat,
}: AbcBenchOptions): readonly AbcCell[] =>
  Array.from({ length: repeat }, (_, at) => at + 1).flatMap(round =>
    sizes.flatMap(n =>
      faults.flatMap(fault =>
        batches.flatMap(batch =>
          systems.map(({ name }) => ({
            preset: name,
            n,
            batch,
            txBytes,
            transport,
            faults: fault,
            seconds,
            repeat: round,
          })),
        ),
      ),
    ),
  )

/** Whether a row has no figures, or those of members that did not agree. */
export const isFailure = ({ figures, failure }: AbcRow): boolean =>
  failure !== undefined || figures?.agrees === false

/** Runs what is not in the journal yet. */
export async function benchAbc(options: AbcBenchOptions): Promise<AbcResult> {
  const cells = abcCells(options)
  const journal = new Journal<AbcCell, AbcFigures>(join(options.out, 'cells.jsonl'))
  const missing = cells.filter(cell => !journal.has(abcCellKey(cell)))
  const left = timeLeft(missing.length)
  const origin = { commit: codeVersion() }
  let failed = 0
  for (const [at, cell] of missing.entries()) {
    if (options.isOver?.()) break
    const machine = thisMachine()
    const outcome = await measure(cell, options)
    const came = 'result' in outcome ? { figures: outcome.result } : outcome
    const row: AbcRow = {
      schema: 'mc-lab/1',
      key: abcCellKey(cell),
      cell,
      taken: 'measured',
      ...came,
      ...origin,
      machine,
    }
    journal.add(row)
    if (isFailure(row)) failed += 1
    options.onProgress({
      done: cells.length - missing.length + at + 1,
      of: cells.length,
      failed,
      secondsLeft: left(1),
    })
  }
  const rows = cells.flatMap(cell => journal.get(abcCellKey(cell)) ?? [])
  return {
    rows,
    failures: rows.filter(isFailure),
    resumed: cells.length - missing.length,
    isComplete: rows.length === cells.length,
    machine: thisMachine(),
  }
}

async function measure(cell: AbcCell, options: AbcBenchOptions): Promise<JobResult<AbcFigures>> {
  const system = options.systems.find(({ name }) => name === cell.preset) as LabSystem
  try {
    if (cell.transport === 'memory') return await inMemory(cell, system, options)
    const obstacle = whyNotInNodes(cell)
    if (obstacle === undefined) return { result: await inNodes(cell) }
    const outcome = await inMemory(cell, system, options)
    return 'result' in outcome ? { result: { ...outcome.result, note: obstacle } } : outcome
  } catch (error) {
    return { failure: reason(error) }
  }
}

/** Why a cell that was wanted over libp2p is measured in memory. */
function whyNotInNodes({ preset, faults }: AbcCell): string | undefined {
  if (!runsInNodes(preset))
    return 'not over libp2p: no node runs this system, as its parts are for comparison'
  if (faults !== 'none')
    return 'not over libp2p: faults are those of the simulator, which holds members in one process'
  return undefined
}

async function inMemory(
  cell: AbcCell,
  system: LabSystem,
  { inThisProcess, cellSeconds }: AbcBenchOptions,
): Promise<JobResult<AbcFigures>> {
  if (inThisProcess) return { result: runAbcCell(cell, system) }
  return inProcess({ cell, system }, (cellSeconds + 2 * cell.seconds) * 1_000)
}

/** In a process that is there for this cell alone. */
function inProcess(
  job: { readonly cell: AbcCell; readonly system: LabSystem },
  limitMs: number,
): Promise<JobResult<AbcFigures>> {
  return new Promise(resolve => {
    const child = fork(new URL('lab/abc/process.js', import.meta.url), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const settle = (outcome: JobResult<AbcFigures>): void => {
      clearTimeout(timer)
      child.removeAllListeners()
      child.kill('SIGKILL')
      resolve(outcome)
    }
    const timer = setTimeout(() => settle({ failure: `took longer than ${limitMs / 1_000} s` }), limitMs)
    child.once('message', outcome => settle(outcome as JobResult<AbcFigures>))
    child.once('error', error => settle({ failure: reason(error) }))
    child.once('exit', code => settle({ failure: `the process ended (${code})` }))
    child.send(job)
  })
}

/** In nodes: one process each, with log and ledger, as they are shipped. */
async function inNodes(cell: AbcCell): Promise<AbcFigures> {
  const { preset, n, batch, txBytes, seconds } = cell
  const result = await benchNetwork({
    preset,
    n,
    transport: 'libp2p',
    txBytes,
    batch,
    seconds,
    warmupSeconds: Math.max(1, Math.min(5, seconds / 2)),
    fsync: true,
    onProgress: () => {},
  })
  const { p50, p99, samples } = result.latencyMs
  return {
    f: faultsTolerated(n),
    fingerprint: benchFingerprint(preset, n),
    ...(needsOf(preset).length > 0 && { note: 'keys from a dealer: a network would generate its own' }),
    ran: `${n} processes over libp2p: whole nodes, log synced before sending`,
    epochs: result.epochs,
    seconds: result.seconds,
    committedTx: result.committedTx,
    txPerSecond: result.committedTxPerSecond,
    proposalsPerEpoch: result.proposalsPerEpoch,
    emptyEpochs: 0,
    latencyMs: { median: p50, p99, samples },
    latencyOf: 'transaction',
    cpuSeconds: result.cpuSeconds,
    peakRssBytes: result.peakRssBytes,
    messagesPerEpoch: result.messagesPerEpoch,
    bytesPerEpoch: result.bytesPerEpoch,
    agrees: result.sameBlocks,
  }
}
