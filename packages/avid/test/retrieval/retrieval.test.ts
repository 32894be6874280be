import {
  avidMRetrieval,
  avidRetrieval,
  BAD,
  type CommittedShard,
  type RetrievalInput,
  type Retrieved,
} from '@mc/avid'
import { type Driven, drive, peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { blamed, commitment, forgedShards, paramsOf, shardsOf, spoilt, step } from '../parties.js'

// Among six: f = 1, k = 4.
const payload = noise(500, 1)
const shards = shardsOf(payload)
const others = shardsOf(noise(500, 2))
const shardAt = (index: number, of = shards): CommittedShard => of[index] as CommittedShard
const retrieve: RetrievalInput = { type: 'retrieve' }
const serve = (index: number): RetrievalInput => ({ type: 'serve', ...shardAt(index) })

const variants = [
  {
    name: 'AVID',
    answer: 'shard',
    request: { type: 'retrieve' },
    reply: (index: number, of = shards) => ({ type: 'shard', ...shardAt(index, of) }),
    member: () => drive(avidRetrieval({ commitment }), paramsOf(0)),
  },
  {
    name: 'AVID-M',
    answer: 'returnchunk',
    request: { type: 'requestchunk' },
    reply: (index: number, of = shards) => ({ type: 'returnchunk', ...shardAt(index, of) }),
    member: () => drive(avidMRetrieval({ commitment }), paramsOf(0)),
  },
]

describe.each(variants)('$name', ({ answer, request, reply, member: create }) => {
  const member = () => create() as unknown as Driven<RetrievalInput, unknown, Retrieved>
  const client = () => {
    const node = member()
    node.input(retrieve)
    return node
  }
  const replies = (node: ReturnType<typeof member>, from: readonly number[], of = shards) =>
    from.map(index => node.message(peer(index), reply(index, of))).at(-1)

  test('the client sends the request to all', () => {
    expect(member().input(retrieve)).toEqual(step({ messages: [{ to: 'all', message: request }] }))
  })

  test('a server answers with its shard, only after completion', () => {
    const node = member()
    expect(node.message(peer(2), request)).toEqual(step())
    expect(node.input(serve(0)).messages).toEqual([{ to: 2, message: reply(0) }])
    expect(node.message(peer(4), request).messages).toEqual([{ to: 4, message: reply(0) }])
  })

  test('bounded amplification: a client is answered once, however often it asks', () => {
    const node = member()
    node.input(serve(0))
    const codec = avidRetrieval({ commitment }).codec({ n: 6 })
    let answered = 0
    for (let asked = 0; asked < 1_000; asked += 1) {
      const { messages, faults } = node.message(peer(5), request)
      answered += messages.length
      // Links that come up again and members that come back repeat what they have said.
      expect(faults).toEqual([])
    }
    expect(answered).toBe(1)
    expect(codec.encode({ type: 'shard', ...shardAt(0) }).length).toBeLessThanOrEqual(
      1 + 32 + 2 + Math.ceil(504 / 4) + 3 * 32,
    )
  })

  test('on k shards under the same root the client decodes; one fewer does not suffice', () => {
    const node = client()
    expect(replies(node, [5, 2, 1])).toEqual(step())
    expect(replies(node, [1, 2])).toEqual(step())
    expect(replies(node, [4])).toEqual(step({ outputs: [payload] }))
    expect(replies(node, [3, 0])).toEqual(step())
  })

  test('proof index = sender', () => {
    const node = client()
    replies(node, [1, 2, 3])
    const wrong = node.message(peer(5), reply(4))
    expect(wrong.outputs).toEqual([])
    expect(blamed(wrong)).toEqual([['avid/bad-proof', 5]])
    expect(replies(node, [4])?.outputs).toEqual([payload])
  })

  test('groups by root: f wrong servers cannot make a root, nor spoil one', () => {
    const node = client()
    expect(replies(node, [5], others)).toEqual(step())
    expect(replies(node, [1, 2, 3])).toEqual(step())
    expect(replies(node, [4])?.outputs).toEqual([payload])
  })

  test('one root per server: a second is a fault', () => {
    const node = client()
    replies(node, [5], others)
    expect(blamed(replies(node, [5]) ?? step())).toEqual([[`avid/conflicting-${answer}`, 5]])
  })

  test('encodes again and compares the root: not equal gives the constant BAD, whichever shards came', () => {
    const leaves = shards.map(({ shard }) => shard)
    leaves[2] = spoilt(shardAt(2)).shard
    const bad = forgedShards(leaves)
    for (const from of [
      [1, 2, 3, 4],
      [0, 1, 3, 5],
    ]) {
      const last = replies(client(), from, bad)
      expect(last?.outputs).toEqual([BAD])
      expect(blamed(last ?? step())).toEqual([['avid/inconsistent-encoding', 3]])
    }
  })

  test('who was not asked does not answer', () => {
    expect(blamed(replies(member(), [1]) ?? step())).toEqual([['avid/unasked-shard', 1]])
  })

  test('we are our own server', () => {
    const node = member()
    node.input(serve(0))
    node.input(retrieve)
    expect(replies(node, [1, 2, 3])?.outputs).toEqual([payload])
  })

  test('each input is given once', () => {
    const node = client()
    expect(() => node.input(retrieve)).toThrow(RangeError)
    node.input(serve(0))
    expect(() => node.input(serve(0))).toThrow(RangeError)
  })
})
