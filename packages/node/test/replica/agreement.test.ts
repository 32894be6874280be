import { nodeSuite, type SuiteParts } from '@mc/node'
import { waterbearQsQ } from '@mc/presets'
import { describe, expect, test } from 'vitest'
import { seedsOf } from '../seeded.js'
import { Cluster } from './cluster.js'

const texts = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${name} ${at}`)

function expectSameState(cluster: Cluster): void {
  const roots = new Set(
    cluster.up.map(({ index }) => Buffer.from(cluster.replica(index).ledger.stateRoot()).toString('hex')),
  )
  expect(roots.size).toBe(1)
  expect(cluster.witness.contradictions).toEqual([])
}

describe('agreement', () => {
  test.each([1, 2, 3, 4, 7])('a network of %i agrees', n => {
    const cluster = new Cluster({ seed: n, n })
    cluster.startAll()
    for (let index = 0; index < n; index += 1) cluster.submit(index, `from ${index}`)
    const all = Array.from({ length: n }, (_, index) => `from ${index}`)
    cluster.runUntil(() => cluster.haveAll(all), 'all operations are on all ledgers')
    expectSameState(cluster)
  })

  test('with two epochs at once, each operation is on the ledger once', () => {
    const cluster = new Cluster({ seed: 5, depth: 2 })
    cluster.startAll()
    const all = texts('deep', 20)
    for (const [at, text] of all.entries()) cluster.submit(at % 4, text)
    cluster.runUntil(() => cluster.haveAll(all), 'all operations are on all ledgers')
    cluster.settle()
    expect(cluster.replica(0).ledger.machine.size(cluster.replica(0).ledger.state)).toBe(20)
    expectSameState(cluster)
  })

  test('where proposals are chosen by chance, each operation is on the ledger once', () => {
    const suites = () => ({
      'waterbear-qs-q': (parts: SuiteParts) => nodeSuite(waterbearQsQ({ ...parts, selection: 'random' })),
    })
    const cluster = new Cluster({ seed: 6, suites })
    cluster.startAll()
    const all = texts('chance', 200)
    for (const [at, text] of all.entries()) cluster.submit(at % 4, text)
    cluster.runUntil(() => cluster.haveAll(all), 'all operations are on all ledgers')
    cluster.settle()
    expect(cluster.replica(0).ledger.machine.size(cluster.replica(0).ledger.state)).toBe(200)
    expectSameState(cluster)
  })

  test('an idle network rests', () => {
    const cluster = new Cluster({ seed: 3 })
    cluster.startAll()
    cluster.submit(0, 'one')
    cluster.runUntil(() => cluster.haveAll(['one']), 'one operation')
    cluster.settle()
    const { nextEpoch } = cluster.replica(0).ledger
    cluster.tick()
    cluster.settle()
    expect(cluster.replica(0).ledger.nextEpoch).toBe(nextEpoch)
  })

  test('a pending deadline makes a block per heartbeat without any operation, and none when it is gone', () => {
    const cluster = new Cluster({
      seed: 9,
      wake: size => (size === 1 ? { heartbeatMs: 60_000, dueMs: Number.POSITIVE_INFINITY } : undefined),
    })
    cluster.startAll()
    cluster.tick(200_000)
    cluster.settle()
    expect(cluster.replica(0).ledger.nextEpoch).toBe(0)
    cluster.submit(0, 'a meeting')
    cluster.runUntil(() => cluster.haveAll(['a meeting']), 'the meeting')
    cluster.settle()
    const opened = cluster.replica(0).ledger.nextEpoch
    for (const ms of [59_000, 900, 61_000, 1_000, 61_000]) {
      cluster.tick(ms)
      cluster.settle()
    }
    expect(cluster.replica(0).ledger.nextEpoch).toBe(opened + 2)
    cluster.submit(0, 'its end')
    cluster.runUntil(() => cluster.haveAll(['its end']), 'the end')
    cluster.settle()
    const { nextEpoch } = cluster.replica(0).ledger
    cluster.tick(600_000)
    cluster.settle()
    expect(cluster.replica(0).ledger.nextEpoch).toBe(nextEpoch)
    expectSameState(cluster)
  })

  test('a deadline that passes makes a block at once, and a step that waits for blocks gets them', () => {
    const due = [Number.POSITIVE_INFINITY, 10_000]
    const cluster = new Cluster({
      seed: 10,
      wake: size => ({ heartbeatMs: 60_000, dueMs: due[Math.min(size, 1)] as number }),
    })
    cluster.startAll()
    cluster.submit(0, 'a meeting')
    cluster.runUntil(() => cluster.haveAll(['a meeting']), 'the meeting')
    cluster.settle()
    const opened = cluster.replica(0).ledger.nextEpoch
    cluster.tick(5_000)
    cluster.settle()
    expect(cluster.replica(0).ledger.nextEpoch).toBe(opened)
    cluster.tick(6_000)
    cluster.settle()
    expect(cluster.replica(0).ledger.nextEpoch).toBe(opened + 1)
    cluster.tick()
    cluster.settle()
    expect(cluster.replica(0).ledger.nextEpoch).toBe(opened + 2)
  })

  test('every member certifies the last block, the slowest one too', () => {
    for (const seed of seedsOf(3)) {
      const cluster = new Cluster({ seed })
      cluster.startAll()
      cluster.submit(0, 'one')
      cluster.runUntil(() => cluster.haveAll(['one']), 'one operation')
      cluster.settle()
      const last = cluster.replica(0).ledger.nextEpoch - 1
      for (const { disk } of cluster.members) expect(disk.certificates.get(last)?.seals.length).toBe(3)
    }
  })

  test('two of four stop: nothing is agreed and nothing lost; one comes back, and it goes on', () => {
    const cluster = new Cluster({ seed: 11 })
    cluster.startAll()
    cluster.submit(0, 'before')
    cluster.runUntil(() => cluster.haveAll(['before']), 'agreed before')
    cluster.crash(2)
    cluster.crash(3)
    cluster.submit(0, 'meanwhile')
    for (let at = 0; at < 10; at += 1) {
      cluster.settle()
      cluster.tick()
    }
    expect(cluster.has(0, ['meanwhile'])).toBe(false)
    cluster.start(2)
    cluster.runUntil(() => cluster.haveAll(['before', 'meanwhile']), 'agreed again')
    expectSameState(cluster)
  })
})

describe('restarts', () => {
  test('members that crash at any moment say nothing that contradicts what they said, and lose nothing', () => {
    for (const seed of seedsOf(6)) {
      const cluster = new Cluster({ seed, depth: 1 + (seed % 2) })
      cluster.startAll()
      const all: string[] = []
      for (let round = 0; round < 12; round += 1) {
        const at = cluster.random.below(4)
        const text = `round ${round}`
        cluster.submit(at, text)
        // Only what is on disk is acknowledged.
        cluster.turn(at)
        all.push(text)
        for (let steps = cluster.random.below(400); steps > 0; steps -= 1) if (!cluster.step()) cluster.tick()
        const victim = cluster.random.below(4)
        cluster.crash(victim)
        for (let steps = cluster.random.below(200); steps > 0; steps -= 1) if (!cluster.step()) cluster.tick()
        cluster.start(victim)
      }
      cluster.runUntil(() => cluster.haveAll(all), `seed ${seed}: all operations`)
      cluster.settle()
      const { ledger } = cluster.replica(0)
      expect(ledger.machine.size(ledger.state)).toBe(all.length)
      expectSameState(cluster)
    }
  })

  test('all members crash at once, and nothing acknowledged is lost', () => {
    for (const seed of seedsOf(3)) {
      const cluster = new Cluster({ seed })
      cluster.startAll()
      const all: string[] = []
      for (let round = 0; round < 4; round += 1) {
        for (let index = 0; index < 4; index += 1) {
          cluster.submit(index, `${round} ${index}`)
          cluster.turn(index)
          all.push(`${round} ${index}`)
        }
        for (let steps = cluster.random.below(600); steps > 0; steps -= 1) cluster.step()
        for (let index = 0; index < 4; index += 1) cluster.crash(index)
        cluster.startAll()
      }
      cluster.runUntil(() => cluster.haveAll(all), `seed ${seed}: all operations`)
      expectSameState(cluster)
    }
  })

  test('a store that lost its last blocks with the power gets them from the log or from peers', () => {
    for (const seed of seedsOf(3)) {
      const cluster = new Cluster({ seed })
      cluster.startAll()
      const all = texts('power', 12)
      for (const text of all.slice(0, 6)) {
        cluster.submit(0, text)
        cluster.runUntil(() => cluster.haveAll([text]), text)
      }
      const { disk } = cluster.member(1)
      cluster.crash(1)
      disk.blocks = disk.blocks.slice(0, cluster.random.below(disk.blocks.length))
      cluster.start(1)
      for (const text of all.slice(6)) cluster.submit(0, text)
      cluster.runUntil(() => cluster.haveAll(all), `seed ${seed}: all operations`)
      expectSameState(cluster)
    }
  })
})
