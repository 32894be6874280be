/**
 * Runs a comparison of agreements: plans, resumes, counts, reports.
 */
import { join } from 'node:path'
import { Journal, type JournalRow } from '../run/journal.js'
import { codeVersion, thisMachine } from '../run/machine.js'
import { type JobResult, type JobRunner, localRunner, runJobs, threadRunner } from '../run/pool.js'
import { timeLeft } from '../run/time-left.js'
import { type AbaCell, type AbaFigures, abaCellKey } from './cell.js'
import type { GoodCaseRow } from './good-case.js'
import { type AbaJob, runAbaJob } from './job.js'
import { type AbaPlan, cellsOf, weightOf } from './plan.js'

/** How a comparison is run. */
export interface AbaBenchOptions extends AbaPlan {
  /** The folder of journal and report. */
  readonly out: string
  /** The path of a stranger's module. */
  readonly config?: string
  /** Threads; 0 runs everything in this one. */
  readonly jobs: number
  /** A cell that takes longer becomes a row that says so. */
  readonly cellSeconds: number
  readonly onProgress: (progress: AbaProgress) => void
  readonly isOver?: () => boolean
}

/** How far a comparison is. */
export interface AbaProgress {
  readonly done: number
  readonly of: number
  readonly failed: number
  readonly secondsLeft: number
}

/** A row of the journal. */
export type AbaRow = JournalRow<AbaCell, AbaFigures>

/** What a comparison came to: the rows that were asked for, in the order of the plan. */
export interface AbaResult {
  readonly rows: readonly AbaRow[]
  readonly goodCases: readonly GoodCaseRow[]
  readonly failures: readonly AbaRow[]
  /** Rows that an earlier run had left. */
  readonly resumed: number
  readonly isComplete: boolean
}

/** Runs what is not in the journal yet. */
export async function benchAba(options: AbaBenchOptions): Promise<AbaResult> {
  const cells = cellsOf(options)
  const journal = new Journal<AbaCell, AbaFigures>(join(options.out, 'cells.jsonl'))
  const missing = cells.filter(cell => !journal.has(abaCellKey(cell)))
  await runCells(missing, cells.length, journal, options)
  const goodCases = await countGoodCases(options)
  const rows = cells.flatMap(cell => journal.get(abaCellKey(cell)) ?? [])
  return {
    rows,
    goodCases,
    failures: rows.filter(isFailure),
    resumed: cells.length - missing.length,
    isComplete: rows.length === cells.length,
  }
}

/** Whether a row has no figures, or those of something that is no agreement. */
export const isFailure = ({ figures, failure }: AbaRow): boolean =>
  failure !== undefined || (figures?.violations.length ?? 0) > 0

async function runCells(
  missing: readonly AbaCell[],
  of: number,
  journal: Journal<AbaCell, AbaFigures>,
  options: AbaBenchOptions,
): Promise<void> {
  const origin = { commit: codeVersion(), machine: thisMachine() }
  const left = timeLeft(missing.reduce((sum, cell) => sum + weightOf(cell), 0))
  let done = of - missing.length
  let failed = 0
  const onDone = ({ cell }: { readonly cell: AbaCell }, outcome: JobResult<AbaFigures>): void => {
    const key = abaCellKey(cell)
    const came = 'result' in outcome ? { figures: outcome.result } : outcome
    const row: AbaRow = { schema: 'mc-lab/1', key, cell, taken: 'simulated', ...came, ...origin }
    journal.add(row)
    done += 1
    if (isFailure(row)) failed += 1
    options.onProgress({ done, of, failed, secondsLeft: left(weightOf(cell)) })
  }
  const jobs = missing.map(cell => ({ cell, ...configOf(options) }))
  await runJobs(jobs, {
    runners: runnersOf<(typeof jobs)[number], AbaFigures>(options, missing.length),
    onDone,
    ...(options.isOver ? { isOver: options.isOver } : {}),
  })
}

async function countGoodCases(options: AbaBenchOptions): Promise<readonly GoodCaseRow[]> {
  const { variants, sizes } = options
  const jobs = sizes
    .filter(n => n >= 4)
    .flatMap(n =>
      variants.flatMap(variant =>
        ([0, 1] as const).map(bit => ({ goodCase: { variant, n, bit }, ...configOf(options) })),
      ),
    )
  const rows: GoodCaseRow[] = []
  await runJobs(jobs, {
    runners: runnersOf<(typeof jobs)[number], GoodCaseRow>(options, jobs.length),
    // A variant that fails here has failed in its cells, too, where the reason stands.
    onDone: (_, outcome) => 'result' in outcome && rows.push(outcome.result),
    ...(options.isOver ? { isOver: options.isOver } : {}),
  })
  const place = ({ variant, n, bit }: GoodCaseRow): number =>
    (variants.indexOf(variant) * 1_000 + n) * 2 + bit
  return rows.sort((a, b) => place(a) - place(b))
}

const configOf = ({ config }: AbaBenchOptions): { readonly config?: string } =>
  config === undefined ? {} : { config }

function runnersOf<Job extends AbaJob, Result>(
  { jobs, cellSeconds }: AbaBenchOptions,
  count: number,
): readonly JobRunner<Job, Result>[] {
  if (jobs === 0) return [localRunner<Job, Result>(job => runAbaJob(job) as Promise<Result>)]
  const script = new URL('lab/run/worker.js', import.meta.url)
  return Array.from({ length: Math.min(jobs, Math.max(1, count)) }, () =>
    threadRunner<Job, Result>(script, cellSeconds * 1_000),
  )
}
