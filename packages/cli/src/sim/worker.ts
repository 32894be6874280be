/**
 * A worker thread of a sweep: runs the seeds it is given, one after the other, and says what came of each.
 */
import { parentPort } from 'node:worker_threads'
import { runSeed } from './run-seed.js'
import type { SeedSetting } from './scenario.js'

parentPort?.on('message', (setting: SeedSetting) => {
  parentPort?.postMessage(runSeed(setting))
})
