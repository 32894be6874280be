/**
 * Threads that verify proofs, and the jobs that wait for them.
 *
 * A thread that ends, takes too long or says what is no answer is replaced, and its job is given to another one once. What
 * cannot be done comes back undone: whoever asked does it itself.
 */
import type { ProofThread, StartThread } from './proof-thread.js'

/** How a pool works. */
export interface ProofPoolOptions {
  readonly start: StartThread
  readonly threads: number
  /** Jobs that wait, beside those that run; one more comes back undone. */
  readonly waitingMax?: number
  /** A thread that takes longer for one job is ended. */
  readonly jobMsMax?: number
}

/** What a pool has done. */
export interface ProofPoolCounts {
  done: number
  /** Jobs that came back undone. */
  undone: number
  /** Threads that were replaced. */
  replaced: number
}

/** How a job is to be done. */
export interface JobOrder {
  /** Before all that wait already: a block is held up by it. */
  readonly isUrgent: boolean
}

/** Jobs that wait unless told otherwise: each has up to 64 proofs. */
export const WAITING_JOBS_MAX = 64

/** Milliseconds that a job may take: a hundred times what the largest one does. */
export const JOB_MS_MAX = 10_000

/** Threads that may end one after the other, without a result in between, before none is started any more. */
export const FAILURES_MAX = 8

interface Task {
  readonly job: Uint8Array
  readonly resolve: (result: Uint8Array | undefined) => void
  attempts: number
}

interface Slot {
  thread: ProofThread | undefined
  task: Task | undefined
  timer: NodeJS.Timeout | undefined
}

/** Runs jobs in threads, which it starts when there is something to do. */
export class ProofPool {
  readonly counts: ProofPoolCounts = { done: 0, undone: 0, replaced: 0 }
  readonly #options: Required<ProofPoolOptions>
  readonly #slots: readonly Slot[]
  #waiting: Task[] = []
  #failures = 0
  #isOver = false

  /** @throws RangeError unless there is at least one thread. */
  constructor({ waitingMax = WAITING_JOBS_MAX, jobMsMax = JOB_MS_MAX, ...options }: ProofPoolOptions) {
    if (!Number.isSafeInteger(options.threads) || options.threads < 1) {
      throw new RangeError(`proof pool: need at least one thread, got ${options.threads}`)
    }
    this.#options = { ...options, waitingMax, jobMsMax }
    this.#slots = Array.from({ length: options.threads }, () => {
      return { thread: undefined, task: undefined, timer: undefined }
    })
  }

  /** Whether jobs are done at all: not after `stop`, and not after too many threads have ended. */
  get isWorking(): boolean {
    return !this.#isOver
  }

  /** The result of a job, or nothing if it was not done. Never rejects. */
  run(job: Uint8Array, { isUrgent }: JobOrder = { isUrgent: false }): Promise<Uint8Array | undefined> {
    return new Promise(resolve => {
      const task = { job, resolve, attempts: 0 }
      if (this.#isOver || this.#waiting.length >= this.#options.waitingMax) return this.#giveUp(task)
      if (isUrgent) this.#waiting.unshift(task)
      else this.#waiting.push(task)
      this.#assign()
    })
  }

  /** Ends all threads; what was not done comes back undone. */
  stop(): void {
    this.#isOver = true
    for (const slot of this.#slots) {
      slot.thread?.stop()
      const task = this.#free(slot)
      slot.thread = undefined
      if (task !== undefined) this.#giveUp(task)
    }
    for (const task of this.#waiting) this.#giveUp(task)
    this.#waiting = []
  }

  #assign(): void {
    for (const slot of this.#slots) {
      if (slot.task !== undefined || this.#isOver) continue
      const task = this.#waiting.shift()
      if (task === undefined) return
      this.#begin(slot, task)
    }
  }

  #begin(slot: Slot, task: Task): void {
    slot.task = task
    task.attempts += 1
    slot.timer = setTimeout(() => this.#onEnd(slot), this.#options.jobMsMax)
    slot.timer.unref()
    try {
      slot.thread ??= this.#start(slot)
      slot.thread.post(task.job)
    } catch {
      // No thread could be started, or it could not be given anything.
      this.#onEnd(slot)
    }
  }

  // Events of a thread that was replaced meanwhile concern nobody.
  #start(slot: Slot): ProofThread {
    const thread = this.#options.start({
      onAnswer: result => slot.thread === thread && this.#onAnswer(slot, result),
      onEnd: () => slot.thread === thread && this.#onEnd(slot),
    })
    return thread
  }

  #onAnswer(slot: Slot, result: unknown): void {
    if (slot.task === undefined || !(result instanceof Uint8Array)) return this.#onEnd(slot)
    const task = this.#free(slot)
    this.#failures = 0
    this.counts.done += 1
    task?.resolve(result)
    this.#assign()
  }

  #onEnd(slot: Slot): void {
    slot.thread?.stop()
    slot.thread = undefined
    this.counts.replaced += 1
    this.#failures += 1
    const task = this.#free(slot)
    if (task !== undefined) this.#again(task)
    if (this.#failures >= FAILURES_MAX) this.stop()
    else this.#assign()
  }

  // A job that ends two threads is left alone.
  #again(task: Task): void {
    if (task.attempts < 2) this.#waiting.unshift(task)
    else this.#giveUp(task)
  }

  #free(slot: Slot): Task | undefined {
    const { task } = slot
    clearTimeout(slot.timer)
    slot.timer = undefined
    slot.task = undefined
    return task
  }

  #giveUp({ resolve }: Task): void {
    this.counts.undone += 1
    resolve(undefined)
  }
}
