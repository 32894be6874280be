/**
 * The loop: events change the replica at once; what they caused leaves in turns.
 *
 * A turn is: log the records → one group fsync → send, store, answer. While the disk works, further events gather for the next
 * turn, so the slower the disk, the more each fsync carries. Nothing leaves the machine that a restart could contradict.
 */
import { setImmediate } from 'node:timers/promises'
import type { WriteAheadLog } from './log/write-ahead-log.js'
import type { Turn } from './replica/turn.js'

/** What a loop is made of. */
export interface LoopOptions {
  /** What events have caused since the last call. */
  readonly takeTurn: () => Turn
  readonly log: Pick<WriteAheadLog, 'append' | 'sync'>
  /** Lets a turn's effects out, after its records are on disk. */
  readonly release: (turn: Turn) => Promise<void> | void
  /** The log failed, or we found a bug of our own: nothing may leave any more. Called once. */
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
  #hasFailed = false

  constructor(options: LoopOptions) {
    this.#options = options
  }

  /** Runs an event now; what it caused leaves with the next turn. */
  event(run: () => void): void {
    if (this.#isStopped) return
    try {
      run()
    } catch (error) {
      this.fail(error as Error)
      return
    }
    this.#isDirty = true
    this.#running ??= this.#run()
  }

  /** Resolves once everything that has happened so far is on disk; rejects if the node stops before. */
  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isStopped) return reject(stopped())
      this.#waiting.push({ resolve, reject })
      this.event(() => {})
    })
  }

  /** Something that we depend on has failed: takes no event any more, and lets nothing out. */
  fail(error: Error): void {
    this.#isStopped = true
    this.#rejectWaiting()
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#options.onFailure(error)
  }

  /** Finishes the running turn and takes no event any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
    this.#rejectWaiting()
  }

  async #run(): Promise<void> {
    try {
      while (this.#isDirty && !this.#isStopped) {
        // The rest of what is already there joins the turn: fewer and fuller frames.
        await setImmediate()
        await this.#turn()
      }
    } catch (error) {
      this.fail(error as Error)
    } finally {
      this.#running = undefined
    }
  }

  async #turn(): Promise<void> {
    const { takeTurn, log, release } = this.#options
    this.#isDirty = false
    const waiting = this.#waiting
    this.#waiting = []
    try {
      const turn = takeTurn()
      for (const record of turn.records) log.append(record)
      // Written in every turn, so that a peer we need not answer cannot fill our memory with what waits for the disk.
      await log.sync(turn.speaks || waiting.length > 0)
      if (this.#hasFailed) throw stopped()
      await release(turn)
    } catch (error) {
      for (const { reject } of waiting) reject(stopped())
      throw error
    }
    for (const { resolve } of waiting) resolve()
  }

  #rejectWaiting(): void {
    for (const { reject } of this.#waiting) reject(stopped())
    this.#waiting = []
  }
}

const stopped = (): Error => new Error('the node has stopped')
