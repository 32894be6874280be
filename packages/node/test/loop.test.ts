import { describe, expect, test } from 'vitest'
import { Loop } from '../src/loop.js'
import { Turn } from '../src/replica/turn.js'

/** A log that knows what is on disk, and fails when told to. */
class FakeLog {
  readonly appended: string[] = []
  durable = 0
  failure: Error | undefined
  onSync: () => void = () => {}

  append(body: Uint8Array): void {
    if (this.failure !== undefined) throw this.failure
    this.appended.push(Buffer.from(body).toString('hex'))
  }

  async sync(durable: boolean): Promise<void> {
    const { length } = this.appended
    await new Promise(setImmediate)
    this.onSync()
    if (this.failure !== undefined) throw this.failure
    if (durable) this.durable = length
  }
}

/** A loop whose turns log, and say what they were told to. */
class Bench {
  readonly log = new FakeLog()
  readonly released: Turn[] = []
  readonly failures: string[] = []
  /** How many records had to be on disk when something left, and how many were. */
  readonly departures: { needed: number; durable: number }[] = []
  #turn = new Turn()
  #logged = 0
  readonly loop = new Loop({
    takeTurn: () => {
      const turn = this.#turn
      this.#turn = new Turn()
      return turn
    },
    log: this.log,
    release: turn => {
      this.released.push(turn)
      this.#logged += turn.records.length
      if (turn.speaks) this.departures.push({ needed: this.#logged, durable: this.log.durable })
    },
    onFailure: error => this.failures.push(error.message),
  })

  event(options: { readonly logs?: number; readonly says?: boolean }): void {
    this.loop.event(() => {
      for (let at = 0; at < (options.logs ?? 0); at += 1)
        this.#turn.log({ type: 'retired', epoch: at as never })
      if (options.says === true) this.#turn.send('all', { type: 'blocks-request', from: 0 as never })
    })
  }
}

describe('the loop', () => {
  test('nothing leaves before all that was logged up to then is on disk', async () => {
    const bench = new Bench()
    for (let at = 0; at < 40; at += 1) {
      bench.event({ logs: at % 3, says: at % 4 === 0 })
      if (at % 5 === 0) await new Promise(setImmediate)
    }
    await bench.loop.settled()
    expect(bench.departures.length).toBeGreaterThan(3)
    for (const { needed, durable } of bench.departures) expect(durable).toBeGreaterThanOrEqual(needed)
  })

  test('what only changes ourselves waits for no disk, what was promised does', async () => {
    const bench = new Bench()
    bench.event({ logs: 2 })
    await new Promise(resolve => setTimeout(resolve, 5))
    expect(bench.log.durable).toBe(0)
    bench.event({ logs: 1 })
    await bench.loop.settled()
    expect(bench.log.durable).toBe(3)
  })

  test('events that come while the disk works share the next turn', async () => {
    const bench = new Bench()
    bench.log.onSync = () => {
      if (bench.released.length > 0) return
      for (let at = 0; at < 10; at += 1) bench.event({ logs: 1, says: true })
    }
    bench.event({ logs: 1, says: true })
    await bench.loop.settled()
    await bench.loop.settled()
    expect(bench.released[1]?.records.length).toBe(10)
  })

  test('if the disk fails, nothing leaves, nothing is acknowledged, and whoever waits is told', async () => {
    const bench = new Bench()
    bench.event({ logs: 1, says: true })
    await bench.loop.settled()
    bench.log.failure = new Error('ENOSPC')
    bench.event({ logs: 1, says: true })
    const waiting = [bench.loop.settled(), bench.loop.settled()]
    for (const one of waiting) await expect(one).rejects.toThrow('stopped')
    expect([bench.failures, bench.released.length]).toEqual([['ENOSPC'], 1])
    bench.event({ logs: 1, says: true })
    await expect(bench.loop.settled()).rejects.toThrow('stopped')
    expect(bench.released.length).toBe(1)
  })

  test('an event that throws is our own bug: the node stops, once', async () => {
    const bench = new Bench()
    bench.event({ logs: 1, says: true })
    const waiting = bench.loop.settled()
    bench.loop.event(() => {
      throw new Error('invariant')
    })
    bench.loop.event(() => {
      throw new Error('another')
    })
    await expect(waiting).rejects.toThrow('stopped')
    await bench.loop.stop()
    expect([bench.failures, bench.released.length]).toEqual([['invariant'], 0])
  })

  test('if something fails while a turn waits for the disk, that turn stays inside', async () => {
    const bench = new Bench()
    bench.log.onSync = () => bench.loop.fail(new Error('the store is full'))
    bench.event({ logs: 1, says: true })
    await expect(bench.loop.settled()).rejects.toThrow('stopped')
    expect([bench.failures, bench.released]).toEqual([['the store is full'], []])
  })

  test('a loop that is stopped finishes its turn and takes no event', async () => {
    const bench = new Bench()
    bench.event({ logs: 1, says: true })
    const settled = bench.loop.settled()
    await new Promise(setImmediate)
    const stopped = bench.loop.stop()
    bench.event({ logs: 5 })
    await settled
    await stopped
    expect([bench.released.length, bench.log.appended.length]).toEqual([1, 1])
  })
})
