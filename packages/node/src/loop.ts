/**
 * The loop: events change the replica at once; what they caused leaves in turns.
 *
 * A turn is: log the records → one group fsync → send, store, answer. While the disk works, further events gather for the next
 * turn, so the slower the disk, the more each fsync carries. Nothing leaves the machine that a restart could contradict.
 */
import { setImmediate } from 'node:timers/promises'
import type { WriteAheadLog } from './log/write-ahead-log.js'
import type { Replica } from './replica/replica.js'
import type { Turn } from './replica/turn.js'

/** What a loop is made of. */
export interface LoopOptions {
  readonly replica: Replica<unknown>
  readonly log: WriteAheadLog
  /** Lets a turn's effects out, after its records are on disk. */
  readonly release: (turn: Turn) => Promise<void> | void
  /** The log failed, or we found a bug of our own: nothing may leave any more. */
  readonly onFailure: (error: Error) => void
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Runs turns whenever something has happened. */
export class Loop {
  readonly #options: LoopOptions
  #running: Promise<void> | undefined
  #waiting: Waiting[] = []
  #isDirty = false
  #isStopped = false

  constructor(options: LoopOptions) {
    this.#options = options
  }

  /** Runs an event now; what it caused leaves with the next turn. */
  event(run: () => void): void {
    if (this.#isStopped) return
    try {
      run()
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    this.#isDirty = true
    this.#running ??= this.#run()
  }

  /** Resolves once everything that has happened so far is on disk; rejects if the node stops before. */
  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isStopped) return reject(new Error('the node has stopped'))
      this.#waiting.push({ resolve, reject })
      this.event(() => {})
    })
  }

  /** Finishes the running turn and takes no event any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
    this.#rejectWaiting()
  }

  async #run(): Promise<void> {
    try {
      // The rest of what is already there joins the first turn.
      await setImmediate()
      while (this.#isDirty && !this.#isStopped) await this.#turn()
    } catch (error) {
      this.#fail(error as Error)
    } finally {
      this.#running = undefined
    }
  }

  async #turn(): Promise<void> {
    const { replica, log, release } = this.#options
    this.#isDirty = false
    const waiting = this.#waiting
    this.#waiting = []
    const turn = replica.takeTurn()
    for (const record of turn.records) log.append(record)
    await log.sync(turn.speaks || waiting.length > 0)
    await release(turn)
    for (const { resolve } of waiting) resolve()
  }

  #fail(error: Error): void {
    this.#isStopped = true
    this.#rejectWaiting()
    this.#options.onFailure(error)
  }

  #rejectWaiting(): void {
    for (const { reject } of this.#waiting) reject(new Error('the node has stopped'))
    this.#waiting = []
  }
}
