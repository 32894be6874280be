import { merkleCommitment } from '@mc/avid'
import { nodeCrypto } from '@mc/crypto/node'
import { committee, drive, peer } from '@mc/protocol'
import { fromHex, hex } from '@mc/protocol/wire'
import { type CtMessage, ctRbc } from '@mc/rbc'
import { fifo, type Schedule, simulate, starve } from '@mc/sim'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto
const payloadBytesMax = 4_096
const payload = new Uint8Array(4_000).fill(7)
const coding = merkleCommitment({ sha256, payloadBytesMax }).among({ n: 4, f: 1 })
const plan = coding.encode(payload)
const { root } = plan

const echo = (index: number): CtMessage => ({ type: 'echo', ...plan.shardOf(index) })
const echohash: CtMessage = { type: 'echohash', root }
const candecode: CtMessage = { type: 'candecode', root }
const ready: CtMessage = { type: 'ready', root }

/** Member 0 of four; member 3 broadcasts. */
const member = (self = 0, spareEchoes = true) =>
  drive(ctRbc({ sha256, payloadBytesMax, spareEchoes }), {
    committee: committee({ n: 4, self }),
    proposer: peer(3),
  })

function bytesOf(n: number, spareEchoes: boolean, schedule: Schedule<unknown, unknown>): number {
  const { cost, violations, outputs } = simulate({
    seed: 1,
    n,
    protocol: () => ctRbc({ sha256, payloadBytesMax, spareEchoes }),
    params: seen => ({ committee: seen, proposer: peer(0) }),
    inputs: index => (index === 0 ? payload : undefined),
    schedule,
    encoded: true,
  })
  expect(violations).toEqual([])
  expect(outputs.flat()).toEqual(Array.from({ length: n }, () => payload))
  return cost.bytes
}

describe('surplus echoes spared', () => {
  test('S1: with k valid ECHOs CANDECODE goes to everybody whose ECHO has not come, once', () => {
    const node = member()
    expect(node.message(peer(1), echo(1)).messages).toEqual([])
    expect(node.message(peer(2), echo(2)).messages).toEqual([{ to: 3, message: candecode }])
    expect(node.message(peer(3), echo(3)).messages).toEqual([{ to: 'all', message: ready }])
  })

  test('S1: the proposer says so before it sends a shard', () => {
    const { messages } = member(3).input(payload)
    expect(messages.slice(0, 3)).toEqual([0, 1, 2].map(to => ({ to, message: candecode })))
  })

  test('S2: whoever can decode is told that our shard is right, and not sent it', () => {
    const node = member()
    node.message(peer(3), candecode)
    const { messages } = node.message(peer(3), { type: 'val', ...plan.shardOf(0) })
    expect(messages).toEqual([
      { to: 1, message: echo(0) },
      { to: 2, message: echo(0) },
      { to: 3, message: echohash },
    ])
  })

  test('S2: who says it of another root is sent the shard', () => {
    const node = member()
    node.message(peer(3), { type: 'candecode', root: new Uint8Array(32) })
    const { messages } = node.message(peer(3), { type: 'val', ...plan.shardOf(0) })
    expect(messages).toEqual([{ to: 'all', message: echo(0) }])
    const mixed = member()
    mixed.message(peer(1), { type: 'candecode', root: new Uint8Array(32) })
    mixed.message(peer(2), candecode)
    expect(mixed.message(peer(3), { type: 'val', ...plan.shardOf(0) }).messages).toEqual([
      { to: 1, message: echo(0) },
      { to: 2, message: echohash },
      { to: 3, message: echo(0) },
    ])
  })

  test('S3: an ECHOHASH counts towards n − f and brings no shard', () => {
    const node = member()
    node.message(peer(1), echo(1))
    node.message(peer(3), echohash)
    expect(node.message(peer(2), echohash).messages).toEqual([])
    const other = member()
    other.message(peer(1), echo(1))
    other.message(peer(3), echohash)
    expect(other.message(peer(2), echo(2)).messages).toEqual([{ to: 'all', message: ready }])
  })

  test('S3: READYs alone do not deliver without k shards', () => {
    const node = member()
    for (const from of [1, 2, 3]) node.message(peer(from), echohash)
    for (const from of [1, 2, 3]) expect(node.message(peer(from), ready).outputs).toEqual([])
  })

  test('a member has one ECHO, of one kind or the other, and one root that it can decode', () => {
    const node = member()
    const otherRoot = new Uint8Array(32)
    node.message(peer(1), echohash)
    expect(node.message(peer(1), echo(1)).faults).toEqual([])
    expect(node.message(peer(1), { type: 'echohash', root: otherRoot }).faults).toMatchObject([
      { rule: 'rbc/conflicting-echo', peer: 1 },
    ])
    node.message(peer(1), candecode)
    expect(node.message(peer(1), candecode).faults).toEqual([])
    expect(node.message(peer(1), { type: 'candecode', root: otherRoot }).faults).toMatchObject([
      { rule: 'rbc/conflicting-candecode', peer: 1 },
    ])
  })

  test('it saves the proposer’s shards where all echo at once, and more where some come late', () => {
    const saved = (n: number, schedule: () => Schedule<unknown, unknown>) =>
      bytesOf(n, false, schedule()) - bytesOf(n, true, schedule())
    const shard = 4_004 / 2
    expect(saved(4, fifo)).toBeGreaterThan(3 * shard - 2_000)
    expect(saved(4, () => starve(3))).toBeGreaterThan(saved(4, fifo))
  })

  test('wire: the kinds are there only with the option, which is part of the descriptor', () => {
    const spared = ctRbc({ sha256, payloadBytesMax, spareEchoes: true })
    const plain = ctRbc({ sha256, payloadBytesMax })
    const bytes = `03${hex(root)}`
    expect(hex(spared.codec({ n: 4 }).encode(candecode))).toBe(bytes)
    expect(hex(spared.codec({ n: 4 }).encode(echohash))).toBe(`04${hex(root)}`)
    expect(spared.codec({ n: 4 }).decode(fromHex(bytes))).toEqual(candecode)
    expect(() => plain.codec({ n: 4 }).decode(fromHex(bytes))).toThrow('unknown kind 3')
    expect(spared.parameters).toEqual({ payloadBytesMax, spareEchoes: true })
    expect(plain.parameters).toEqual({ payloadBytesMax })
  })

  test('another commitment must have the same cap', () => {
    const commitment = merkleCommitment({ sha256, payloadBytesMax: 8 })
    expect(() => ctRbc({ sha256, payloadBytesMax, commitment })).toThrow(RangeError)
    expect(ctRbc({ sha256, payloadBytesMax: 8, commitment }).parts).toEqual({ commitment })
  })
})
