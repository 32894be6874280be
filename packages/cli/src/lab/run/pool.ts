/**
 * Work in threads: each takes the next job as soon as it is free, and one that dies or takes too long ends its job only.
 */
import { Worker } from 'node:worker_threads'

/** What became of a job. */
export type JobResult<Result> = { readonly result: Result } | { readonly failure: string }

/** Runs one job at a time. */
export interface JobRunner<Job, Result> {
  run(job: Job): Promise<JobResult<Result>>
  stop(): Promise<void>
}

/** How jobs are run. */
export interface PoolOptions<Job, Result> {
  readonly runners: readonly JobRunner<Job, Result>[]
  readonly onDone: (job: Job, outcome: JobResult<Result>) => void
  /** Asked before each job; true leaves the rest undone. */
  readonly isOver?: () => boolean
}

/** Runs all jobs, in the order given, as many at once as there are runners. */
export async function runJobs<Job, Result>(
  jobs: readonly Job[],
  { runners, onDone, isOver = () => false }: PoolOptions<Job, Result>,
): Promise<void> {
  const waiting = jobs.values()
  const work = async (runner: JobRunner<Job, Result>): Promise<void> => {
    for (const job of waiting) {
      if (isOver()) return
      onDone(job, await runner.run(job))
    }
  }
  try {
    await Promise.all(runners.map(work))
  } finally {
    await Promise.all(runners.map(runner => runner.stop()))
  }
}

/** In this thread: for tests, and where threads are not wanted. */
export const localRunner = <Job, Result>(
  run: (job: Job) => Result | Promise<Result>,
): JobRunner<Job, Result> => ({
  run: async job => {
    try {
      return { result: await run(job) }
    } catch (error) {
      return { failure: reason(error) }
    }
  },
  stop: async () => {},
})

/** In a thread of its own, that is replaced if it dies or is stopped after `limitMs`. */
export function threadRunner<Job, Result>(script: URL, limitMs: number): JobRunner<Job, Result> {
  let worker: Worker | undefined
  const end = async (): Promise<void> => {
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }
  return {
    run: job =>
      new Promise(resolve => {
        const running = worker ?? new Worker(script)
        worker = running
        const settle = (outcome: JobResult<Result>): void => {
          clearTimeout(timer)
          running.off('error', onError)
          running.off('exit', onExit)
          running.off('message', settle)
          resolve(outcome)
        }
        const fail = (failure: string): void => {
          settle({ failure })
          void end()
        }
        const onError = (error: unknown): void => fail(reason(error))
        const onExit = (code: number): void => fail(`the thread ended (${code})`)
        const timer = setTimeout(() => fail(`took longer than ${limitMs / 1_000} s`), limitMs)
        running.on('error', onError)
        running.on('exit', onExit)
        running.on('message', settle)
        running.postMessage(job)
      }),
    stop: end,
  }
}

/** An error in one line, as a row of a table has it. */
export const reason = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n').slice(0, 3).join(' ').slice(0, 400)
}
