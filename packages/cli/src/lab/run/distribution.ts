/**
 * Many numbers in few.
 */

/** How numbers spread. A `p99` of fewer than 100 samples is their maximum, and tables call it so. */
export interface Distribution {
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly median: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** The distribution of samples; all zeros if there are none. */
export function distribution(samples: readonly number[]): Distribution {
  const sorted = Float64Array.from(samples).sort()
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
  const sum = sorted.reduce((total, value) => total + value, 0)
  return {
    count: sorted.length,
    mean: sorted.length === 0 ? 0 : sum / sorted.length,
    min: at(0),
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: sorted.at(-1) ?? 0,
  }
}

/** How many samples had each value, least value first. */
export function histogram(samples: readonly number[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const sample of [...samples].sort((a, b) => a - b)) counts[sample] = (counts[sample] ?? 0) + 1
  return counts
}
