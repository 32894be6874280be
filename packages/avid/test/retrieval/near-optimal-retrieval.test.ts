import {
  BAD,
  type Chunk,
  type NearOptimalRetrievalMessage,
  nearOptimalRetrieval,
  type RetrievalInput,
  type Retrieved,
} from '@mc/avid'
import { type Driven, drive, peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { blamed, paramsOf, step } from '../parties.js'
import { chunksOf, vectorCommitment as commitment, forgedChunks, wrong } from '../vector-parties.js'

// Among six: f = 1, k = 4.
const payload = noise(500, 1)
const chunks = chunksOf(payload)
const others = chunksOf(noise(500, 2))
const EMPTY = new Uint8Array(0)

type Member = Driven<RetrievalInput, NearOptimalRetrievalMessage, Retrieved>

const member = (): Member => drive(nearOptimalRetrieval({ commitment }), paramsOf(0))
const client = (): Member => {
  const node = member()
  node.input({ type: 'retrieve' })
  return node
}
const chunkAt = (index: number, of = chunks): Chunk => of[index] as Chunk
const piece = (index: number, of = chunks): NearOptimalRetrievalMessage => ({
  type: 'piece',
  ...chunkAt(index, of),
})
const serve = (index: number): RetrievalInput => {
  const { root, fragment, shard } = chunkAt(index)
  return { type: 'serve', root, shard, proof: fragment }
}
const pieces = (node: Member, from: readonly number[], message = (index: number) => piece(index)) =>
  from.map(index => node.message(peer(index), message(index))).at(-1) ?? step()

describe('the server', () => {
  test('answers after complete(c) with c, d_i and shard_i, also who asked earlier', () => {
    const node = member()
    expect(node.message(peer(2), { type: 'request' })).toEqual(step())
    expect(node.input(serve(0)).messages).toEqual([{ to: 2, message: piece(0) }])
    expect(node.message(peer(4), { type: 'request' }).messages).toEqual([{ to: 4, message: piece(0) }])
  })

  test('answers a client once, however often it asks', () => {
    const node = member()
    node.input(serve(0))
    let answered = 0
    for (let asked = 0; asked < 1_000; asked += 1) {
      const { messages, faults } = node.message(peer(5), { type: 'request' })
      answered += messages.length
      expect(faults).toEqual([])
    }
    expect(answered).toBe(1)
  })
})

describe('the client', () => {
  test('sends the request to all', () => {
    expect(member().input({ type: 'retrieve' }).messages).toEqual([
      { to: 'all', message: { type: 'request' } },
    ])
  })

  test('k pieces, none wrong: recovers D, keeps the shards with H(shard_j) = D[j], decodes', () => {
    const node = client()
    expect(pieces(node, [5, 2, 1])).toEqual(step())
    expect(pieces(node, [1, 2])).toEqual(step())
    expect(pieces(node, [4])).toEqual(step({ outputs: [payload] }))
    expect(pieces(node, [3, 0])).toEqual(step())
  })

  test('a server without a shard helps to recover D, and is blamed for nothing', () => {
    const node = client()
    pieces(node, [1], index => ({ ...piece(index), shard: EMPTY }) as NearOptimalRetrievalMessage)
    expect(pieces(node, [2, 3, 4])).toEqual(step())
    expect(pieces(node, [5])).toEqual(step({ outputs: [payload] }))
  })

  test('f wrong fragments and wrong shards change nothing, and are blamed', () => {
    const node = client()
    const { root, fragment, shard } = chunkAt(1)
    pieces(node, [1], () => ({ type: 'piece', root, fragment: wrong(fragment), shard: wrong(shard) }))
    expect(pieces(node, [2, 3, 4])).toEqual(step())
    const answer = pieces(node, [0, 5])
    expect(answer.outputs).toEqual([payload])
    expect(blamed(answer)).toEqual([
      ['avid/bad-proof', 1],
      ['avid/bad-fragment', 1],
    ])
  })

  test('a wrong shard that comes once D is known is blamed as well', () => {
    const node = client()
    const empty = (index: number) => ({ ...piece(index), shard: EMPTY }) as NearOptimalRetrievalMessage
    pieces(node, [1, 2, 3, 4], empty)
    const { root, fragment } = chunkAt(5)
    const answer = node.message(peer(5), { type: 'piece', root, fragment, shard: chunkAt(4).shard })
    expect(blamed(answer)).toEqual([['avid/bad-proof', 5]])
  })

  test('groups by root: f wrong servers cannot make a root, nor spoil one', () => {
    const node = client()
    pieces(node, [5], index => piece(index, others))
    expect(pieces(node, [1, 2, 3])).toEqual(step())
    expect(pieces(node, [4]).outputs).toEqual([payload])
  })

  test('one piece per server: another is a fault', () => {
    const node = client()
    pieces(node, [5], index => piece(index, others))
    expect(blamed(pieces(node, [5]))).toEqual([['avid/conflicting-piece', 5]])
  })

  test('decodes, encodes again and compares the whole vector: not equal gives BAD, whichever shards came', () => {
    const leaves = chunks.map(({ shard }) => shard)
    leaves[2] = wrong(chunkAt(2).shard)
    const forged = forgedChunks(leaves)
    for (const from of [
      [1, 2, 3, 4],
      [0, 1, 3, 5],
    ]) {
      const last = pieces(client(), from, index => piece(index, forged))
      expect(last.outputs).toEqual([BAD])
      expect(blamed(last)).toEqual([['avid/inconsistent-encoding', 3]])
    }
  })

  test('who was not asked does not answer', () => {
    expect(blamed(pieces(member(), [1]))).toEqual([['avid/unasked-shard', 1]])
  })

  test('is its own server', () => {
    const node = member()
    node.input(serve(0))
    node.input({ type: 'retrieve' })
    expect(pieces(node, [1, 2, 3]).outputs).toEqual([payload])
  })

  test('each input is given once', () => {
    const node = client()
    expect(() => node.input({ type: 'retrieve' })).toThrow(RangeError)
    node.input(serve(0))
    expect(() => node.input(serve(0))).toThrow(RangeError)
  })
})
