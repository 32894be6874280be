import { describe, expect, test } from 'vitest'
import { readJournal } from '../../src/log/journal.js'
import { seedsOf } from '../seeded.js'
import { Cluster, type Disk, emptyDisk } from './cluster.js'

const copyOf = ({ journal, blocks, certificates }: Disk): Disk => ({
  journal: [...journal],
  blocks: [...blocks],
  certificates: new Map(certificates),
})

function commit(cluster: Cluster, by: number, name: string, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const text = `${name} ${at}`
    cluster.submit(by, text)
    cluster.runUntil(() => cluster.has(by, [text]), text)
  }
}

/** Commits until the member votes again, then shows that its vote is needed and given. */
function expectVotesAgain(cluster: Cluster, index: number): void {
  for (let at = 0; at < 80 && cluster.replica(index).status.state !== 'voting'; at += 1) {
    commit(cluster, 0, `waiting ${at}`, 1)
    cluster.tick()
  }
  expect(cluster.replica(index).status.state).toBe('voting')
  cluster.crash(2)
  cluster.submit(0, 'needs its vote')
  cluster.runUntil(() => cluster.haveAll(['needs its vote']), 'it votes')
}

describe('quarantine', () => {
  test('a member that lost its log reads, says nothing, and votes again later; what it said before is not contradicted', () => {
    for (const seed of seedsOf(2)) {
      const cluster = new Cluster({ seed })
      cluster.startAll()
      commit(cluster, 0, 'before', 3)
      cluster.submit(1, 'in the middle')
      for (let steps = cluster.random.below(150); steps > 0; steps -= 1) cluster.step()
      cluster.crash(1)
      cluster.member(1).disk = { ...copyOf(cluster.member(1).disk), journal: [] }
      cluster.start(1)
      expect(cluster.replica(1).status.state).toBe('quarantined')
      expectVotesAgain(cluster, 1)
      expect(cluster.witness.contradictions).toEqual([])
    }
  })

  test('a member that lost everything but its key catches up and votes again later', () => {
    const cluster = new Cluster({ seed: 21 })
    cluster.startAll()
    commit(cluster, 0, 'before', 12)
    cluster.crash(1)
    cluster.member(1).disk = emptyDisk()
    cluster.member(1).disk.journal.push(Uint8Array.of(255))
    cluster.start(1)
    expectVotesAgain(cluster, 1)
    expect(cluster.witness.contradictions).toEqual([])
  })

  test('a copy of an old log quarantines, once f + 1 members have heard words that it does not hold', () => {
    for (const seed of seedsOf(4)) {
      const cluster = new Cluster({ seed })
      cluster.startAll()
      commit(cluster, 0, 'before', 2)
      // The copy is made in the middle of an epoch, in which much is said afterwards that it does not hold.
      cluster.submit(1, 'in the middle')
      for (let steps = 20 + cluster.random.below(120); steps > 0; steps -= 1) cluster.step()
      const old = copyOf(cluster.member(1).disk)
      commit(cluster, 0, 'after', 4)
      cluster.settle()
      cluster.crash(1)
      cluster.member(1).disk = old
      cluster.start(1)
      cluster.runUntil(() => cluster.replica(1).status.state !== 'joining', 'it knows its standing')
      expect(cluster.replica(1).status.state).toBe('quarantined')
      commit(cluster, 0, 'meanwhile', 1)
      // It has no part in the agreement any more: that goes on from what is not all that it said.
      const journal = readJournal(cluster.member(1).disk.journal)
      const types = journal
        .slice(journal.findLastIndex(({ type }) => type === 'lost'))
        .map(({ type }) => type)
      expect(types[0]).toBe('lost')
      expect(types).not.toContain('message')
      expectVotesAgain(cluster, 1)
      expect(cluster.witness.contradictions).toEqual([])
    }
  })

  test('f members that claim to know more do not quarantine anybody', () => {
    const cluster = new Cluster({ seed: 9 })
    cluster.intercept = (from, _, message) =>
      from === 3 && message.type === 'hello' ? { ...message, heardBelow: 1_000 as never } : message
    cluster.startAll()
    cluster.submit(0, 'one')
    cluster.runUntil(() => cluster.haveAll(['one']), 'one operation')
    for (const { index } of cluster.members) expect(cluster.replica(index).status.state).toBe('voting')
  })

  test('a quarantine survives restarts at any moment, and so does what is said after it', () => {
    for (const seed of seedsOf(1)) {
      const cluster = new Cluster({ seed })
      cluster.startAll()
      commit(cluster, 0, 'before', 3)
      cluster.crash(1)
      cluster.member(1).disk = { ...copyOf(cluster.member(1).disk), journal: [] }
      cluster.start(1)
      for (let life = 0; life < 25; life += 1) {
        commit(cluster, 0, `life ${life}`, 1)
        for (let steps = cluster.random.below(200); steps > 0; steps -= 1) if (!cluster.step()) cluster.tick()
        cluster.crash(1)
        cluster.start(1)
      }
      expectVotesAgain(cluster, 1)
      cluster.crash(1)
      cluster.start(1)
      cluster.submit(1, 'and again')
      cluster.runUntil(() => cluster.haveAll(['and again']), 'it votes after one more restart')
      expect(cluster.witness.contradictions).toEqual([])
    }
  })

  test('it is over although blocks keep coming', () => {
    const cluster = new Cluster({ seed: 13 })
    cluster.startAll()
    commit(cluster, 0, 'before', 2)
    cluster.crash(1)
    cluster.member(1).disk = { ...copyOf(cluster.member(1).disk), journal: [] }
    cluster.start(1)
    // Whenever it asks somebody, there is one block more than when it asked before.
    for (let at = 0; at < 60 && cluster.replica(1).status.state !== 'voting'; at += 1) {
      commit(cluster, 0, `load ${at}`, 1)
      cluster.tick()
      for (let steps = 0; steps < 40; steps += 1) cluster.step()
    }
    expect(cluster.replica(1).status.state).toBe('voting')
  })

  test('who is alone is never quarantined: nobody has heard it', () => {
    const cluster = new Cluster({ seed: 1, n: 1 })
    cluster.member(0).disk.journal.push(Uint8Array.of(255))
    cluster.startAll()
    cluster.submit(0, 'alone')
    cluster.runUntil(() => cluster.haveAll(['alone']), 'one operation')
  })
})
