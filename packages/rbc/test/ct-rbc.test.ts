import { type CommittedShard, merkleCommitment } from '@mc/avid'
import { merkleTree } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { committee, type Driven, drive, faultsTolerated, type Outgoing, peer, type Step } from '@mc/protocol'
import { BAD, type CtMessage, ctRbc, type Delivery } from '@mc/rbc'
import { describe, expect, test } from 'vitest'
import { commitTo, garbageBlock, type Plan, wrongHeaderBlock } from './forged-commitment.js'

const { sha256 } = nodeCrypto
const payloadBytesMax = 64
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

type Node = Driven<Uint8Array, CtMessage, Delivery>
type CtStep = Step<CtMessage, Delivery>

/** Member 0 of n, in the broadcast of the last member unless said otherwise. */
const member = ({
  n = 4,
  proposer = n - 1,
  hash = sha256,
}: {
  readonly n?: number
  readonly proposer?: number
  readonly hash?: typeof sha256
} = {}): Node =>
  drive(ctRbc({ sha256: hash, payloadBytesMax }), {
    committee: committee({ n, self: 0 }),
    proposer: peer(proposer),
  })

/** What the proposer of a payload would send. */
function dispersal(payload: string, n = 4): Plan {
  const coding = merkleCommitment({ sha256, payloadBytesMax }).among({ n, f: faultsTolerated(n) })
  const encoded = coding.encode(bytes(payload))
  return { root: encoded.root, shardOf: index => encoded.shardOf(index) }
}

const val = (shard: CommittedShard): CtMessage => ({ type: 'val', ...shard })
const echo = (shard: CommittedShard): CtMessage => ({ type: 'echo', ...shard })
const ready = ({ root }: { readonly root: Uint8Array }): CtMessage => ({ type: 'ready', root })
const say = (node: Node, from: number, message: CtMessage): CtStep => node.message(peer(from), message)
const echoes = (node: Node, plan: Plan, ...from: number[]): CtStep =>
  from.map(index => say(node, index, echo(plan.shardOf(index)))).at(-1) as CtStep
const readies = (node: Node, plan: { readonly root: Uint8Array }, ...from: number[]): CtStep =>
  from.map(index => say(node, index, ready(plan))).at(-1) as CtStep
const toAll = (message: CtMessage): Outgoing<CtMessage>[] => [{ to: 'all', message }]
const rules = (step: CtStep): [string, number | undefined][] =>
  step.faults.map(fault => [fault.rule, fault.peer])
const QUIET = { messages: [], outputs: [], faults: [] }

/** All sets of k = 3 of 7 members. */
function* threeOfSeven(): Generator<[number, number, number]> {
  for (let first = 0; first < 7; first += 1) {
    for (let second = 0; second < first; second += 1) {
      for (let third = 0; third < second; third += 1) yield [first, second, third]
    }
  }
}

/** SHA-256 that counts. */
function counting(): { readonly hash: typeof sha256; count: number } {
  const counter = {
    count: 0,
    hash: (...parts: Uint8Array[]): Uint8Array => {
      counter.count += 1
      return sha256(...parts)
    },
  }
  return counter
}

describe('agreement.md 5.2: CT-RBC', () => {
  test('1: upon input M the proposer sends VAL(root, shard_i, proof_i) to each member i', () => {
    const m = dispersal('m')
    const step = member({ proposer: 0 }).input(bytes('m'))
    expect(step.messages).toEqual([
      ...[1, 2, 3].map(to => ({ to, message: val(m.shardOf(to)) })),
      ...toAll(echo(m.shardOf(0))),
    ])
  })

  test('1: only the proposer gives input, once, and at most payloadBytesMax bytes', () => {
    expect(() => member().input(bytes('m'))).toThrow('rbc: member 0 is not the proposer (proposer 3)')
    const proposer = member({ proposer: 0 })
    expect(() => proposer.input(new Uint8Array(65))).toThrow('rbc: need at most 64 bytes, got 65')
    proposer.input(new Uint8Array(64))
    expect(() => proposer.input(bytes('m'))).toThrow('rbc: proposer 0 has given its payload already')
  })

  test('2: upon the first VAL with our shard: broadcast ECHO with it', () => {
    const m = dispersal('m')
    expect(say(member(), 3, val(m.shardOf(0)))).toEqual({ ...QUIET, messages: toAll(echo(m.shardOf(0))) })
  })

  test('2: a VAL from anybody but the proposer is a fault and is not echoed', () => {
    const step = say(member(), 1, val(dispersal('m').shardOf(0)))
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/not-the-proposer', 1]])
  })

  test('2: a VAL with the shard of another index is a fault and is not echoed', () => {
    const step = say(member(), 3, val(dispersal('m').shardOf(1)))
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/bad-proof', 3]])
  })

  test('2: a second VAL is not echoed: under the same root it is silent, under another one a fault', () => {
    const node = member()
    const [m, x] = [dispersal('m'), dispersal('x')]
    say(node, 3, val(m.shardOf(0)))
    expect(say(node, 3, val(m.shardOf(0)))).toEqual(QUIET)
    const step = say(node, 3, val(x.shardOf(0)))
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/conflicting-val', 3]])
  })

  test('3: upon n − f valid ECHO(root): broadcast READY(root), not before', () => {
    const node = member()
    const m = dispersal('m')
    expect(echoes(node, m, 1, 2).messages).toEqual([])
    expect(echoes(node, m, 3).messages).toEqual(toAll(ready(m)))
  })

  test('3: n − f, not 2f + 1: with n = 6, f = 1 four ECHOs are not enough', () => {
    const node = member({ n: 6 })
    const m = dispersal('m', 6)
    expect(echoes(node, m, 1, 2, 3, 4).messages).toEqual([])
    expect(echoes(node, m, 5).messages).toEqual(toAll(ready(m)))
  })

  test('3: counts are per root: ECHOs of mixed roots do not add up', () => {
    const node = member({ n: 7 })
    const [m, x] = [dispersal('m', 7), dispersal('x', 7)]
    echoes(node, m, 1, 2, 3)
    expect(echoes(node, x, 4, 5, 6)).toEqual(QUIET)
    expect(echoes(node, m, 0)).toEqual(QUIET)
  })

  test('3: a swapped shard does not fit its proof: a fault, and it counts for nothing', () => {
    const node = member()
    const m = dispersal('m')
    echoes(node, m, 1, 2)
    const shard = Uint8Array.from(m.shardOf(3).shard, byte => byte ^ 1)
    const step = say(node, 3, echo({ ...m.shardOf(3), shard }))
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/bad-proof', 3]])
  })

  test('3: the shard of another member does not count for the one that sent it', () => {
    const node = member()
    const m = dispersal('m')
    echoes(node, m, 1, 2)
    const step = say(node, 3, echo(m.shardOf(1)))
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/bad-proof', 3]])
  })

  test('3: one ECHO per member: a repeated one counts once, one under another root is a fault', () => {
    const node = member()
    const [m, x] = [dispersal('m'), dispersal('x')]
    expect(echoes(node, m, 1, 1, 1)).toEqual(QUIET)
    expect(rules(echoes(node, x, 1))).toEqual([['rbc/conflicting-echo', 1]])
    expect(echoes(node, x, 2, 3).messages).toEqual([])
  })

  test('3: a member that the proposer skipped still sends READY and delivers', () => {
    const node = member()
    const m = dispersal('m')
    expect(echoes(node, m, 1, 2, 3).messages).toEqual(toAll(ready(m)))
    expect(readies(node, m, 1, 2).outputs).toEqual([bytes('m')])
  })

  test('3: shards that are no codeword: no READY by this rule, and the proposer is to blame', () => {
    const node = member()
    const junk = commitTo(garbageBlock(4))
    const step = echoes(node, junk, 1, 2, 3)
    expect(step.messages).toEqual([])
    expect(rules(step)).toEqual([['rbc/bad-encoding', 3]])
    expect(echoes(node, junk, 0)).toEqual(QUIET)
  })

  test('3: a length header that does not fit the block: the same', () => {
    for (const length of [0, 9, 0xffff_ffff]) {
      const step = echoes(member(), commitTo(wrongHeaderBlock(4, length)), 1, 2, 3)
      expect(step.messages).toEqual([])
      expect(rules(step)).toEqual([['rbc/bad-encoding', 3]])
    }
  })

  test('3: leaves of different lengths: the same, whichever of them are here', () => {
    const plan = commitTo([1, 1, 1, 2].map(length => new Uint8Array(length)))
    for (const from of [
      [0, 1, 2],
      [1, 2, 3],
      [0, 2, 3],
    ]) {
      expect(rules(echoes(member(), plan, ...from))).toEqual([['rbc/bad-encoding', 3]])
    }
  })

  test('4: upon f + 1 READY(root), even without a single ECHO: broadcast READY(root)', () => {
    const node = member()
    const m = dispersal('m')
    expect(readies(node, m, 1).messages).toEqual([])
    expect(readies(node, m, 2).messages).toEqual(toAll(ready(m)))
  })

  test('4: READY is sent once, whichever rule came first', () => {
    const node = member({ n: 7 })
    const [m, x] = [dispersal('m', 7), dispersal('x', 7)]
    readies(node, m, 1, 2, 3)
    expect(readies(node, x, 4, 5, 6).messages).toEqual([])
    expect(echoes(node, m, 1, 2, 3, 4, 5).messages).toEqual([])
  })

  test('4: one READY per member: a repeated one counts once, another one is a fault', () => {
    const node = member()
    const [m, x] = [dispersal('m'), dispersal('x')]
    expect(readies(node, m, 1, 1, 1).messages).toEqual([])
    expect(rules(readies(node, x, 1))).toEqual([['rbc/conflicting-ready', 1]])
    expect(readies(node, x, 2).messages).toEqual([])
  })

  test('5: upon 2f + 1 READY(root) and k valid ECHO(root): decode and deliver M, once', () => {
    const node = member()
    const m = dispersal('m')
    expect(readies(node, m, 1, 2, 3).outputs).toEqual([])
    expect(echoes(node, m, 1).outputs).toEqual([])
    expect(echoes(node, m, 3).outputs).toEqual([bytes('m')])
    expect(echoes(node, m, 2)).toEqual(QUIET)
  })

  test('5: 2f + 1, not n − f: with n = 6, f = 1 three READYs deliver', () => {
    const node = member({ n: 6 })
    const m = dispersal('m', 6)
    echoes(node, m, 1, 2, 3, 4)
    expect(readies(node, m, 1, 2).outputs).toEqual([bytes('m')])
  })

  test('5: any k shards give the same payload', () => {
    const m = dispersal('a payload', 7)
    for (const from of threeOfSeven()) {
      const node = member({ n: 7 })
      readies(node, m, 1, 2, 3, 4, 5)
      expect(echoes(node, m, ...from).outputs).toEqual([bytes('a payload')])
    }
  })

  test('5: trailing zeros of a payload are kept, and an empty payload is a payload', () => {
    for (const payload of ['', 'm\0\0\0\0\0', '\0']) {
      const node = member()
      const plan = dispersal(payload)
      readies(node, plan, 1, 2, 3)
      expect(echoes(node, plan, 1, 2).outputs).toEqual([bytes(payload)])
    }
  })

  test('5: what commits to no payload is delivered as BAD, from whichever k of 7 shards', () => {
    const unequal = [1, 1, 1, 1, 1, 1, 2].map(length => new Uint8Array(length))
    for (const leaves of [garbageBlock(7), wrongHeaderBlock(7, 9), unequal]) {
      const plan = commitTo(leaves)
      for (const from of threeOfSeven()) {
        const node = member({ n: 7 })
        readies(node, plan, 1, 2, 3, 4, 5)
        const step = echoes(node, plan, ...from)
        expect(step.outputs).toEqual([BAD])
        expect(rules(step)).toEqual([['rbc/bad-encoding', 6]])
      }
    }
  })

  test('5: a payload over the cap is BAD, though its shards fit the codec', () => {
    // 7 members with f = 1 have 5 data shards, but the codec allows for 3.
    const node = drive(ctRbc({ sha256, payloadBytesMax }), {
      committee: committee({ n: 7, f: 1, self: 0 }),
      proposer: peer(6),
    })
    const coding = merkleCommitment({ sha256, payloadBytesMax: 66 }).among({ n: 7, f: 1 })
    const encoded = coding.encode(new Uint8Array(66))
    const plan = { root: encoded.root, shardOf: (index: number) => encoded.shardOf(index) }
    readies(node, plan, 1, 2, 3)
    expect(echoes(node, plan, 1, 2, 3, 4, 5).outputs).toEqual([BAD])
  })

  test('5: late words after delivery are harmless and cost nothing; a late VAL is still echoed', () => {
    const counter = counting()
    const node = member({ hash: counter.hash })
    const m = dispersal('m')
    echoes(node, m, 1, 2)
    expect(readies(node, m, 1, 2).outputs).toEqual([bytes('m')])
    const before = counter.count
    expect(echoes(node, m, 3)).toEqual(QUIET)
    expect(readies(node, m, 3)).toEqual(QUIET)
    expect(counter.count).toBe(before)
    expect(say(node, 3, val(m.shardOf(0)))).toEqual({ ...QUIET, messages: toAll(echo(m.shardOf(0))) })
  })

  test('the proposer does not decode what it encoded: READYs alone make it deliver', () => {
    const node = member({ proposer: 0 })
    const m = dispersal('m')
    node.input(bytes('m'))
    expect(readies(node, m, 1, 2).outputs).toEqual([bytes('m')])
  })

  test('junk costs one proof: a second VAL or ECHO of a peer is never hashed, whatever became of the first', () => {
    const counter = counting()
    const node = member({ hash: counter.hash })
    const m = dispersal('m')
    const junk = { ...m.shardOf(1), shard: Uint8Array.of(9) }
    say(node, 1, echo(junk))
    say(node, 3, val(junk))
    const before = counter.count
    for (let at = 0; at < 10; at += 1) {
      expect(say(node, 1, echo(junk)).faults).toEqual([])
      say(node, 1, echo({ ...junk, root: sha256(Uint8Array.of(at)) }))
      expect(say(node, 1, echo(m.shardOf(1)))).toEqual(QUIET)
      expect(say(node, 3, val(m.shardOf(0)))).toEqual(QUIET)
    }
    expect(counter.count).toBe(before)
  })

  test('a VAL costs one proof: our own ECHO of it is not verified again', () => {
    const counter = counting()
    const node = member({ hash: counter.hash })
    const m = dispersal('m')
    say(node, 3, val(m.shardOf(0)))
    // One leaf and two inner nodes among four members.
    expect(counter.count).toBe(3)
    expect(echoes(node, m, 1, 2).messages).toEqual(toAll(ready(m)))
  })

  test('our own shard in the ECHO of another member is verified like any other', () => {
    const node = member()
    const own = dispersal('m').shardOf(0)
    say(node, 3, val(own))
    expect(rules(say(node, 1, echo(own)))).toEqual([['rbc/bad-proof', 1]])
  })

  test('once READY is out and the root decoded, ECHOs are counted without hashing', () => {
    const counter = counting()
    const node = member({ n: 7, hash: counter.hash })
    const m = dispersal('m', 7)
    echoes(node, m, 1, 2, 3, 4, 5)
    const before = counter.count
    expect(echoes(node, m, 6, 0)).toEqual(QUIET)
    expect(counter.count).toBe(before)
  })

  test('a root is decoded and encoded again once, not once per rule', () => {
    const counter = counting()
    const node = member({ hash: counter.hash })
    const m = dispersal('m')
    echoes(node, m, 1, 2, 3)
    const before = counter.count
    expect(readies(node, m, 1, 2).outputs).toEqual([bytes('m')])
    expect(counter.count).toBe(before)
  })

  test('a committee of one delivers to itself', () => {
    expect(member({ n: 1 }).input(bytes('m')).outputs).toEqual([bytes('m')])
  })

  test('payloadBytesMax must be an integer in 0 … 2^31 − 1', () => {
    for (const cap of [-1, 0.5, Number.NaN, 2 ** 31]) {
      expect(() => ctRbc({ sha256, payloadBytesMax: cap })).toThrow(RangeError)
    }
  })

  test('the suite fingerprint shows the commitment', () => {
    const { parts } = ctRbc({ sha256 })
    expect(parts['commitment']?.name).toBe('commitment/merkle')
    expect(merkleTree([Uint8Array.of(1)], sha256).count).toBe(1)
  })
})
