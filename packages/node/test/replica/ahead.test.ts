import { describe, expect, test } from 'vitest'
import { type Ahead, AheadWork } from '../../src/replica/ahead.js'
import { Cluster } from './cluster.js'

/** Checks that are made when a test says so. */
class Checks {
  readonly begun: {
    readonly member: number
    readonly texts: readonly string[]
    readonly isUrgent: boolean
  }[] = []
  #done: (() => void)[] = []
  isOn = true

  readonly of =
    (member: number): Ahead =>
    (operations, done, { isUrgent }) => {
      const texts = operations.map(bytes => Buffer.from(bytes).toString())
      if (!this.isOn || texts.length === 0 || member !== 0) return false
      this.begun.push({ member, texts, isUrgent })
      this.#done.push(done)
      return true
    }

  get running(): number {
    return this.#done.length
  }

  finish(): void {
    const done = this.#done
    this.#done = []
    for (const one of done) one()
  }
}

function clusterWith(checks: Checks, depth = 1): Cluster {
  const cluster = new Cluster({ seed: 7, depth, ahead: checks.of })
  cluster.startAll()
  cluster.runUntil(
    () => cluster.up.every(({ index }) => cluster.replica(index).status.state === 'voting'),
    'voting',
  )
  return cluster
}

describe('checks that are made beforehand', () => {
  test('an agreed batch waits for them, and the agreement of the others goes on meanwhile', () => {
    const checks = new Checks()
    const cluster = clusterWith(checks, 2)
    cluster.submit(1, 'dear')
    cluster.runUntil(() => [1, 2, 3].every(index => cluster.has(index, ['dear'])), 'the others have it')
    cluster.runUntil(() => checks.running > 0, 'member 0 has begun to check')
    expect(cluster.has(0, ['dear'])).toBe(false)
    const stood = cluster.replica(0).ledger.nextEpoch
    for (const text of ['two', 'three']) {
      cluster.submit(2, text)
      cluster.runUntil(() => [1, 2, 3].every(index => cluster.has(index, [text])), text)
    }
    // Member 0 has not applied a block, has voted in the epochs after it, and asks nobody for what it knows itself.
    expect(cluster.replica(0).ledger.nextEpoch).toBe(stood)
    expect(cluster.replica(0).status.catchingUp).toBe(false)
    expect(checks.begun.filter(({ isUrgent }) => isUrgent)).toEqual([
      { member: 0, texts: ['dear'], isUrgent: true },
    ])
    checks.isOn = false
    checks.finish()
    expect(cluster.replica(0).ledger.nextEpoch).toBeGreaterThan(stood)
    cluster.runUntil(() => cluster.haveAll(['dear', 'two', 'three']), 'all have all')
    const roots = new Set(
      cluster.members.map(({ index }) => String(cluster.replica(index).ledger.stateRoot())),
    )
    expect(roots.size).toBe(1)
  })

  test('batches are applied in order, each after its own checks', () => {
    const checks = new Checks()
    const cluster = clusterWith(checks, 2)
    for (const text of ['one', 'two', 'three']) {
      cluster.submit(1, text)
      cluster.runUntil(() => [1, 2, 3].every(index => cluster.has(index, [text])), text)
    }
    for (let at = 0; at < 5; at += 1) {
      cluster.settle()
      checks.finish()
    }
    cluster.runUntil(() => cluster.haveAll(['one', 'two', 'three']), 'all have all')
    const urgent = checks.begun.filter(({ isUrgent }) => isUrgent).map(({ texts }) => texts.join())
    expect(urgent).toEqual(['one', 'two', 'three'])
  })

  test('a batch whose blocks were fetched meanwhile is not applied again', () => {
    const checks = new Checks()
    const cluster = clusterWith(checks)
    cluster.submit(1, 'dear')
    cluster.runUntil(() => checks.running > 0, 'member 0 has begun to check')
    // So many epochs later it no longer keeps the batch, and fetches blocks.
    for (let at = 0; at < 24; at += 1) {
      cluster.submit(1, `later ${at}`)
      cluster.runUntil(() => [1, 2, 3].every(index => cluster.has(index, [`later ${at}`])), `later ${at}`)
    }
    cluster.runUntil(() => cluster.has(0, ['dear', 'later 0']), 'member 0 has fetched the block')
    const { nextEpoch } = cluster.replica(0).ledger
    checks.isOn = false
    checks.finish()
    expect(cluster.replica(0).ledger.nextEpoch).toBeGreaterThanOrEqual(nextEpoch)
    cluster.runUntil(() => cluster.haveAll(['dear', 'later 23']), 'all have all')
  })

  test('forwarded operations are taken after their checks, once', () => {
    const checks = new Checks()
    const cluster = clusterWith(checks)
    cluster.send(1, 0, { type: 'forward', operations: [Buffer.from('a'), Buffer.from('b')] })
    cluster.settle()
    expect(checks.begun).toEqual([{ member: 0, texts: ['a', 'b'], isUrgent: false }])
    expect(cluster.replica(0).status.pending).toBe(0)
    cluster.submit(2, 'a')
    checks.isOn = false
    cluster.runUntil(() => cluster.haveAll(['a']), 'a is agreed')
    checks.finish()
    // What is on the ledger by now is not taken, and accuses nobody.
    expect(cluster.replica(0).status.pending).toBe(1)
    expect(cluster.member(0).faults).toEqual([])
  })

  test('what one member’s checks may hold is bounded; another one’s go on', () => {
    const checks = new Checks()
    const cluster = clusterWith(checks)
    const large = (name: string): Uint8Array => Buffer.from(name.padEnd(250, '.'))
    const send = (from: number, round: number): void => {
      const operations = Array.from({ length: 256 }, (_, at) => large(`${from} ${round} ${at}`))
      cluster.send(from, 0, { type: 'forward', operations })
      cluster.settle()
      cluster.tick(1_000)
    }
    for (let round = 0; round < 80; round += 1) send(1, round)
    const ofOne = checks.running
    expect(ofOne * 256 * 250).toBeLessThanOrEqual(4 * 1024 * 1024)
    expect(ofOne).toBeLessThan(80)
    send(2, 0)
    expect(checks.running).toBe(ofOne + 1)
  })
})

describe('between a replica and its loop', () => {
  const prepare = () => Promise.resolve()
  const order = { isUrgent: true }

  test('nothing is waited for before the loop runs, nor where nothing is to be done', () => {
    const work = new AheadWork<string>(prepare, () => 'state')
    expect(work.ahead([], () => {}, order)).toBe(false)
    const idle = new AheadWork<string>(
      () => undefined,
      () => 'state',
    )
    idle.begin(run => run())
    expect(idle.ahead([], () => {}, order)).toBe(false)
  })

  test('what is done comes back as an event, and not after the replica is over', async () => {
    const work = new AheadWork<string>(prepare, () => 'state')
    const events: string[] = []
    work.begin(run => {
      events.push('event')
      run()
    })
    expect(work.ahead([], () => events.push('done'), order)).toBe(true)
    expect(events).toEqual([])
    await new Promise(setImmediate)
    expect(events).toEqual(['event', 'done'])
    work.ahead([], () => events.push('again'), order)
    work.end()
    await new Promise(setImmediate)
    expect(events).toEqual(['event', 'done'])
  })
})
