import { BAD, type CommittedShard, ShardCollector } from '@mc/avid'
import { committee, peer } from '@mc/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { noise } from '../bytes.js'
import { commitment, forgedShards, shardsOf, spoilt } from '../parties.js'

// Among six: k = 4.
const coding = commitment.among(committee({ n: 6, self: 0 }))
const payload = noise(500, 1)
const shards = shardsOf(payload)
const others = shardsOf(noise(500, 2))
const at = (index: number, of = shards): CommittedShard => of[index] as CommittedShard
const { root } = at(0)

describe('the shards of one dispersal', () => {
  let collector: ShardCollector

  beforeEach(() => {
    collector = new ShardCollector(coding)
  })

  const add = (index: number, of = shards) => collector.add(peer(index), at(index, of))

  test('each member’s own is counted, under its root', () => {
    expect([add(0), add(1), add(2, others)]).toEqual(['added', 'added', 'added'])
    expect([collector.count(root), collector.count(at(0, others).root)]).toEqual([2, 1])
  })

  test('the first message of a member takes its place', () => {
    expect([add(0), add(0), add(0, others)]).toEqual(['added', 'duplicate', 'conflict'])
    expect(collector.add(peer(1), spoilt(at(1)))).toBe('invalid')
    expect([add(1), add(1, others)]).toEqual(['duplicate', 'conflict'])
    expect(collector.count(root)).toBe(1)
  })

  test('another member’s shard is not proven', () => {
    expect(collector.add(peer(1), at(0))).toBe('invalid')
  })

  test('k of them decode; those under other roots are left out', () => {
    for (const index of [0, 2, 3]) add(index)
    add(1, others)
    expect(() => collector.decode(root)).toThrow(RangeError)
    add(5)
    expect(collector.decode(root)).toMatchObject({ payload })
  })

  test('a root is decoded once, and BAD stays BAD', () => {
    const leaves = shards.map(({ shard }) => shard)
    leaves[0] = spoilt(at(0)).shard
    const bad = forgedShards(leaves)
    for (const index of [0, 2, 3, 5]) add(index, bad)
    expect(collector.decode(at(0, bad).root)).toBe(BAD)
    add(4, bad)
    expect(collector.decode(at(0, bad).root)).toBe(BAD)
    const good = new ShardCollector(coding)
    for (const index of [0, 1, 2, 3]) good.add(peer(index), at(index))
    expect(good.decode(root)).toBe(good.decode(root))
  })

  test('what we encoded ourselves needs no shards', () => {
    const encoded = coding.encode(payload)
    collector.remember(encoded)
    expect(collector.decode(root)).toBe(encoded)
  })

  test('after release it counts and keeps nothing', () => {
    for (const index of [0, 1, 2, 3]) add(index)
    collector.release()
    expect([add(4), collector.count(root)]).toEqual(['added', 5])
    expect(() => collector.decode(root)).toThrow(RangeError)
  })
})
