import type { Epoch } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import type { PeerMessage } from '../../src/replica/peer-messages.js'
import { seedsOf } from '../seeded.js'
import { Cluster, emptyDisk } from './cluster.js'

type Blocks = Extract<PeerMessage, { type: 'blocks' }>

const texts = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${name} ${at}`)

/** Commits operations one by one, so that each has an epoch of its own. */
function commit(cluster: Cluster, by: number, names: readonly string[]): void {
  for (const text of names) {
    cluster.submit(by, text)
    cluster.runUntil(() => cluster.has(by, [text]), text)
  }
}

/** A network in which member 3 has missed `epochs` epochs. */
function withOneBehind(seed: number, epochs: number): { cluster: Cluster; missed: readonly string[] } {
  const cluster = new Cluster({ seed })
  cluster.startAll()
  commit(cluster, 0, ['first'])
  cluster.crash(3)
  const missed = texts('missed', epochs)
  commit(cluster, 0, missed)
  return { cluster, missed }
}

/** Whoever answers member 3 with several blocks changes them, until it has noticed. */
function lieOnce(cluster: Cluster, change: (answer: Blocks) => Blocks): void {
  cluster.intercept = (_, to, message) => {
    const isLie = to === 3 && message.type === 'blocks' && message.items.length > 1
    return isLie && cluster.member(3).faults.length === 0 ? change(message) : message
  }
}

describe('catching up by blocks', () => {
  test('a member that missed more epochs than its peers keep fetches the blocks and goes on under load', () => {
    for (const seed of seedsOf(2)) {
      const { cluster, missed } = withOneBehind(seed, 12)
      cluster.start(3)
      const more = texts('more', 5)
      for (const text of more) cluster.submit(1, text)
      cluster.runUntil(() => cluster.haveAll([...missed, ...more]), `seed ${seed}: all operations`)
      cluster.submit(3, 'of the one that was away')
      cluster.runUntil(() => cluster.haveAll(['of the one that was away']), `seed ${seed}: it takes part`)
      expect(cluster.witness.contradictions).toEqual([])
    }
  })

  test('a member that restarts in the middle of catching up, and right after, contradicts nothing', () => {
    for (const seed of seedsOf(3)) {
      const { cluster, missed } = withOneBehind(seed, 12)
      for (let life = 0; life < 4; life += 1) {
        cluster.start(3)
        cluster.submit(0, `life ${life}`)
        for (let steps = cluster.random.below(500); steps > 0; steps -= 1) if (!cluster.step()) cluster.tick()
        cluster.crash(3)
        // The power went: blocks that the store had not synced are gone, the log is not.
        const { disk } = cluster.member(3)
        disk.blocks = disk.blocks.slice(0, disk.blocks.length - cluster.random.below(4))
      }
      cluster.start(3)
      cluster.runUntil(() => cluster.haveAll(missed), `seed ${seed}: all operations`)
      // Without one of the others, nothing is agreed unless the one that was away votes.
      cluster.crash(2)
      cluster.submit(3, 'after all')
      cluster.runUntil(() => cluster.haveAll(['after all']), `seed ${seed}: it votes`)
      expect(cluster.witness.contradictions).toEqual([])
    }
  })

  test('a liar that always says that there is nothing more delays it and no more', () => {
    const { cluster, missed } = withOneBehind(3, 12)
    cluster.intercept = (from, to, message) =>
      from === 0 && to === 3 && message.type === 'blocks'
        ? { ...message, items: [], certificate: undefined }
        : message
    cluster.start(3)
    cluster.submit(1, 'more')
    cluster.runUntil(() => cluster.haveAll([...missed, 'more']), 'all operations')
  })

  test('a peer that never answers is not waited for', () => {
    const { cluster, missed } = withOneBehind(4, 12)
    cluster.intercept = (from, to, message) =>
      from === 0 && to === 3 && message.type === 'blocks' ? undefined : message
    cluster.start(3)
    cluster.submit(1, 'more')
    cluster.runUntil(() => cluster.haveAll([...missed, 'more']), 'all operations')
  })

  const lies: Readonly<Record<string, (answer: Blocks) => Blocks>> = {
    'with another payload': answer => ({
      ...answer,
      items: answer.items.map(({ block, payloads }) => ({
        block,
        payloads: payloads.map(() => Uint8Array.of(1)),
      })),
    }),
    'with a payload too few': answer => ({
      ...answer,
      items: answer.items.map(({ block, payloads }) => ({ block, payloads: payloads.slice(1) })),
    }),
    'that are none': answer => ({
      ...answer,
      items: answer.items.map(item => ({ ...item, block: Uint8Array.of(7) })),
    }),
    'out of order': answer => ({ ...answer, items: [...answer.items].reverse() }),
    'with the seals of one member only': answer => ({
      ...answer,
      certificate: answer.certificate && {
        ...answer.certificate,
        seals: answer.certificate.seals.slice(0, 1).flatMap(seal => [seal, seal, seal]),
      },
    }),
    'with forged seals': answer => ({
      ...answer,
      certificate: answer.certificate && {
        ...answer.certificate,
        seals: answer.certificate.seals.map(seal => ({ ...seal, signature: new Uint8Array(64) })),
      },
    }),
    'with the certificate of another block': answer => ({
      ...answer,
      certificate: answer.certificate && {
        ...answer.certificate,
        epoch: (answer.certificate.epoch - 1) as Epoch,
      },
    }),
  }

  test.each(Object.keys(lies))('blocks %s are refused, and their sender is named', lie => {
    const { cluster, missed } = withOneBehind(6, 12)
    lieOnce(cluster, answer => (lies[lie] as (typeof lies)[string])(answer))
    cluster.start(3)
    cluster.submit(1, 'more')
    cluster.runUntil(() => cluster.haveAll([...missed, 'more']), 'all operations')
    expect(cluster.member(3).faults[0]).toMatchObject({ rule: 'node/bad-blocks', peer: expect.any(Number) })
  })

  test('blocks of another network of the same members are refused', () => {
    const { cluster } = withOneBehind(7, 12)
    const other = new Cluster({ seed: 7 })
    Object.assign(other.genesis, { name: 'another' })
    other.startAll()
    commit(other, 0, ['elsewhere'])
    other.settle()
    const [item] = other.member(0).disk.blocks
    const certificate = other.member(0).disk.certificates.get(0)
    cluster.member(3).disk = emptyDisk()
    cluster.start(3)
    lieOnce(cluster, answer => ({
      ...answer,
      items: [item as never],
      certificate: certificate as never,
    }))
    cluster.submit(1, 'more')
    cluster.runUntil(() => cluster.has(3, ['more']), 'it caught up')
    expect(cluster.member(3).faults[0]).toMatchObject({ rule: 'node/bad-blocks', peer: expect.any(Number) })
  })

  test('of a certificate only what is valid is kept', () => {
    const { cluster, missed } = withOneBehind(8, 12)
    cluster.intercept = (_, to, message) =>
      to === 3 && message.type === 'blocks' && message.certificate !== undefined
        ? {
            ...message,
            certificate: {
              ...message.certificate,
              seals: [...message.certificate.seals, { member: 3 as never, signature: new Uint8Array(64) }],
            },
          }
        : message
    cluster.start(3)
    cluster.submit(1, 'more')
    cluster.runUntil(() => cluster.haveAll([...missed, 'more']), 'all operations')
    for (const { seals } of cluster.member(3).disk.certificates.values()) {
      for (const { signature } of seals) expect(signature.some(byte => byte !== 0)).toBe(true)
    }
  })
})
