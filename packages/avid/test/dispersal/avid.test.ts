import { type AvidMessage, avidDispersal, type CommittedShard, erasureCode } from '@mc/avid'
import { type Driven, drive, type PeerIndex, peer } from '@mc/protocol'
import { describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { blamed, commitment, forgedShards, paramsOf, proposer, shardsOf, spoilt, step } from '../parties.js'

// Among six: f = 1, k = 4, f + 1 = 2, 2f + 1 = 3, n − f = 5, so that no two thresholds are the same.
const payload = noise(500, 1)
const shards = shardsOf(payload)
const others = shardsOf(noise(500, 2))
const [{ root }] = shards as [CommittedShard]

type Member = Driven<Uint8Array, AvidMessage, unknown>

const member = (self: number, n = 6): Member => drive(avidDispersal({ commitment }), paramsOf(self, n))
const shardAt = (index: number, of = shards): CommittedShard => of[index] as CommittedShard
const val = (index: number, of = shards): AvidMessage => ({ type: 'val', ...shardAt(index, of) })
const echo = (index: number, of = shards): AvidMessage => ({ type: 'echo', ...shardAt(index, of) })
const ready = (of = shards): AvidMessage => ({ type: 'ready', root: shardAt(0, of).root })
const echoes = (node: Member, from: readonly number[], of = shards) =>
  from.map(index => node.message(peer(index), echo(index, of))).at(-1)
const readies = (node: Member, from: readonly number[], of = shards) =>
  from.map(index => node.message(peer(index), ready(of))).at(-1)
const stored = (index: number, of = shards) => ({ type: 'stored', ...shardAt(index, of) })
const complete = { type: 'complete', root }

describe('rule 1', () => {
  test('input M at the proposer: encode; send VAL(root, shard_i, proof_i) to each node i', () => {
    const { messages } = member(3).input(payload)
    const vals = messages.filter(({ message }) => message.type === 'val')
    expect(vals).toEqual([0, 1, 2, 4, 5].map(index => ({ to: index, message: val(index) })))
    expect(messages.filter(({ message }) => message.type === 'echo')).toEqual([
      { to: 'all', message: echo(3) },
    ])
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
  test('first valid VAL: broadcast ECHO with the own shard', () => {
    expect(member(0).message(proposer, val(0))).toEqual(step({ messages: [{ to: 'all', message: echo(0) }] }))
  })

  test('VAL only from the proposer', () => {
    const node = member(0)
    const answer = node.message(peer(1), val(0))
    expect(answer.messages).toEqual([])
    expect(blamed(answer)).toEqual([['avid/not-the-proposer', 1]])
    expect(node.message(proposer, val(0)).messages).toHaveLength(1)
  })

  test('VAL only with a proof for our own index', () => {
    for (const wrong of [val(1), { type: 'val', ...spoilt(shardAt(0)) } as const]) {
      const answer = member(0).message(proposer, wrong)
      expect(answer.messages).toEqual([])
      expect(blamed(answer)).toEqual([['avid/bad-proof', 3]])
    }
  })

  test('a second VAL changes nothing; one with another root is a fault', () => {
    const node = member(0)
    node.message(proposer, val(0))
    expect(node.message(proposer, val(0))).toEqual(step())
    const conflict = node.message(proposer, val(0, others))
    expect(conflict.messages).toEqual([])
    expect(blamed(conflict)).toEqual([['avid/conflicting-val', 3]])
  })
})

describe('rule 3', () => {
  test('n − f valid ECHO(root) from distinct senders: broadcast READY(root); one fewer does not', () => {
    const node = member(0)
    expect(echoes(node, [1, 2, 3, 4])?.messages).toEqual([])
    expect(echoes(node, [4, 2, 1])?.messages).toEqual([])
    expect(echoes(node, [5])?.messages).toEqual([{ to: 'all', message: ready() }])
  })

  test('it does not depend on rule 2: a node that the proposer skipped sends READY as well', () => {
    const node = member(0)
    expect(echoes(node, [1, 2, 3, 4, 5])?.messages).toEqual([{ to: 'all', message: ready() }])
  })

  test('counts are per root', () => {
    const node = member(0)
    expect(echoes(node, [1, 2, 3])?.messages).toEqual([])
    expect(echoes(node, [4, 5], others)?.messages).toEqual([])
    node.message(proposer, val(0))
    expect(readies(node, [1])?.messages).toEqual([])
  })

  test('ECHO with proof index = index of its sender', () => {
    const node = member(0)
    echoes(node, [1, 2, 3, 4])
    const answer = node.message(peer(5), echo(4))
    expect(answer.messages).toEqual([])
    expect(blamed(answer)).toEqual([['avid/bad-proof', 5]])
  })

  test('one root per sender: a second is a fault and does not count, nor does it cost a hash', () => {
    const node = member(0)
    echoes(node, [1, 2, 3, 4])
    const conflict = node.message(peer(4), echo(4, others))
    expect(blamed(conflict)).toEqual([['avid/conflicting-echo', 4]])
    expect(conflict.faults[0]?.detail).toMatch(/^root [0-9a-f]{8}, earlier [0-9a-f]{8}$/)
    expect(node.message(peer(4), { type: 'echo', ...spoilt(shardAt(4, others)) }).faults[0]?.rule).toBe(
      'avid/conflicting-echo',
    )
  })

  test('root′ ≠ root: mark this root bad, never READY it by this rule, and blame the proposer once', () => {
    const leaves = shards.map(({ shard }) => shard)
    leaves[2] = spoilt(shardAt(2)).shard
    const bad = forgedShards(leaves)
    const node = member(0)
    expect(echoes(node, [1, 2, 3, 4], bad)).toEqual(step())
    const fifth = echoes(node, [5], bad)
    expect(fifth?.messages).toEqual([])
    expect(blamed(fifth ?? step())).toEqual([['avid/inconsistent-encoding', 3]])
    const own = node.message(proposer, val(0, bad))
    expect(own.messages).toEqual([{ to: 'all', message: echo(0, bad) }])
    expect(own.faults).toEqual([])
  })

  test('a header that does not fit is bad, too: a giant length is believed by nobody', () => {
    const block = new Uint8Array(4 * 126)
    new DataView(block.buffer).setUint32(0, 2 ** 31)
    const bad = forgedShards(erasureCode({ n: 6, k: 4 }).encode(block))
    const last = echoes(member(0), [1, 2, 3, 4, 5], bad)
    expect(blamed(last ?? step())).toEqual([['avid/inconsistent-encoding', 3]])
  })
})

describe('rule 4', () => {
  test('f + 1 READY(root), not readySent: broadcast READY(root), even without a single ECHO', () => {
    const node = member(0)
    expect(readies(node, [1])).toEqual(step())
    expect(readies(node, [1])).toEqual(step())
    expect(readies(node, [2])?.messages).toEqual([{ to: 'all', message: ready() }])
  })

  test('READY is sent once, by whichever rule is first', () => {
    const node = member(0)
    echoes(node, [1, 2, 3, 4, 5])
    expect(readies(node, [1, 2])?.messages).toEqual([])
  })

  test('one root per sender: a second READY is a fault', () => {
    const node = member(0)
    readies(node, [1])
    expect(blamed(readies(node, [1], others) ?? step())).toEqual([['avid/conflicting-ready', 1]])
    expect(readies(node, [2], others)).toEqual(step())
  })
})

describe('rule 5', () => {
  test('2f + 1 READY(root): complete(root); store root and own shard', () => {
    const node = member(0)
    node.message(proposer, val(0))
    expect(readies(node, [1])?.outputs).toEqual([])
    // With our own, which rule 4 sends, the second makes three.
    expect(readies(node, [2])?.outputs).toEqual([complete, stored(0)])
  })

  test('2f + 1, not f + 1: with n = 7, f = 2 three READYs and our own are not enough', () => {
    const node = member(0, 7)
    expect(readies(node, [1, 2, 3])?.outputs).toEqual([])
    expect(readies(node, [4])?.outputs).toEqual([complete])
  })

  test('it completes once; what comes later is ignored', () => {
    const node = member(0)
    node.message(proposer, val(0))
    readies(node, [1, 2])
    expect(readies(node, [3])).toEqual(step())
    expect(echoes(node, [1, 2, 3, 4, 5])).toEqual(step())
  })

  test('nor does it complete twice while it waits for its shard', () => {
    const node = member(0)
    expect(readies(node, [1, 2])?.outputs).toEqual([complete])
    expect(readies(node, [3, 4, 5])).toEqual(step())
  })

  test('a node that never received its own shard stores the root only, until k ECHOs make it anew', () => {
    const node = member(0)
    expect(readies(node, [1, 2])?.outputs).toEqual([complete])
    expect(echoes(node, [1, 2, 3])?.outputs).toEqual([])
    expect(echoes(node, [5])?.outputs).toEqual([stored(0)])
  })

  test('so does a node whose own shard is of another root', () => {
    const node = member(0)
    node.message(proposer, val(0, others))
    expect(readies(node, [1, 2])?.outputs).toEqual([complete])
    expect(echoes(node, [1, 2, 4, 5])?.outputs).toEqual([stored(0)])
  })

  test('a late VAL serves as well', () => {
    const node = member(0)
    readies(node, [1, 2])
    expect(node.message(proposer, val(0)).outputs).toEqual([stored(0)])
  })

  test('what is stored keeps neither frames nor blocks alive', () => {
    const node = member(0)
    node.message(proposer, val(0))
    const output = readies(node, [1, 2])?.outputs.at(-1) as CommittedShard
    for (const bytes of [output.root, output.shard, output.proof]) {
      expect(bytes.byteLength).toBe(bytes.buffer.byteLength)
    }
  })
})

test('the proposer never decodes what it encoded itself', () => {
  let decoded = 0
  const counting = {
    ...commitment,
    among: (size: Parameters<typeof commitment.among>[0]) => {
      const coding = commitment.among(size)
      return {
        n: coding.n,
        k: coding.k,
        encode: coding.encode.bind(coding),
        verifyShard: coding.verifyShard.bind(coding),
        under: coding.under.bind(coding),
        decode: (...args: Parameters<typeof coding.decode>) => {
          decoded += 1
          return coding.decode(...args)
        },
      }
    },
  }
  const node = drive(avidDispersal({ commitment: counting }), paramsOf(3))
  node.input(payload)
  expect(echoes(node, [1, 2, 4, 5])?.messages).toEqual([{ to: 'all', message: ready() }])
  expect(decoded).toBe(0)
  const other = drive(avidDispersal({ commitment: counting }), paramsOf(0))
  echoes(other, [1, 2, 3, 4, 5])
  expect(decoded).toBe(1)
})

test('whatever one peer sends, it costs one proof: the first message of a kind takes the place', () => {
  let verified = 0
  const counting = {
    ...commitment,
    among: (size: Parameters<typeof commitment.among>[0]) => {
      const coding = commitment.among(size)
      return {
        n: coding.n,
        k: coding.k,
        encode: coding.encode.bind(coding),
        decode: coding.decode.bind(coding),
        under: coding.under.bind(coding),
        verifyShard: (index: number, shard: CommittedShard) => {
          verified += 1
          return coding.verifyShard(index, shard)
        },
      }
    },
  }
  const node = drive(avidDispersal({ commitment: counting }), paramsOf(0))
  for (let seed = 0; seed < 100; seed += 1) {
    const forged = forgedShards(Array.from({ length: 6 }, (_, index) => noise(126, seed * 6 + index)))
    for (const from of [3, 4] as PeerIndex[]) {
      node.message(from, { type: 'val', ...spoilt(forged[0] as CommittedShard) })
      node.message(from, { type: 'echo', ...spoilt(forged[from] as CommittedShard) })
    }
  }
  expect(verified).toBe(3)
})
