import { readdir, readFile } from 'node:fs/promises'
import type { Epoch, PeerIndex } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import type { Eras } from '../../src/eras.js'
import { EpochBudget } from '../../src/replica/epoch-budget.js'
import type { PeerMessage } from '../../src/replica/peer-messages.js'
import { FORWARDED_MAX } from '../../src/replica/peer-messages.js'
import { rulesOf } from '../../src/replica/rules-name.js'
import { COUNTED_RULES, POINTS_MAX, Suspicion } from '../../src/suspicion.js'
import { Cluster } from './cluster.js'

const consensus = (bytes: Uint8Array): PeerMessage => ({ type: 'consensus', configuration: 0, bytes })
const announce = (epoch: number): PeerMessage => consensus(Uint8Array.of(0, epoch))

function running(): Cluster {
  const cluster = new Cluster({ seed: 2 })
  cluster.startAll()
  cluster.submit(1, 'one')
  cluster.runUntil(() => cluster.haveAll(['one']), 'one operation')
  cluster.settle()
  return cluster
}

/** What member 0 says, and what it logs, once member 3 has sent these. */
function effectOf(
  cluster: Cluster,
  messages: readonly PeerMessage[],
): { rules: string[]; said: number; logged: number } {
  const { faults, disk } = cluster.member(0)
  const [before, logged] = [faults.length, disk.journal.length]
  let said = 0
  cluster.intercept = (from, _, message) => {
    if (from === 0) said += 1
    return message
  }
  cluster.send(3, 0, ...messages)
  cluster.settle()
  const rules = faults.slice(before).map(({ rule }) => rule)
  return { rules: [...new Set(rules)], said, logged: disk.journal.length - logged }
}

const repeat = (count: number, message: (at: number) => PeerMessage): PeerMessage[] =>
  Array.from({ length: count }, (_, at) => message(at))

describe('what a member sends costs us little, and is not without end', () => {
  test('hellos beyond the second of a link are not answered', () => {
    const cluster = running()
    const { network } = cluster.replica(0).ledger
    const hello = {
      type: 'hello',
      network,
      ...configurationOf(cluster),
      suite: suiteOf(cluster),
      rules: rulesOf(cluster.replica(0).ledger),
      nextEpoch: 0 as Epoch,
      heardBelow: 0 as Epoch,
    } as const
    const { rules, said } = effectOf(
      cluster,
      repeat(50, () => hello),
    )
    expect(rules).toEqual(['node/repeated-hello'])
    // The second one is in order: it is answered by our seal and by what the peer may have missed.
    expect(said).toBeLessThan(200)
  })

  test('another network, another suite, other rules, another history: nothing else that comes on this link is heard', () => {
    for (const [change, rule] of [
      [{ network: new Uint8Array(32) }, 'node/other-network'],
      [{ suite: 'another' }, 'node/other-suite'],
      [{ rules: 'recorded/topics/contracts/actions 2' }, 'node/other-rules'],
      [{ digest: new Uint8Array(32) }, 'node/other-configuration'],
    ] as const) {
      const cluster = running()
      const { network } = cluster.replica(0).ledger
      const hello = {
        type: 'hello',
        network,
        ...configurationOf(cluster),
        suite: suiteOf(cluster),
        rules: rulesOf(cluster.replica(0).ledger),
        nextEpoch: 0 as Epoch,
        heardBelow: 0 as Epoch,
      } as const
      const junk: PeerMessage = { type: 'seal', epoch: 0 as Epoch, signature: new Uint8Array(64) }
      const { rules } = effectOf(cluster, [{ ...hello, ...change }, junk, consensus(Uint8Array.of(9))])
      expect(rules).toEqual([rule])
    }
  })

  test('a frame that is no frame is a fault, whatever is in it', () => {
    const cluster = running()
    for (const bytes of [[], [0], [1], [255], [200, 1], [1, 1, 99], [3, 1, 1, 1]]) {
      cluster.replica(0).receive(3 as PeerIndex, Uint8Array.from(bytes))
      cluster.turn(0)
    }
    for (let at = 0; at < 2_000; at += 1) {
      cluster.replica(0).receive(3 as PeerIndex, cluster.random.bytes(1 + cluster.random.below(40)))
      cluster.turn(0)
    }
    expect(cluster.member(0).faults.filter(({ peer }) => peer !== 3)).toEqual([])
  })

  test('messages of far epochs are named and never logged', () => {
    const cluster = running()
    const fast = { type: 'raba', proposer: 0 as PeerIndex, message: { type: 'fast' } } as const
    const far = repeat(30, at =>
      consensus(cluster.agreement.encode({ type: 'epoch', epoch: (100 + at) as Epoch, message: fast })),
    )
    const { rules, logged } = effectOf(cluster, far)
    expect(logged).toBe(0)
    expect(rules).toContain('abc/epoch-out-of-window')
  })

  test('announcements, old words and seals without end are cut off', () => {
    const cluster = running()
    expect(
      effectOf(
        cluster,
        repeat(20_500, () => announce(1)),
      ).rules,
    ).toEqual(['node/too-many-messages'])
    const junk: PeerMessage = { type: 'seal', epoch: 0 as Epoch, signature: new Uint8Array(64) }
    expect(
      effectOf(
        running(),
        repeat(20_500, () => junk),
      ).rules,
    ).toContain('node/too-many-messages')
  })

  test('a seal that is none is named, an early one is checked once we have the block', () => {
    const cluster = running()
    const { nextEpoch } = cluster.replica(0).ledger
    const seal = (epoch: number): PeerMessage => ({
      type: 'seal',
      epoch: epoch as Epoch,
      signature: new Uint8Array(64),
    })
    expect(
      effectOf(
        cluster,
        repeat(100, at => seal(nextEpoch + at)),
      ).rules,
    ).toEqual([])
    cluster.submit(1, 'two')
    cluster.runUntil(() => cluster.haveAll(['two']), 'two operations')
    cluster.settle()
    expect(cluster.member(0).faults).toContainEqual({
      rule: 'node/invalid-seal',
      peer: 3,
      detail: `block ${nextEpoch}`,
    })
  })

  test('forwarded operations are checked at a bounded rate; what we have costs no check', () => {
    const cluster = running()
    const operations = (from: number): Uint8Array[] =>
      Array.from({ length: FORWARDED_MAX }, (_, at) => Buffer.from(`${from} ${at}`))
    const flood = repeat(40, at => ({ type: 'forward', operations: operations(at) }) as const)
    expect(effectOf(cluster, flood).rules).toContain('node/too-many-forwarded')
    const other = running()
    const same = repeat(200, () => ({ type: 'forward', operations: [Buffer.from('one')] }) as const)
    expect(effectOf(other, same).rules).toEqual([])
  })

  test('operations that we refuse are named', () => {
    const refused = { type: 'forward', operations: [new Uint8Array(300)] } as const
    expect(effectOf(running(), [refused]).rules).toEqual(['node/forwarded-refused'])
  })

  test('of many requests for blocks in one turn, one is answered', () => {
    const cluster = running()
    for (let at = 0; at < 100; at += 1) cluster.replica(0).receive(3 as PeerIndex, frameOf(cluster, at))
    expect([...cluster.turn(0).requests]).toEqual([[3, 99]])
  })

  test('blocks that we did not ask for are ignored', () => {
    const cluster = running()
    const { nextEpoch } = cluster.replica(0).ledger
    const blocks = { type: 'blocks', from: nextEpoch as Epoch, items: [], certificate: undefined } as const
    expect(
      effectOf(
        cluster,
        repeat(20, () => blocks),
      ),
    ).toEqual({ rules: [], said: 0, logged: 0 })
  })
})

describe('budgets', () => {
  test('a peer may make us log so many bytes in an epoch, however many epochs it speaks of', () => {
    const budget = new EpochBudget({ n: 4, payloadBytesMax: 1_000 })
    const peer = 1 as PeerIndex
    expect(budget.take(peer, 5 as Epoch, budget.bytesMax)).toBe(true)
    for (let epoch = 6; epoch < 40; epoch += 1) expect(budget.take(peer, epoch as Epoch, 1)).toBe(true)
    expect(budget.take(peer, 5 as Epoch, 1)).toBe(false)
    expect(budget.take(2 as PeerIndex, 5 as Epoch, 1)).toBe(true)
  })

  test('a new link gives a new budget, but not many at once', () => {
    const budget = new EpochBudget({ n: 4, payloadBytesMax: 1_000 })
    const peer = 1 as PeerIndex
    const spend = (): boolean => budget.take(peer, 5 as Epoch, budget.bytesMax)
    expect(spend()).toBe(true)
    budget.renew(peer, 0)
    expect(spend()).toBe(true)
    budget.renew(peer, 900)
    expect(spend()).toBe(false)
    budget.renew(peer, 1_000)
    expect(spend()).toBe(true)
  })
})

describe('suspicion', () => {
  test('a peer is disconnected at the hundredth point, and points are forgiven with time', () => {
    const suspicion = new Suspicion()
    const add = (nowMs: number): boolean => suspicion.add('peer', 'node/undecodable', nowMs)
    expect([add(0), add(0), add(0), add(0), add(0)]).toEqual([false, false, false, false, true])
    expect([add(0), add(10_000), add(20_000), add(30_000), add(40_000), add(50_000)].some(Boolean)).toBe(
      false,
    )
    expect(POINTS_MAX).toBe(100)
  })

  test('what costs us nothing brings no points', () => {
    const suspicion = new Suspicion()
    for (let at = 0; at < 1_000; at += 1) {
      expect(suspicion.add('peer', 'raba/conflicting-vote', 0)).toBe(false)
    }
  })

  test('every rule that brings points is one that some package reports', async () => {
    const root = new URL('../../../', import.meta.url)
    const folders = (await readdir(root)).map(name => new URL(`${name}/src/`, root))
    const names = await Promise.all(
      folders.map(folder => readdir(folder, { recursive: true }).catch(() => [])),
    )
    const sources = folders.flatMap((folder, at) =>
      (names[at] ?? [])
        .filter(name => name.endsWith('.ts') && name !== 'suspicion.ts')
        .map(name => new URL(name, folder)),
    )
    const text = (await Promise.all(sources.map(source => readFile(source, 'utf8')))).join('\n')
    expect(COUNTED_RULES.filter(rule => !text.includes(`'${rule}'`))).toEqual([])
  })
})

function frameOf(cluster: Cluster, from: number): Uint8Array {
  const bytes = cluster.codec.encode({ type: 'blocks-request', from: from as Epoch })
  return Uint8Array.of(bytes.length, ...bytes)
}

/** The configuration that a hello names. */
function configurationOf(cluster: Cluster): { readonly configuration: number; readonly digest: Uint8Array } {
  const { configuration, digest } = (cluster.member(0).eras as Eras).era
  return { configuration: configuration.index, digest }
}

function suiteOf(cluster: Cluster): string {
  let suite = ''
  cluster.intercept = (_, __, message) => {
    if (message.type === 'hello') suite = message.suite
    return message
  }
  cluster.connect(1, 2)
  cluster.settle()
  return suite
}
