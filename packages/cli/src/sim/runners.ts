/**
 * Where seeds are run: in worker threads, or in this one.
 */
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { runSeed, type SeedOutcome } from './run-seed.js'
import type { SeedSetting } from './scenario.js'

/** Runs one seed after the other. */
export interface Runner {
  run(setting: SeedSetting): Promise<SeedOutcome>
  stop(): Promise<void>
}

/** In this thread: for tests, for the replay of one seed, and where there is but one core. */
export const localRunner = (): Runner => ({
  run: async setting => {
    await yieldToOthers()
    return runSeed(setting)
  },
  stop: async () => {},
})

/** How the heap of a worker is set up; the outcome of a seed must not depend on it. */
export interface HeapSetting {
  readonly maxYoungGenerationSizeMb?: number
}

/** In a worker thread of the built program. `run` rejects if the thread dies. */
export function threadRunner(heap: HeapSetting = {}): Runner {
  const worker = new Worker(new URL('sim/worker.js', import.meta.url), { resourceLimits: { ...heap } })
  return {
    run: setting =>
      new Promise((resolve, reject) => {
        worker.once('error', reject)
        worker.once('message', (outcome: SeedOutcome) => {
          worker.off('error', reject)
          resolve(outcome)
        })
        worker.postMessage(setting)
      }),
    stop: async () => {
      await worker.terminate()
    },
  }
}
