/**
 * Measures one part: many short batches, and the fastest of them, which is the one that was disturbed least.
 */

/** A figure of one part. `opsPerSecond` counts calls; `mbPerSecond` counts 10^6 bytes handled, 0 where bytes mean nothing. */
export interface PartFigure {
  readonly part: string
  readonly variant: string
  readonly n: number
  readonly k: number
  readonly bytes: number
  readonly opsPerSecond: number
  readonly mbPerSecond: number
}

/** What is measured. */
export interface PartCase {
  readonly part: string
  readonly variant: string
  readonly n?: number
  readonly k?: number
  /** Bytes that one call handles. */
  readonly bytes?: number
  readonly run: () => unknown
}

const BATCH_MS = 10

/** The figure of one case, from batches of about 10 ms over `budgetMs`. */
export function figureOf(
  { part, variant, n = 0, k = 0, bytes = 0, run }: PartCase,
  budgetMs: number,
): PartFigure {
  const calls = callsPerBatch(run)
  let bestMs = Number.POSITIVE_INFINITY
  const until = performance.now() + budgetMs
  do {
    const began = performance.now()
    for (let call = 0; call < calls; call += 1) run()
    bestMs = Math.min(bestMs, performance.now() - began)
  } while (performance.now() < until)
  const opsPerSecond = (calls / bestMs) * 1_000
  return { part, variant, n, k, bytes, opsPerSecond, mbPerSecond: (opsPerSecond * bytes) / 1e6 }
}

function callsPerBatch(run: () => unknown): number {
  for (let calls = 1; ; calls *= 2) {
    const began = performance.now()
    for (let call = 0; call < calls; call += 1) run()
    if (performance.now() - began >= BATCH_MS) return calls
  }
}
