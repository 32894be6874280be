import type { Comparison } from '../network/comparison.js'
import type { StoryStep } from '../story/story.js'
import type { SubmissionResult } from '../submission/submission.js'

/** What a start came to; the last line of standard output under `--json`. */
export interface StartSummary {
  readonly nodes: number
  readonly epochs: number
  readonly operationsSubmitted: number
  readonly operationsCommitted: number
  readonly operationsAlreadyOnLedger: number
  readonly operationsRefused: number
  readonly operationsOnLedger: number
  readonly sameBlocks: boolean
  readonly sameStateRoot: boolean
  readonly lightClientVerified: boolean
  /** Submit to commit of operations that came on the ledger in this run; null if there were none. */
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null }
  readonly seconds: number
  readonly api: string
  readonly apiTokenFile: string
  readonly preset: string
  readonly directory: string
  readonly stateRoot: string
  readonly lastBlock: string | undefined
  /** What the organisation of the story decided, step by step, each with its proofs; left out with --no-story or --ops. */
  readonly story?: readonly StoryStep[]
}

/** What a summary is drawn from. */
export interface SummaryParts {
  readonly result: SubmissionResult
  readonly badLines: number
  readonly comparison: Comparison
  readonly lightClientVerified: boolean
  readonly seconds: number
  readonly story?: readonly StoryStep[]
  readonly network: Pick<StartSummary, 'nodes' | 'api' | 'apiTokenFile' | 'preset' | 'directory'>
}

/** The summary of a run. */
export function summarise({
  result,
  badLines,
  comparison,
  network,
  seconds,
  ...rest
}: SummaryParts): StartSummary {
  const { latenciesMs } = result
  return {
    nodes: network.nodes,
    epochs: comparison.epochs,
    operationsSubmitted: result.submitted,
    operationsCommitted: result.committed,
    operationsAlreadyOnLedger: result.already,
    operationsRefused: result.refused.length + badLines,
    operationsOnLedger: comparison.operations,
    sameBlocks: comparison.sameBlocks,
    sameStateRoot: comparison.sameStateRoot,
    lightClientVerified: rest.lightClientVerified,
    latencyMs: { p50: percentile(latenciesMs, 0.5), p99: percentile(latenciesMs, 0.99) },
    seconds: tenths(seconds),
    api: network.api,
    apiTokenFile: network.apiTokenFile,
    preset: network.preset,
    directory: network.directory,
    stateRoot: comparison.stateRoot,
    lastBlock: comparison.tip?.cid,
    ...(rest.story && { story: rest.story }),
  }
}

/** Whether everything that was promised holds. */
export const isGood = (summary: StartSummary, result: SubmissionResult): boolean =>
  summary.sameBlocks &&
  summary.sameStateRoot &&
  (summary.lightClientVerified || summary.operationsOnLedger === 0) &&
  (summary.story ?? []).every(({ done }) => done) &&
  result.committed + result.refused.length === result.submitted

function percentile(sorted: readonly number[], part: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
  return value === undefined ? null : tenths(value)
}

const tenths = (value: number): number => Math.round(value * 10) / 10
