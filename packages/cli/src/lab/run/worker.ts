/**
 * A thread of the laboratory: runs the cells that it is given.
 */
import { parentPort } from 'node:worker_threads'
import { type AbaJob, runAbaJob } from '../aba/job.js'
import { localRunner } from './pool.js'

const runner = localRunner(runAbaJob)

parentPort?.on('message', (job: AbaJob) => {
  void runner.run(job).then(outcome => parentPort?.postMessage(outcome))
})
