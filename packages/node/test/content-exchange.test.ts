import { nodeCrypto } from '@mc/crypto/node'
import { hex } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { ASKED_MAX, ContentExchange, GIVEN_BURST } from '../src/content-exchange.js'

const { sha256 } = nodeCrypto
const contentOf = (number: number): Uint8Array => Uint8Array.of(1, 2, 3, number & 255, number >> 8)
const idOf = (number: number): Uint8Array => sha256(contentOf(number))

/** A node that needs some contents, has others, and writes down what it says. */
function nodeWith({
  needed = [],
  held = [],
  peers = ['a', 'b', 'c'],
}: {
  readonly needed?: readonly number[]
  readonly held?: readonly number[]
  readonly peers?: readonly string[]
}) {
  const contents = new Map(held.map(number => [hex(idOf(number)), contentOf(number)]))
  const world = {
    said: [] as string[],
    faults: [] as string[],
    completed: 0,
    nowMs: 0,
    peers,
    contents,
  }
  const exchange = new ContentExchange({
    source: {
      missing: () => needed.map(idOf).filter(id => !contents.has(hex(id))),
      get: id => contents.get(hex(id)),
      keep: (id, bytes) => {
        if (hex(sha256(bytes)) !== hex(id)) return false
        contents.set(hex(id), bytes)
        return true
      },
    },
    peers: () => world.peers,
    say: (to, message) => {
      const what = message.type === 'content' ? `has ${message.bytes[3]}` : 'wants'
      world.said.push(`${to} ${what} ${hex(message.id).slice(0, 6)}`)
    },
    onComplete: () => {
      world.completed += 1
    },
    onFault: (rule, peer) => world.faults.push(`${peer} ${rule}`),
    now: () => world.nowMs,
  })
  const short = (number: number): string => hex(idOf(number)).slice(0, 6)
  const bring = (from: string, number: number, bytes = contentOf(number)): void =>
    exchange.onContent(from, { type: 'content', id: idOf(number), bytes })
  return { exchange, world, short, bring }
}

describe('content that a state needs', () => {
  test('nothing is asked for where nothing is missing', () => {
    const { exchange, world } = nodeWith({ needed: [1], held: [1] })
    exchange.tick()
    expect(world.said).toEqual([])
  })

  test('is asked for from one peer after the other, until somebody has it', () => {
    const { exchange, world, short, bring } = nodeWith({ needed: [1] })
    exchange.tick()
    exchange.tick()
    expect(world.said).toEqual([`a wants ${short(1)}`])
    for (world.nowMs = 1_000; world.nowMs <= 3_000; world.nowMs += 1_000) exchange.tick()
    expect(world.said.map(one => one[0])).toEqual(['a', 'b', 'c', 'a'])
    bring('c', 1)
    expect([world.completed, world.contents.size]).toEqual([1, 1])
    exchange.tick()
    expect(world.said.length).toBe(4)
  })

  test('each content goes round, however many peers and contents there are', () => {
    for (const peers of [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']]) {
      for (const count of [1, 2, 3, 4, 6, 8]) {
        const needed = Array.from({ length: count }, (_, at) => at)
        const { exchange, world, short } = nodeWith({ needed, peers })
        for (let round = 0; round < 3 * peers.length; round += 1) {
          exchange.tick()
          world.nowMs += 1_000
        }
        for (const number of needed) {
          const asked = new Set(world.said.filter(one => one.endsWith(short(number))).map(one => one[0]))
          expect(asked.size).toBe(peers.length)
        }
      }
    }
  })

  test('bytes that are not what their name says are named, and asked for again elsewhere', () => {
    const { exchange, world, bring } = nodeWith({ needed: [1] })
    exchange.tick()
    bring('a', 1, Uint8Array.of(9))
    expect([world.faults, world.contents.size]).toEqual([['a node/wrong-content'], 0])
    world.nowMs = 1_000
    exchange.tick()
    expect(world.said.length).toBe(2)
    bring('b', 1)
    expect(world.completed).toBe(1)
  })

  test('what nobody asked for is not kept, and accuses nobody', () => {
    const { exchange, world, bring } = nodeWith({ needed: [1] })
    bring('a', 1)
    exchange.tick()
    bring('a', 2)
    expect([world.contents.size, world.faults, world.completed]).toEqual([0, [], 0])
  })

  test('so much is asked for at once, and the rest as soon as that is here', () => {
    const needed = Array.from({ length: ASKED_MAX + 3 }, (_, at) => at)
    const { exchange, world, bring } = nodeWith({ needed })
    exchange.tick()
    expect(world.said.length).toBe(ASKED_MAX)
    for (const number of needed.slice(0, ASKED_MAX)) bring('a', number)
    expect([world.said.length, world.completed]).toEqual([ASKED_MAX + 3, 0])
    for (const number of needed.slice(ASKED_MAX)) bring('b', number)
    expect(world.completed).toBe(1)
  })

  test('who is alone asks nobody', () => {
    const { exchange, world } = nodeWith({ needed: [1], peers: [] })
    exchange.tick()
    world.peers = ['a']
    exchange.tick()
    expect(world.said).toEqual([])
    world.nowMs = 1_000
    exchange.tick()
    expect(world.said.length).toBe(1)
  })
})

describe('content that others ask for', () => {
  test('is given by who has it', () => {
    const { exchange, world, short } = nodeWith({ held: [1] })
    exchange.onRequest('b', { type: 'content-request', id: idOf(1) })
    exchange.onRequest('b', { type: 'content-request', id: idOf(2) })
    expect(world.said).toEqual([`b has 1 ${short(1)}`])
  })

  test('to each peer at a bounded rate', () => {
    const { exchange, world } = nodeWith({ held: [1] })
    for (let at = 0; at < GIVEN_BURST + 50; at += 1) {
      exchange.onRequest('b', { type: 'content-request', id: idOf(1) })
    }
    exchange.onRequest('c', { type: 'content-request', id: idOf(1) })
    expect(world.said.length).toBe(GIVEN_BURST + 1)
    expect(new Set(world.faults)).toEqual(new Set(['b node/too-many-messages']))
    world.nowMs = 1_000
    exchange.onRequest('b', { type: 'content-request', id: idOf(1) })
    expect(world.said.length).toBe(GIVEN_BURST + 2)
  })
})
