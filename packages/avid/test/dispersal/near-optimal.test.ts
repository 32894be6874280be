import { type Chunk, type NearOptimalMessage, nearOptimalDispersal } from '@mc/avid'
import { type Driven, drive, type PeerIndex, peer, type Step } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { blamed, paramsOf, proposer, step } from '../parties.js'
import {
  chunksOf,
  vectorCommitment as commitment,
  forgedChunks as forgedOf,
  wrong,
} from '../vector-parties.js'

// Among six: f = 1, k = 4, f + 1 = 2, 2f + 1 = 3, n − f = 5, so that no two thresholds are the same.
const payload = noise(500, 1)
const chunks = chunksOf(payload)
const others = chunksOf(noise(500, 2))
const [{ root }] = chunks as [Chunk]

type Member = Driven<Uint8Array, NearOptimalMessage, unknown>
type Outcome = Step<NearOptimalMessage, unknown>

const member = (self = 0, n = 6): Member => drive(nearOptimalDispersal({ commitment }), paramsOf(self, n))
const chunkAt = (index: number, of = chunks): Chunk => of[index] as Chunk
const fragmentAt = (index: number, of = chunks) => {
  const { root, fragment } = chunkAt(index, of)
  return { root, fragment }
}
const chunk = (index: number, of = chunks): NearOptimalMessage => ({ type: 'chunk', ...chunkAt(index, of) })
const echo = (from: number, of = chunks): NearOptimalMessage => ({ type: 'echo', ...fragmentAt(from, of) })
const vote = (to = 0, of = chunks): NearOptimalMessage => ({ type: 'vote', ...fragmentAt(to, of) })
const ready = (from: number, of = chunks): NearOptimalMessage => ({ type: 'ready', ...fragmentAt(from, of) })

const NONE: Outcome = step()

/** What the last of these messages, one from each sender, caused. */
const from = (node: Member, senders: readonly number[], message: (sender: number) => NearOptimalMessage) =>
  senders.map(sender => node.message(peer(sender), message(sender))).at(-1) ?? NONE

const types = ({ messages }: Outcome): readonly string[] => messages.map(({ message }) => message.type)
const complete = { type: 'complete', root }
const stored = (shard: Uint8Array) => ({ type: 'stored', root, shard, proof: chunkAt(0).fragment })
const EMPTY = new Uint8Array(0)

/** A member that was given a chunk and has recovered the vector, so that it has voted. */
function voter(): Member {
  const node = member()
  node.message(proposer, chunk(0))
  from(node, [1, 2, 4], echo)
  return node
}

describe('rule 1', () => {
  test('input M: encode; D the hashes of the shards, c = H(D); send CHUNK{c, shard_i, d_i} to each i', () => {
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
  test('first CHUNK from the proposer: broadcast ECHO{c, d_i}', () => {
    expect(member().message(proposer, chunk(0))).toEqual(
      step({ messages: [{ to: 'all', message: echo(0) }] }),
    )
  })

  test('CHUNK only from the proposer', () => {
    expect(member().message(peer(1), chunk(0))).toEqual(
      step({ faults: [{ rule: 'avid/not-the-proposer', peer: peer(1) }] }),
    )
  })

  test('a second CHUNK changes nothing; one with any other byte is a fault', () => {
    const node = member()
    node.message(proposer, chunk(0))
    expect(node.message(proposer, chunk(0))).toEqual(NONE)
    const { root, fragment, shard } = chunkAt(0)
    for (const other of [
      { root: wrong(root), fragment, shard },
      { root, fragment: wrong(fragment), shard },
      { root, fragment, shard: wrong(shard) },
    ]) {
      const answer = node.message(proposer, { type: 'chunk', ...other })
      expect(answer.messages).toEqual([])
      expect(blamed(answer)).toEqual([['avid/conflicting-chunk', 3]])
    }
  })
})

describe('rules 3 and 4', () => {
  const votes = [0, 1, 2, 3, 4, 5].map(to => ({ to, message: vote(to) })).slice(1)

  test('k ECHO(c, d_j), no error: D is recovered and D[i] = H(shard_i): send VOTE{c, d_j} to each j', () => {
    const node = member()
    node.message(proposer, chunk(0))
    // With our own.
    expect(from(node, [1, 2, 2], echo)).toEqual(NONE)
    expect(from(node, [4], echo).messages).toEqual(votes)
    expect(from(node, [5, 3], echo)).toEqual(NONE)
  })

  test('k + 2e ECHO(c, d_j) correct e errors', () => {
    const node = member()
    node.message(proposer, chunk(0))
    const spoilt: NearOptimalMessage = { type: 'echo', root, fragment: wrong(chunkAt(1).fragment) }
    expect(from(node, [1], () => spoilt)).toEqual(NONE)
    expect(from(node, [2, 3, 4], echo)).toEqual(NONE)
    expect(from(node, [5], echo).messages).toEqual(votes)
  })

  test('D[i] ≠ H(shard_i): never vote, and it was the proposer', () => {
    const node = member()
    node.message(proposer, { type: 'chunk', ...chunkAt(0), shard: wrong(chunkAt(0).shard) })
    const answer = from(node, [1, 2, 4], echo)
    expect(answer.messages).toEqual([])
    expect(blamed(answer)).toEqual([['avid/bad-proof', 3]])
    expect(from(node, [5, 3], echo)).toEqual(NONE)
  })

  test('the shard of another member is not ours', () => {
    const node = member()
    node.message(proposer, { type: 'chunk', ...chunkAt(0), shard: chunkAt(1).shard })
    expect(blamed(from(node, [1, 2, 4], echo))).toEqual([['avid/bad-proof', 3]])
  })

  test('a wrong d_i from the proposer keeps nobody from voting, once D is recovered, and is blamed', () => {
    const node = member()
    node.message(proposer, { type: 'chunk', ...chunkAt(0), fragment: wrong(chunkAt(0).fragment) })
    const answer = from(node, [1, 2, 4, 3, 5], echo)
    expect(types(answer)).toEqual(Array(5).fill('vote'))
    expect(blamed(answer)).toEqual([['avid/bad-fragment', 3]])
  })

  test('ECHOs that came before our CHUNK count', () => {
    const node = member()
    expect(from(node, [1, 2, 4, 5], echo)).toEqual(NONE)
    expect(types(node.message(proposer, chunk(0)))).toEqual(['echo', ...Array(5).fill('vote')])
  })

  test('one ECHO per sender: another is a fault; other roots do not mix', () => {
    const node = member()
    node.message(proposer, chunk(0))
    from(node, [1, 2], echo)
    expect(blamed(node.message(peer(2), echo(2, others)))).toEqual([['avid/conflicting-echo', 2]])
    expect(from(node, [4, 5], sender => echo(sender, others))).toEqual(NONE)
    expect(types(from(node, [3], echo))).toEqual(Array(5).fill('vote'))
  })
})

describe('rule 5', () => {
  test('n − f VOTE(c), one per sender: broadcast READY{c, d_i}, once', () => {
    const node = member()
    expect(from(node, [1, 2, 3, 4, 4, 3], () => vote())).toEqual(NONE)
    expect(from(node, [5], () => vote()).messages).toEqual([{ to: 'all', message: ready(0) }])
  })

  test('d_i is what f + 1 votes say: a wrong one among n − f changes nothing', () => {
    const node = member()
    const liar: NearOptimalMessage = { type: 'vote', root, fragment: wrong(chunkAt(0).fragment) }
    from(node, [1], () => liar)
    expect(from(node, [2, 3, 4], () => vote())).toEqual(NONE)
    expect(from(node, [5], () => vote()).messages).toEqual([{ to: 'all', message: ready(0) }])
  })

  test('counts are per root, and a second vote of one sender is a fault', () => {
    const node = member()
    from(node, [1, 2, 3, 4], () => vote())
    expect(blamed(from(node, [4], () => vote(0, others)))).toEqual([['avid/conflicting-vote', 4]])
    expect(from(node, [5], () => vote(0, others))).toEqual(NONE)
  })
})

describe('rule 6', () => {
  test('f + 1 READY(c) and f + 1 equal votes, READY not sent: broadcast READY{c, d_i}', () => {
    const node = member()
    expect(from(node, [1, 1, 2], ready)).toEqual(NONE)
    expect(from(node, [4], () => vote())).toEqual(NONE)
    expect(from(node, [5], () => vote()).messages).toEqual([{ to: 'all', message: ready(0) }])
  })

  test('who has recovered D needs no votes for its READY', () => {
    const node = voter()
    expect(from(node, [1], ready)).toEqual(NONE)
    expect(types(from(node, [2], ready))).toEqual(['ready'])
  })

  test('one READY per sender: another is a fault', () => {
    const node = member()
    from(node, [1], ready)
    expect(blamed(node.message(peer(1), ready(1, others)))).toEqual([['avid/conflicting-ready', 1]])
    const other: NearOptimalMessage = { type: 'ready', root, fragment: wrong(chunkAt(1).fragment) }
    expect(blamed(node.message(peer(1), other))).toEqual([['avid/conflicting-ready', 1]])
  })
})

describe('rules 7 and 8', () => {
  test('2f + 1 READY(c): complete(c); D, recovered before, gives shard and fragment to store', () => {
    const node = voter()
    expect(from(node, [1], ready).outputs).toEqual([])
    // With our own, which rule 6 sends, the second makes three.
    expect(from(node, [2], ready).outputs).toEqual([complete, stored(chunkAt(0).shard)])
    expect(from(node, [3, 4, 5], ready)).toEqual(NONE)
  })

  test('2f + 1, not f + 1: with n = 7, f = 2 three READYs and our own are not enough', () => {
    const seven = chunksOf(payload, 7)
    const node = member(0, 7)
    from(node, [1, 2, 3], () => vote(0, seven))
    expect(from(node, [1, 2, 3], sender => ready(sender, seven)).outputs).toEqual([])
    expect(from(node, [4], sender => ready(sender, seven)).outputs).toEqual([
      { type: 'complete', root: chunkAt(0, seven).root },
      { type: 'stored', root: chunkAt(0, seven).root, shard: EMPTY, proof: chunkAt(0, seven).fragment },
    ])
  })

  test('without an own chunk: D from the READYs, whatever f of them say; the fragment alone is stored', () => {
    const node = member()
    const liar: NearOptimalMessage = { type: 'ready', root, fragment: wrong(chunkAt(1).fragment) }
    from(node, [1], () => liar)
    from(node, [2, 3], ready)
    from(node, [2], () => vote())
    // Ours makes five, of which one is wrong: D takes one more.
    const votes = from(node, [4], () => vote())
    expect(types(votes)).toEqual(['ready'])
    expect(votes.outputs).toEqual([])
    expect(from(node, [4], ready).outputs).toEqual([])
    const last = from(node, [5], ready)
    expect(last.outputs).toEqual([stored(EMPTY)])
    expect(blamed(last)).toEqual([['avid/bad-fragment', 1]])
  })

  test('a shard that D does not prove is not stored, and nobody but the proposer is blamed for it', () => {
    const node = member()
    node.message(proposer, { type: 'chunk', ...chunkAt(0), shard: wrong(chunkAt(0).shard) })
    from(node, [1, 2, 4], echo)
    from(node, [1], ready)
    expect(from(node, [2], ready).outputs).toEqual([complete, stored(EMPTY)])
  })

  test('a shard under another root than the completed one is not stored', () => {
    const node = member()
    node.message(proposer, chunk(0, others))
    from(node, [1, 2], () => vote())
    expect(from(node, [1, 2, 4], ready).outputs).toEqual([stored(EMPTY)])
  })

  test('a vote with a wrong fragment is blamed once D is known', () => {
    const node = voter()
    node.message(peer(5), { type: 'vote', root, fragment: wrong(chunkAt(0).fragment) })
    expect(blamed(from(node, [1, 2], ready))).toEqual([['avid/bad-fragment', 5]])
  })

  test('nobody is blamed for an ECHO of what the proposer gave', () => {
    const node = member()
    node.message(proposer, chunk(0))
    node.message(peer(5), { type: 'echo', root, fragment: wrong(chunkAt(5).fragment) })
    from(node, [1, 2, 3, 4], echo)
    expect(from(node, [1, 2], ready).faults).toEqual([])
  })

  test('nothing is decoded: a root that stands for no payload completes all the same', () => {
    const leaves = Array.from({ length: 6 }, (_, index) => noise(20, index))
    const forged = forgedOf(leaves)
    const node = member()
    node.message(proposer, chunk(0, forged))
    from(node, [1, 2, 4], sender => echo(sender, forged))
    expect(from(node, [1, 2], sender => ready(sender, forged)).outputs).toHaveLength(2)
  })
})

test('availability: a root for which only some correct members have shards does not complete', () => {
  // The sketch of three steps, READY on n − f valid ECHOs, would complete here: all six fragments are right.
  const nodes = new Map([0, 1, 2, 4, 5].map(self => [self, member(self)]))
  const inFlight: { readonly from: PeerIndex; readonly to: number; readonly message: NearOptimalMessage }[] =
    []
  const take = (self: number, { messages }: Outcome) => {
    for (const { to, message } of messages) {
      for (const other of nodes.keys()) {
        if (other !== self && (to === 'all' || to === other))
          inFlight.push({ from: peer(self), to: other, message })
      }
    }
  }
  const outputs: unknown[] = []
  // Only member 0 is given its shard; the proposer itself echoes, votes and sends READY to everybody.
  for (const [self, node] of nodes) {
    const shard = self === 0 ? chunkAt(0).shard : wrong(chunkAt(self).shard)
    take(self, node.message(proposer, { type: 'chunk', ...chunkAt(self), shard }))
    inFlight.push({ from: proposer, to: self, message: echo(3) })
    inFlight.push({ from: proposer, to: self, message: vote(self) })
    inFlight.push({ from: proposer, to: self, message: ready(3) })
  }
  for (let next = inFlight.shift(); next !== undefined; next = inFlight.shift()) {
    const result = (nodes.get(next.to) as Member).message(next.from, next.message)
    outputs.push(...result.outputs)
    take(next.to, result)
  }
  expect(outputs).toEqual([])
})
