import { type AvidMMessage, avidMDispersal, type CommittedShard } from '@mc/avid'
import { type Driven, drive, peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { blamed, commitment, paramsOf, proposer, shardsOf, spoilt, step } from '../parties.js'

// Among six: f = 1, k = 4, f + 1 = 2, 2f + 1 = 3, n − f = 5, so that no two thresholds are the same.
const payload = noise(500, 1)
const chunks = shardsOf(payload)
const others = shardsOf(noise(500, 2))
const [{ root }] = chunks as [CommittedShard]

type Member = Driven<Uint8Array, AvidMMessage, unknown>

const member = (self: number, n = 6): Member => drive(avidMDispersal({ commitment }), paramsOf(self, n))
const chunkAt = (index: number, of = chunks): CommittedShard => of[index] as CommittedShard
const chunk = (index: number, of = chunks): AvidMMessage => ({ type: 'chunk', ...chunkAt(index, of) })
const gotChunk = (of = chunks): AvidMMessage => ({ type: 'gotchunk', root: chunkAt(0, of).root })
const ready = (of = chunks): AvidMMessage => ({ type: 'ready', root: chunkAt(0, of).root })
const from = (node: Member, senders: readonly number[], message: AvidMMessage) =>
  senders.map(sender => node.message(peer(sender), message)).at(-1)
const complete = { type: 'complete', root }
const stored = { type: 'stored', ...chunkAt(0) }

describe('rule 1', () => {
  test('input M at the disperser: encode, root r, send CHUNK{r, chunk_i, proof_i} to each i', () => {
    const { messages } = member(3).input(payload)
    const sent = messages.filter(({ message }) => message.type === 'chunk')
    expect(sent).toEqual([0, 1, 2, 4, 5].map(index => ({ to: index, message: chunk(index) })))
  })

  test('only the proposer gives input, once, within the cap', () => {
    expect(() => member(0).input(payload)).toThrow(RangeError)
    const node = member(3)
    expect(() => node.input(new Uint8Array(10_001))).toThrow(RangeError)
    node.input(payload)
    expect(() => node.input(payload)).toThrow(RangeError)
  })
})

describe('rule 2', () => {
  test('first valid CHUNK: store; broadcast GOTCHUNK{r}', () => {
    expect(member(0).message(proposer, chunk(0))).toEqual(
      step({ messages: [{ to: 'all', message: gotChunk() }] }),
    )
  })

  test('CHUNK only from the proposer, and only with a proof for our own index', () => {
    expect(blamed(member(0).message(peer(1), chunk(0)))).toEqual([['avid/not-the-proposer', 1]])
    for (const wrong of [chunk(1), { type: 'chunk', ...spoilt(chunkAt(0)) } as const]) {
      const answer = member(0).message(proposer, wrong)
      expect(answer.messages).toEqual([])
      expect(blamed(answer)).toEqual([['avid/bad-proof', 3]])
    }
  })

  test('a second CHUNK changes nothing; one with another root is a fault', () => {
    const node = member(0)
    node.message(proposer, chunk(0))
    expect(node.message(proposer, chunk(0))).toEqual(step())
    const conflict = node.message(proposer, chunk(0, others))
    expect(conflict.messages).toEqual([])
    expect(blamed(conflict)).toEqual([['avid/conflicting-chunk', 3]])
  })
})

describe('rule 3', () => {
  test('n − f GOTCHUNK(r), one per sender: broadcast READY(r), once', () => {
    const node = member(0)
    expect(from(node, [1, 2, 3, 4, 4, 3], gotChunk())?.messages).toEqual([])
    expect(from(node, [5], gotChunk())?.messages).toEqual([{ to: 'all', message: ready() }])
    expect(from(node, [1, 2], ready())?.messages).toEqual([])
  })

  test('counts are per root, and a second root of one sender is a fault', () => {
    const node = member(0)
    from(node, [1, 2, 3, 4], gotChunk())
    expect(blamed(from(node, [4], gotChunk(others)) ?? step())).toEqual([['avid/conflicting-gotchunk', 4]])
    expect(from(node, [5], gotChunk(others))).toEqual(step())
  })
})

describe('rule 4', () => {
  test('f + 1 READY(r), READY not sent: broadcast READY(r)', () => {
    const node = member(0)
    expect(from(node, [1, 1], ready())).toEqual(step())
    expect(from(node, [2], ready())?.messages).toEqual([{ to: 'all', message: ready() }])
  })

  test('one root per sender: a second READY is a fault', () => {
    const node = member(0)
    from(node, [1], ready())
    expect(blamed(from(node, [1], ready(others)) ?? step())).toEqual([['avid/conflicting-ready', 1]])
    expect(from(node, [2], ready(others))).toEqual(step())
  })
})

describe('rule 5', () => {
  test('2f + 1 READY(r): chunkRoot := r; COMPLETE', () => {
    const node = member(0)
    node.message(proposer, chunk(0))
    expect(from(node, [1], ready())?.outputs).toEqual([])
    // With our own, which rule 4 sends, the second makes three.
    expect(from(node, [2], ready())?.outputs).toEqual([complete, stored])
    expect(from(node, [3, 4, 5], ready())).toEqual(step())
  })

  test('2f + 1, not f + 1: with n = 7, f = 2 three READYs and our own are not enough', () => {
    const node = member(0, 7)
    expect(from(node, [1, 2, 3], ready())?.outputs).toEqual([])
    expect(from(node, [4], ready())?.outputs).toEqual([complete])
  })

  test('discard the stored chunk if its root is not r', () => {
    const node = member(0)
    node.message(proposer, chunk(0, others))
    expect(from(node, [1, 2], ready())?.outputs).toEqual([complete])
    expect(node.message(proposer, chunk(0)).outputs).toEqual([])
  })

  test('a chunk that comes after COMPLETE is stored, and said to be', () => {
    const node = member(0)
    from(node, [1, 2], ready())
    expect(node.message(proposer, chunk(0))).toEqual(
      step({ messages: [{ to: 'all', message: gotChunk() }], outputs: [stored] }),
    )
  })

  test('nothing is decoded: a root that stands for nothing completes all the same', () => {
    const node = member(0)
    const nothing: AvidMMessage = { type: 'ready', root: new Uint8Array(32) }
    expect(from(node, [1, 2], nothing)?.outputs).toEqual([{ type: 'complete', root: new Uint8Array(32) }])
  })
})
