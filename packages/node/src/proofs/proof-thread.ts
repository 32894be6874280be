/**
 * A thread that answers one job at a time.
 */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** What a thread tells whoever started it. */
export interface ThreadEvents {
  /** The answer to the job that it was given. */
  readonly onAnswer: (result: unknown) => void
  /** It is gone, and its job with it. */
  readonly onEnd: (reason: string) => void
}

/** A running thread. */
export interface ProofThread {
  /** Gives it a job; it has none when this is called. */
  post(job: Uint8Array): void
  /** Ends it, whatever it does. */
  stop(): void
}

/** Starts a thread. */
export type StartThread = (events: ThreadEvents) => ProofThread

/** Old objects that a thread may hold before it is ended; tables and rings take far less. */
const HEAP_MB = 256

/** A thread of Node that runs a script. It does not keep the process alive. */
export const workerThread =
  (script: URL): StartThread =>
  ({ onAnswer, onEnd }) => {
    // What the process was started with is meant for it, and may be nothing that a thread can be started with.
    const worker = new Worker(script, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } })
    worker.unref()
    worker.on('message', onAnswer)
    worker.on('error', error => onEnd(error instanceof Error ? error.message : String(error)))
    worker.on('exit', code => onEnd(`the thread ended (${code})`))
    return {
      // A view would take all that it is a view of with it.
      post: job => worker.postMessage(job.byteLength === job.buffer.byteLength ? job : job.slice()),
      stop: () => {
        worker.removeAllListeners()
        worker.on('error', () => {})
        void worker.terminate()
      },
    }
  }

/** The script of this package, where it is built; nothing where sources run, which no thread of Node can load. */
export function builtScript(): URL | undefined {
  const script = new URL('proofs/worker.js', import.meta.url)
  return existsSync(script) ? script : undefined
}

/** Threads for proofs: a core is left for the node itself, and more than four have nothing to do. */
export const threadsFor = (cores: number = availableParallelism()): number =>
  Math.min(4, Math.max(1, cores - 1))
