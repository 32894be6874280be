/**
 * Which part of the work a message belongs to, and how long each part took.
 */
import { WORK, type Work } from './cell.js'

/** The part of the work that a message belongs to, by the words on its way down through the layers. */
export function workOf(message: unknown): Work {
  let work: Work = 'other'
  for (let at = message; typeof at === 'object' && at !== null; at = (at as { message?: unknown }).message) {
    const { type } = at as { readonly type?: unknown }
    if (type === 'coin' || type === 'election' || type === 'shares') return 'coin'
    if (type === 'raba' || type === 'aba') work = 'agreement'
    else if (work !== 'agreement' && (type === 'rbc' || type === 'dispersal' || type === 'retrieval'))
      work = 'broadcast'
  }
  return work
}

/** Zero of everything. */
export const noWork = (): Record<Work, number> =>
  Object.fromEntries(WORK.map(work => [work, 0])) as Record<Work, number>

/** A stopwatch with one hand per part. */
export class WorkClock {
  readonly ms: Record<Work, number> = noWork()

  /** Runs something for a part, and adds its time. */
  time<Result>(work: Work, run: () => Result): Result {
    const began = performance.now()
    try {
      return run()
    } finally {
      this.ms[work] += performance.now() - began
    }
  }
}
