/**
 * Runs many seeds on all cores, and checks that a seed determines its run.
 */

import type { SeedOutcome } from './run-seed.js'
import { localRunner, type Runner, threadRunner } from './runners.js'
import { FAULT_KINDS, type FaultKind, type SeedSetting } from './scenario.js'
import { type ReportedViolation, type SizeTally, Tally } from './tally.js'

/** What to run. */
export interface SweepOptions {
  readonly preset: string
  /** How many seeds, over all sizes. */
  readonly seeds: number
  readonly firstSeed: number
  /** Epochs under faults, per seed. */
  readonly epochs: number
  readonly sizes: readonly number[]
  /** How many percent of the seeds each size gets; equal shares by default. */
  readonly mix?: readonly number[]
  readonly faults: readonly FaultKind[]
  /** Worker threads; 0 runs everything in this thread. */
  readonly jobs: number
  /** Runs one percent of the seeds again, elsewhere, and compares. */
  readonly verifyDeterminism: boolean
  readonly onProgress: (progress: SweepProgress) => void
}

/** How far a sweep is. */
export interface SweepProgress {
  readonly done: number
  readonly of: number
  readonly violations: number
  readonly deliveries: number
}

/** What a sweep found and did, as it is printed. */
export interface SweepResult {
  readonly preset: string
  readonly seeds: number
  readonly epochs: number
  readonly faults: readonly FaultKind[]
  readonly n: Readonly<Record<string, SizeTally>>
  readonly violations: readonly ReportedViolation[]
  readonly injected: Readonly<Record<string, number>>
  readonly catchUpsByBlocks: number
  readonly deliveries: number
  readonly messagesPerSecond: number
  readonly simulatedHours: number
  /** Agreements by how many rounds they took. */
  readonly roundsPerDecision: Readonly<Record<string, number>>
  /** Seeds that were run twice, and how many of them came out differently. */
  readonly determinism?: { readonly seeds: number; readonly different: number }
  readonly jobs: number
  readonly seconds: number
}

/** Runs the seeds. The result is the same for any number of jobs, but for times. */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const startedAt = performance.now()
  const settings = settingsOf(options)
  const tally = new Tally()
  let done = 0
  await runAll(settings, options.jobs, {}, (setting, outcome) => {
    tally.add(outcome, commandOf(setting))
    done += 1
    const { violations, deliveries } = tally
    options.onProgress({ done, of: settings.length, violations: violations.length, deliveries })
  })
  const determinism = options.verifyDeterminism ? await runAgain(settings, options.jobs, tally) : undefined
  const seconds = (performance.now() - startedAt) / 1_000
  return {
    preset: options.preset,
    seeds: settings.length,
    epochs: options.epochs,
    faults: options.faults,
    n: tally.sizes,
    violations: tally.violations.sort((a, b) => (a.command < b.command ? -1 : 1)),
    injected: tally.injected,
    catchUpsByBlocks: tally.catchUps,
    deliveries: tally.deliveries,
    messagesPerSecond: Math.round(tally.deliveries / seconds),
    simulatedHours: tally.virtualMs / 3_600_000,
    roundsPerDecision: tally.roundsPerDecision,
    ...(determinism ? { determinism } : {}),
    jobs: options.jobs,
    seconds,
  }
}

/** The command that runs one seed again, alone and with its trace. */
export const commandOf = ({ preset, n, epochs, faults, seed }: SeedSetting): string =>
  `mc sim --preset ${preset} --n ${n} --epochs ${epochs} --faults ${faultsText(faults)} --seed ${seed}`

const faultsText = (faults: readonly FaultKind[]): string =>
  faults.length === FAULT_KINDS.length ? 'all' : faults.join(',') || 'none'

function settingsOf({ preset, seeds, firstSeed, epochs, sizes, mix, faults }: SweepOptions): SeedSetting[] {
  const shares = sizes.map((_, at) => mix?.[at] ?? 100 / sizes.length)
  const whole = shares.reduce((sum, share) => sum + share, 0)
  const given = sizes.map(() => 0)
  return Array.from({ length: seeds }, (_, at) => {
    // The size that is furthest behind its share comes next, so that any beginning of a sweep has the mix of the whole.
    const lacking = shares.map((share, size) => (share / whole) * (at + 1) - (given[size] as number))
    const size = lacking.indexOf(Math.max(...lacking))
    given[size] = (given[size] as number) + 1
    return { preset, seed: firstSeed + at, n: sizes[size] as number, epochs, faults }
  })
}

type OnOutcome = (setting: SeedSetting, outcome: SeedOutcome) => void

/** Each runner takes the next setting as soon as it is free. */
async function runAll(
  settings: readonly SeedSetting[],
  jobs: number,
  heap: Parameters<typeof threadRunner>[0],
  onOutcome: OnOutcome,
): Promise<void> {
  const waiting = settings.values()
  const runners: Runner[] =
    jobs === 0
      ? [localRunner()]
      : Array.from({ length: Math.min(jobs, settings.length) }, () => threadRunner(heap))
  const work = async (runner: Runner): Promise<void> => {
    for (const setting of waiting) onOutcome(setting, await runner.run(setting))
  }
  try {
    await Promise.all(runners.map(work))
  } finally {
    await Promise.all(runners.map(runner => runner.stop()))
  }
}

/** One percent of the seeds again, in fresh threads with another heap, and in the opposite order. */
async function runAgain(
  settings: readonly SeedSetting[],
  jobs: number,
  { traceHashes, violations }: Tally,
): Promise<{ readonly seeds: number; readonly different: number }> {
  const again = settings.filter((_, at) => at % 100 === 0).reverse()
  let different = 0
  await runAll(again, jobs, { maxYoungGenerationSizeMb: 4 }, (setting, { n, seed, line, traceHash }) => {
    const before = traceHashes.get(`${n} ${seed}`)
    if (before === traceHash) return
    different += 1
    const detail = `trace hash ${before} at first, then ${traceHash}`
    violations.push({ command: commandOf(setting), line, law: 'determinism', detail })
  })
  return { seeds: again.length, different }
}
