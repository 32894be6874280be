/**
 * What many seeds came to.
 */
import type { SeedOutcome } from './run-seed.js'

/** A broken law, and the command that shows it again. */
export interface ReportedViolation {
  readonly command: string
  readonly line: string
  readonly law: string
  readonly detail: string
}

/** The figures of all seeds of one size. */
export interface SizeTally {
  readonly seeds: number
  readonly epochs: number
  readonly deliveries: number
  readonly violations: number
  /** How many batches held so many proposals. */
  readonly proposalsPerBatch: Readonly<Record<string, number>>
}

/** Adds up outcomes. */
export class Tally {
  readonly violations: ReportedViolation[] = []
  readonly sizes: Record<string, SizeTally> = {}
  readonly injected: Record<string, number> = {}
  readonly roundsPerDecision: Record<string, number> = {}
  readonly traceHashes: Map<string, string> = new Map()
  deliveries = 0
  catchUps = 0
  virtualMs = 0
  /** Processor time of the runs themselves. */
  runSeconds = 0

  add(outcome: SeedOutcome, command: string): void {
    const { seed, n, line, violations, deliveries } = outcome
    this.violations.push(...violations.map(violation => ({ command, line, ...violation })))
    this.deliveries += deliveries
    this.catchUps += outcome.catchUps
    this.virtualMs += outcome.virtualMs
    this.runSeconds += outcome.seconds
    this.traceHashes.set(`${n} ${seed}`, outcome.traceHash)
    addUp(this.injected, outcome.injected)
    addUp(this.roundsPerDecision, outcome.roundsPerDecision)
    const known = this.sizes[n]
    const proposalsPerBatch = { ...known?.proposalsPerBatch }
    addUp(proposalsPerBatch, outcome.proposalsPerBatch)
    this.sizes[n] = {
      seeds: (known?.seeds ?? 0) + 1,
      epochs: (known?.epochs ?? 0) + outcome.epochs,
      deliveries: (known?.deliveries ?? 0) + deliveries,
      violations: (known?.violations ?? 0) + violations.length,
      proposalsPerBatch,
    }
  }
}

function addUp(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [kind, count] of Object.entries(counts)) sums[kind] = (sums[kind] ?? 0) + count
}
