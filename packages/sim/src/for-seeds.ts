import type { Run } from './run.js'

/** Which seeds to run. */
export interface ForSeedsOptions {
  /** How many; 100 by default. */
  readonly seeds?: number
  /** The first one; 0 by default. */
  readonly from?: number
}

/** What is left of a run that kept its laws. */
type Outcome = Pick<
  Run<unknown, unknown, unknown>,
  'violations' | 'trace' | 'cost' | 'injected' | 'virtualMs'
>

/** What many runs came to. */
export interface SeedsReport {
  readonly seeds: number
  readonly deliveries: number
  readonly injected: Readonly<Record<string, number>>
  readonly virtualMs: number
}

/**
 * Runs many seeds, one after the other, and adds up what they did.
 *
 * @throws Error at the first violation; its message is the line to paste, what is wrong, and the last events.
 */
export function forSeeds(
  { seeds = 100, from = 0 }: ForSeedsOptions,
  simulateSeed: (seed: number) => Outcome,
): SeedsReport {
  const injected: Record<string, number> = {}
  let deliveries = 0
  let virtualMs = 0
  for (let seed = from; seed < from + seeds; seed += 1) {
    const run = simulateSeed(seed)
    if (run.violations.length > 0) throw new Error(report(run))
    deliveries += run.cost.deliveries
    virtualMs += run.virtualMs
    for (const [kind, count] of Object.entries(run.injected)) injected[kind] = (injected[kind] ?? 0) + count
  }
  return { seeds, deliveries, injected, virtualMs }
}

function report({ violations, trace }: Outcome): string {
  const wrong = violations.map(({ invariant, detail }) => `${invariant}: ${detail}`)
  return [violations[0]?.line, ...wrong, 'last events:', ...trace.slice(-20).map(line => `  ${line}`)].join(
    '\n',
  )
}
