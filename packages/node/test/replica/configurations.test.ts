import { configurationDigest, decodeBlock, LightClient } from '@mc/ledger'
import type { Epoch, PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { readJournal } from '../../src/log/journal.js'
import type { PeerMessage } from '../../src/replica/peer-messages.js'
import { seedsOf } from '../seeded.js'
import { Cluster, type ClusterOptions, changeTo, crypto, emptyDisk, SUITES } from './cluster.js'

type Consensus = Extract<PeerMessage, { type: 'consensus' }>

/** The genesis has members 0 to 3; 4 and 5 are other nodes. */
function started(options: ClusterOptions): Cluster {
  const cluster = new Cluster({ others: 2, ...options })
  cluster.startAll()
  return cluster
}

/** Submits at one node, and waits until all that are up have it. */
function agree(cluster: Cluster, by: number, text: string): void {
  cluster.submit(by, text)
  cluster.runUntil(() => cluster.haveAll([text]), text)
}

/** Changes the configuration, and waits until all that are up have moved on. */
function change(cluster: Cluster, by: number, members: readonly number[], suite?: string): void {
  const before = cluster.configurationOf(by)
  cluster.submit(by, changeTo({ members, ...(suite !== undefined && { suite }) }))
  cluster.runUntil(
    () => cluster.up.every(({ index }) => cluster.configurationOf(index) > before),
    `members ${members}`,
  )
}

const statesOf = (cluster: Cluster): readonly string[] =>
  cluster.up.map(({ index }) => cluster.replica(index).status.state)

function expectOneHistory(cluster: Cluster): void {
  const roots = cluster.up.map(({ index }) => hex(cluster.replica(index).ledger.stateRoot()))
  expect(new Set(roots).size).toBe(1)
  expect(cluster.contradictions).toEqual([])
}

describe('one common subset, one configuration', () => {
  test('a node joins: it follows before, and votes from the first epoch of the configuration that has its key', () => {
    for (const seed of seedsOf(3)) {
      const cluster = started({ seed })
      agree(cluster, 0, 'before')
      expect(statesOf(cluster).slice(4)).toEqual(['following', 'following'])
      change(cluster, 1, [0, 1, 2, 3, 4])
      agree(cluster, 4, 'of the new one')
      expect(statesOf(cluster)).toEqual(['voting', 'voting', 'voting', 'voting', 'voting', 'following'])
      // Of five members four are needed: the new one counts.
      cluster.crash(2)
      agree(cluster, 0, 'without one of the old ones')
      expectOneHistory(cluster)
    }
  })

  test('a member leaves: it follows from then on, serves blocks, and passes on what is handed in to it', () => {
    for (const seed of seedsOf(3)) {
      const cluster = started({ seed, n: 5, others: 1 })
      agree(cluster, 4, 'before')
      cluster.submit(4, 'handed in before it left')
      change(cluster, 0, [0, 1, 2, 3])
      agree(cluster, 0, 'after')
      expect(statesOf(cluster)).toEqual(['voting', 'voting', 'voting', 'voting', 'following', 'following'])
      agree(cluster, 4, 'passed on')
      cluster.runUntil(() => cluster.haveAll(['handed in before it left']), 'what it promised')
      // Its vote is not counted: three of four are needed, and it makes none of them.
      cluster.crash(0)
      cluster.crash(1)
      cluster.submit(2, 'too few')
      for (let at = 0; at < 20; at += 1) {
        cluster.settle()
        cluster.tick()
      }
      expect(cluster.has(4, ['too few'])).toBe(false)
      expectOneHistory(cluster)
    }
  })

  test('a member is replaced, and so are all of them, one by one', () => {
    for (const seed of seedsOf(2)) {
      const cluster = started({ seed, others: 4 })
      agree(cluster, 0, 'of the first four')
      const steps = [
        [4, 1, 2, 3],
        [4, 5, 2, 3],
        [4, 5, 6, 3],
        [7, 4, 5, 6],
      ]
      for (const members of steps) {
        change(cluster, members[3] as number, members)
        agree(cluster, members[0] as number, `agreed by ${members}`)
      }
      expect(statesOf(cluster).filter(state => state === 'voting')).toHaveLength(4)
      expectOneHistory(cluster)
    }
  })

  test('the system itself is changed in the same way', () => {
    for (const seed of seedsOf(2)) {
      const cluster = started({ seed })
      agree(cluster, 0, 'by the first system')
      change(cluster, 1, [0, 1, 2, 3], 'waterbear-q')
      agree(cluster, 2, 'by the second system')
      expect(cluster.replica(0).ledger.configuration.suite).toBe('waterbear-q')
      expectOneHistory(cluster)
    }
  })

  test('with several epochs at once, those that are open stay with the old configuration', () => {
    for (const seed of seedsOf(3)) {
      const cluster = started({ seed, depth: 3 })
      for (let at = 0; at < 8; at += 1) cluster.submit(at % 4, `load ${at}`)
      change(cluster, 0, [0, 1, 2, 4, 5])
      for (let at = 0; at < 4; at += 1) cluster.submit(4, `after ${at}`)
      cluster.runUntil(() => cluster.haveAll([0, 1, 2, 3].map(at => `after ${at}`)), 'all is agreed')
      const blocks = cluster.member(0).disk.blocks.map(({ block }) => decodeBlock(block))
      const announced = blocks.find(
        ({ configuration, nextConfiguration }) => hex(configuration) !== hex(nextConfiguration),
      )
      const next = blocks.filter(
        ({ configuration }) => hex(configuration) === hex(announced?.nextConfiguration ?? new Uint8Array()),
      )
      expect(next[0]?.epoch).toBe((announced?.epoch ?? 0) + 3)
      expect(blocks.map(({ epoch }) => epoch)).toEqual(blocks.map((_, at) => at))
      expectOneHistory(cluster)
    }
  })

  test('a member without the new system follows, says why, and the others go on', () => {
    const poor = { 'waterbear-qs-q': SUITES['waterbear-qs-q'] } as typeof SUITES
    const cluster = started({ seed: 4, suites: index => (index === 3 ? poor : SUITES) })
    change(cluster, 0, [0, 1, 2, 3], 'waterbear-q')
    agree(cluster, 3, 'passed on by the one without it')
    expect(cluster.replica(3).status.state).toBe('following')
    expect(cluster.member(3).eras?.era.obstacle).toContain('there is no system waterbear-q')
    expectOneHistory(cluster)
  })
})

describe('who is behind', () => {
  test('a member that slept through several configurations finds its way by blocks, and votes again', () => {
    for (const seed of seedsOf(3)) {
      const cluster = started({ seed })
      agree(cluster, 0, 'first')
      cluster.crash(3)
      change(cluster, 0, [0, 1, 2, 3, 4])
      agree(cluster, 0, 'second')
      change(cluster, 0, [0, 1, 3, 4, 5])
      agree(cluster, 4, 'third')
      cluster.start(3)
      cluster.runUntil(() => cluster.haveAll(['first', 'second', 'third']), 'it caught up')
      cluster.crash(5)
      agree(cluster, 3, 'with its vote')
      expectOneHistory(cluster)
    }
  })

  test('a node that begins from nothing follows all configurations from the genesis', () => {
    const cluster = started({ seed: 2 })
    cluster.crash(5)
    for (const members of [
      [0, 1, 2, 4],
      [0, 1, 2, 3, 4],
    ]) {
      agree(cluster, 0, `before ${members}`)
      change(cluster, 0, members)
      agree(cluster, 4, `after ${members}`)
    }
    cluster.start(5)
    cluster.runUntil(
      () => cluster.configurationOf(5) === 2 && cluster.haveAll(['after 0,1,2,3,4']),
      'all of it',
    )
    expectOneHistory(cluster)
  })

  test('a straggler in a configuration that is over is shown its end: f + 1 members say that they are past it', () => {
    const cluster = started({ seed: 6 })
    agree(cluster, 0, 'before')
    // Nothing of an agreement reaches member 3 any more.
    cluster.intercept = (_, to, message) => (to === 3 && message.type === 'consensus' ? undefined : message)
    cluster.submit(0, changeTo({ members: [0, 1, 2, 3, 4] }))
    cluster.runUntil(() => [0, 1, 2, 4].every(index => cluster.configurationOf(index) === 1), 'the others')
    cluster.runUntil(() => cluster.configurationOf(3) === 1, 'the straggler')
    cluster.intercept = (_, __, message) => message
    agree(cluster, 3, 'it is there')
    expectOneHistory(cluster)
  })

  test('f liars who say that they are ahead cannot keep a member from proposing', () => {
    const cluster = started({ seed: 8 })
    cluster.intercept = (from, _, message) => {
      if (from !== 3) return message
      if (message.type === 'hello') return { ...message, configuration: 9 }
      return message.type === 'blocks' ? undefined : message
    }
    agree(cluster, 0, 'one')
    agree(cluster, 1, 'two')
    expect(cluster.replica(0).status.catchingUp).toBe(false)
  })

  test('another history with the same number is refused by name', () => {
    const cluster = started({ seed: 9 })
    cluster.intercept = (from, to, message) =>
      from === 3 && to === 0 && message.type === 'hello'
        ? { ...message, digest: new Uint8Array(32) }
        : message
    agree(cluster, 0, 'one')
    expect(cluster.member(0).faults).toContainEqual(
      expect.objectContaining({ rule: 'node/other-configuration', peer: 3 }),
    )
  })
})

describe('votes of another configuration', () => {
  test('words of the old configuration are not counted in the new one, however they are repeated', () => {
    for (const seed of seedsOf(2)) {
      const cluster = started({ seed })
      const said: { from: number; to: number; message: Consensus }[] = []
      cluster.intercept = (from, to, message) => {
        if (message.type === 'consensus' && message.configuration === 0) said.push({ from, to, message })
        return message
      }
      agree(cluster, 0, 'before')
      change(cluster, 0, [0, 1, 2, 3, 4])
      cluster.intercept = (_, __, message) => message
      agree(cluster, 1, 'after')
      cluster.settle()
      const journals = cluster.members.map(({ disk }) => disk.journal.length)
      for (const { from, to, message } of said) cluster.send(from, to, message)
      // Nor are words of the old configuration about epochs that are the new one's.
      const epoch = cluster.replica(0).ledger.nextEpoch as Epoch
      const vote = { type: 'raba', proposer: 0 as PeerIndex, message: { type: 'fast' } } as const
      const bytes = cluster.agreement.encode({ type: 'epoch', epoch, message: vote })
      for (const from of [1, 2, 3]) cluster.send(from, 0, { type: 'consensus', configuration: 0, bytes })
      cluster.settle()
      expect(cluster.members.map(({ disk }) => disk.journal.length)).toEqual(journals)
      agree(cluster, 4, 'goes on')
      expectOneHistory(cluster)
    }
  })

  test('relabelled, they are somebody’s lies in the new one, and contradict nothing that correct members say', () => {
    const cluster = started({ seed: 3 })
    const said: Consensus[] = []
    cluster.intercept = (from, to, message) => {
      if (from === 3 && to === 0 && message.type === 'consensus') said.push(message)
      return message
    }
    agree(cluster, 0, 'before')
    change(cluster, 0, [0, 1, 2, 3, 4])
    cluster.intercept = (_, __, message) => message
    for (const message of said) cluster.send(3, 0, { ...message, configuration: 1 })
    agree(cluster, 1, 'after')
    expectOneHistory(cluster)
  })

  test('who is no member is not heard in an agreement, and its blocks of lies are not asked for', () => {
    const cluster = started({ seed: 5 })
    agree(cluster, 0, 'before')
    cluster.settle()
    const before = cluster.member(0).disk.journal.length
    const junk: PeerMessage = { type: 'consensus', configuration: 0, bytes: Uint8Array.of(0, 1) }
    for (let at = 0; at < 600; at += 1) cluster.send(5, 0, junk)
    cluster.send(5, 0, { type: 'blocks', from: 1 as never, items: [], certificate: undefined })
    cluster.settle()
    expect(cluster.member(0).disk.journal.length).toBe(before)
    expect(cluster.member(0).faults).toEqual([])
    for (let at = 0; at < 600; at += 1) cluster.send(5, 0, { type: 'blocks-request', from: 0 as never })
    cluster.settle()
    expect(cluster.member(0).faults[0]).toMatchObject({ rule: 'node/too-many-messages' })
  })
})

describe('a process that ends during the switch', () => {
  test('at every moment it comes back to one side of the line or the other, and nothing is lost or said twice', () => {
    for (const seed of seedsOf(8)) {
      const cluster = started({ seed, depth: 1 + (seed % 2) })
      const all: string[] = []
      const submit = (by: number, text: string): void => {
        cluster.submit(by, text)
        cluster.turn(by)
        all.push(text)
      }
      const committees = [
        [0, 1, 2, 3, 4],
        [0, 1, 3, 4, 5],
        [0, 2, 3, 4, 5],
      ]
      for (const [round, members] of committees.entries()) {
        submit(members[1] as number, `round ${round}`)
        cluster.submit(0, changeTo({ members }))
        cluster.turn(0)
        for (let crashes = 0; crashes < 3; crashes += 1) {
          for (let steps = cluster.random.below(300); steps > 0; steps -= 1)
            if (!cluster.step()) cluster.tick()
          const victim = cluster.random.below(6)
          cluster.crash(victim)
          for (let steps = cluster.random.below(60); steps > 0; steps -= 1)
            if (!cluster.step()) cluster.tick()
          cluster.start(victim)
        }
        cluster.runUntil(
          () => cluster.up.every(({ index }) => cluster.configurationOf(index) > round),
          `seed ${seed}: configuration ${round + 1}`,
        )
      }
      cluster.runUntil(() => cluster.haveAll(all), `seed ${seed}: all operations`)
      expectOneHistory(cluster)
    }
  })

  test('all of them at once, between the last block of a configuration and the first word of the next', () => {
    for (const seed of seedsOf(3)) {
      const cluster = started({ seed })
      cluster.submit(0, changeTo({ members: [0, 1, 2, 4] }))
      cluster.runUntil(() => cluster.members.some(({ isLeaving }) => isLeaving), 'one is about to move on')
      for (const { index } of cluster.members) cluster.crash(index)
      cluster.startAll()
      cluster.runUntil(
        () => [0, 1, 2, 4].every(index => cluster.configurationOf(index) === 1),
        'they moved on',
      )
      agree(cluster, 4, 'after')
      expectOneHistory(cluster)
    }
  })

  test('a store that lost the block of the change follows until it is back where the log has spoken', () => {
    for (const seed of seedsOf(2)) {
      const cluster = started({ seed })
      agree(cluster, 0, 'before')
      change(cluster, 0, [0, 1, 2, 3, 4])
      agree(cluster, 1, 'after')
      cluster.settle()
      cluster.crash(1)
      const { disk } = cluster.member(1)
      disk.blocks = disk.blocks.slice(0, 1)
      cluster.start(1)
      expect(cluster.replica(1).status.state).toBe('following')
      expect(cluster.member(1).eras?.era.obstacle).toContain('we have spoken in configuration 1')
      cluster.runUntil(() => cluster.replica(1).status.state === 'voting', `seed ${seed}: it votes again`)
      cluster.crash(2)
      agree(cluster, 1, 'with its vote')
      expectOneHistory(cluster)
    }
  })

  test('who lost its log stays in quarantine beyond the change, and its old words are contradicted nowhere', () => {
    for (const seed of seedsOf(3)) {
      const cluster = started({ seed })
      agree(cluster, 0, 'before')
      change(cluster, 0, [0, 1, 2, 3, 4])
      agree(cluster, 1, 'after')
      cluster.crash(1)
      // Both the log and the store are gone; the mark of the directory says that it has voted.
      cluster.member(1).disk = emptyDisk()
      cluster.member(1).disk.journal.push(Uint8Array.of(255))
      cluster.start(1)
      cluster.runUntil(() => cluster.configurationOf(1) === 1, `seed ${seed}: it caught up`)
      expect(cluster.replica(1).status.state).toBe('quarantined')
      const types = readJournal(cluster.member(1).disk.journal.concat(cluster.member(1).unsynced)).map(
        ({ type }) => type,
      )
      expect(types.slice(-2)).toContain('lost')
      agree(cluster, 0, 'meanwhile')
      expectOneHistory(cluster)
    }
  })
})

describe('proofs across configurations', () => {
  test('a light client follows the configurations from the genesis to the last block', () => {
    const cluster = started({ seed: 1 })
    agree(cluster, 0, 'one')
    change(cluster, 0, [0, 1, 2, 4], 'waterbear-q')
    agree(cluster, 4, 'two')
    change(cluster, 0, [0, 1, 4, 5])
    agree(cluster, 5, 'three')
    cluster.settle()
    const { blocks, certificates } = cluster.member(5).disk
    const light = new LightClient({ genesis: cluster.genesis, crypto })
    const last = blocks.length - 1
    const verify = (epoch: number) =>
      light.verifyBlock(
        (blocks[epoch] as (typeof blocks)[number]).block,
        certificates.get(epoch) as NonNullable<ReturnType<typeof certificates.get>>,
      )
    expect(verify(last)).toMatchObject({ verified: false, reason: 'its configuration is not known yet' })
    const configurations = [1, 2].map(index => configurationNamed(cluster, index))
    for (const configuration of configurations) {
      expect(verify(configuration.firstEpoch - 1).verified).toBe(true)
      expect(light.learn(configuration)).toBe(true)
    }
    expect(verify(last).verified).toBe(true)
    expect(hex(configurationDigest(light.latest, crypto.sha256))).toBe(
      hex(decodeBlock((blocks[last] as (typeof blocks)[number]).block).configuration),
    )
  })
})

/** A configuration as the blocks have decided it. */
function configurationNamed(cluster: Cluster, index: number) {
  const found = cluster.decided.get(index)
  if (found === undefined) throw new Error(`configuration ${index} was not decided`)
  return found
}

test('peers that are members have an index, guests have none', () => {
  const cluster = started({ seed: 7 })
  const { members } = (cluster.member(0).eras as NonNullable<ReturnType<typeof cluster.member>['eras']>).era
  expect(members.indexOf(cluster.member(3).key)).toBe(3 as PeerIndex)
  expect(members.indexOf(cluster.member(4).key)).toBeUndefined()
})
