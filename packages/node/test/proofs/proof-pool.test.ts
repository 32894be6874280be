import { describe, expect, test } from 'vitest'
import { FAILURES_MAX, ProofPool } from '../../src/proofs/proof-pool.js'
import { type StartThread, type ThreadEvents, threadsFor } from '../../src/proofs/proof-thread.js'

/** Threads that do what a test says. */
class Threads {
  readonly started: { readonly events: ThreadEvents; readonly jobs: number[]; isStopped: boolean }[] = []

  readonly start: StartThread = events => {
    const thread = { events, jobs: [] as number[], isStopped: false }
    this.started.push(thread)
    return {
      post: job => thread.jobs.push(job[0] as number),
      stop: () => {
        thread.isStopped = true
      },
    }
  }

  at(index: number): Threads['started'][number] {
    const thread = this.started[index]
    if (thread === undefined) throw new Error(`no thread ${index} was started`)
    return thread
  }
}

const job = (number: number): Uint8Array => Uint8Array.of(number)
const urgent = { isUrgent: true }
const turn = (): Promise<void> => new Promise(setImmediate)

describe('a pool of threads', () => {
  test('starts threads when there is something to do, and gives each one job at a time', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 2 })
    expect(threads.started.length).toBe(0)
    const results = [1, 2, 3].map(number => pool.run(job(number)))
    expect(threads.started.map(({ jobs }) => jobs)).toEqual([[1], [2]])
    threads.at(1).events.onAnswer(job(20))
    threads.at(1).events.onAnswer(job(30))
    threads.at(0).events.onAnswer(job(10))
    expect(await Promise.all(results)).toEqual([job(10), job(20), job(30)])
    expect(threads.at(1).jobs).toEqual([2, 3])
  })

  test('what a block waits for comes before what came earlier', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1 })
    const done: number[] = []
    for (const number of [1, 2, 3]) void pool.run(job(number)).then(() => done.push(number))
    void pool.run(job(9), urgent).then(() => done.push(9))
    for (let at = 0; at < 4; at += 1) threads.at(0).events.onAnswer(job(0))
    await turn()
    expect(done).toEqual([1, 9, 2, 3])
  })

  test('a thread that ends is replaced, and its job is done by the next one', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1 })
    const result = pool.run(job(7))
    threads.at(0).events.onEnd('out of memory')
    expect(threads.at(1).jobs).toEqual([7])
    // What the first one says now concerns nobody.
    threads.at(0).events.onAnswer(job(66))
    threads.at(1).events.onAnswer(job(77))
    expect(await result).toEqual(job(77))
    expect(pool.counts).toEqual({ done: 1, undone: 0, replaced: 1 })
  })

  test('a job that ends two threads comes back undone, and others are done', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1 })
    const [bad, good] = [pool.run(job(1)), pool.run(job(2))]
    threads.at(0).events.onEnd('it cannot bear this')
    threads.at(1).events.onEnd('it cannot bear this')
    expect(await bad).toBe(undefined)
    threads.at(2).events.onAnswer(job(22))
    expect(await good).toEqual(job(22))
  })

  test('what is no answer ends the thread that said it', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1 })
    const result = pool.run(job(1))
    threads.at(0).events.onAnswer('yes, yes, yes')
    expect(threads.at(0).isStopped).toBe(true)
    threads.at(1).events.onAnswer(job(11))
    // An answer to no question.
    threads.at(1).events.onAnswer(job(12))
    expect(await result).toEqual(job(11))
    expect([threads.at(1).isStopped, pool.counts.replaced]).toEqual([true, 2])
  })

  test('a thread that takes too long is ended', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1, jobMsMax: 1 })
    expect(await pool.run(job(1))).toBe(undefined)
    expect(threads.started.map(({ isStopped }) => isStopped)).toEqual([true, true])
  })

  test('no more jobs wait than there is room for', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1, waitingMax: 2 })
    const results = [1, 2, 3, 4].map(number => pool.run(job(number)))
    expect(await results[3]).toBe(undefined)
    expect(await pool.run(job(5), urgent)).toBe(undefined)
    for (let at = 0; at < 3; at += 1) threads.at(0).events.onAnswer(job(0))
    expect(await Promise.all(results.slice(0, 3))).toEqual([job(0), job(0), job(0)])
  })

  test('threads that end one after the other are not started for ever', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1, waitingMax: 100 })
    const results = Array.from({ length: 20 }, (_, number) => pool.run(job(number)))
    for (let at = 0; at < FAILURES_MAX; at += 1) threads.at(at).events.onEnd('broken')
    expect(new Set(await Promise.all(results))).toEqual(new Set([undefined]))
    expect([pool.isWorking, threads.started.length]).toEqual([false, FAILURES_MAX])
    expect(await pool.run(job(1))).toBe(undefined)
  })

  test('a thread that cannot be started is no reason to fail', async () => {
    const start: StartThread = () => {
      throw new Error('no such script')
    }
    const pool = new ProofPool({ start, threads: 2 })
    expect(await pool.run(job(1))).toBe(undefined)
  })

  test('a pool that is stopped leaves nobody waiting, and no thread running', async () => {
    const threads = new Threads()
    const pool = new ProofPool({ start: threads.start, threads: 1 })
    const results = [pool.run(job(1)), pool.run(job(2))]
    pool.stop()
    expect(await Promise.all(results)).toEqual([undefined, undefined])
    expect([threads.at(0).isStopped, await pool.run(job(3)), threads.started.length]).toEqual([
      true,
      undefined,
      1,
    ])
  })

  test('needs a thread; takes one on two cores, and leaves one to the node', () => {
    expect(() => new ProofPool({ start: new Threads().start, threads: 0 })).toThrow(RangeError)
    expect([1, 2, 3, 5, 64].map(threadsFor)).toEqual([1, 1, 2, 4, 4])
  })
})
