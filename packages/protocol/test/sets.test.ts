import { type Bit, PeerSet, peer, SupportSet, VoteSet } from '@mc/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const N = 7
const anyVotes = fc.array(
  fc.record({ from: fc.nat(N - 1).map(peer), value: fc.constantFrom('a', 'b', 'c') }),
  {
    maxLength: 40,
  },
)
const runs = { seed: 7, numRuns: 300 }

describe('PeerSet: count peers, not messages', () => {
  test('adding a member twice counts once', () => {
    const set = new PeerSet(4)
    expect([set.add(peer(3)), set.add(peer(3)), set.size]).toEqual([true, false, 1])
  })

  test('it has who was added, and lists them in ascending order', () => {
    const set = new PeerSet(4)
    for (const index of [3, 0, 2]) set.add(peer(index))
    expect([...set]).toEqual([0, 2, 3])
    expect([0, 1, 2, 3].map(index => set.has(peer(index)))).toEqual([true, false, true, true])
  })

  test('an index outside of the committee is never a member', () => {
    const set = new PeerSet(4)
    expect([set.add(peer(4)), set.has(peer(4)), set.size, [...set]]).toEqual([false, false, 0, []])
  })

  test('it is the set that the platform knows', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(N - 1)), indices => {
        const set = new PeerSet(N)
        const model = new Set<number>()
        for (const index of indices) {
          expect(set.add(peer(index))).toBe(!model.has(index))
          model.add(index)
        }
        expect([...set]).toEqual([...model].sort((a, b) => a - b))
        expect(set.size).toBe(model.size)
      }),
      runs,
    )
  })
})

describe('VoteSet: one vote per peer', () => {
  test('the first vote of a peer counts, an equal one is a duplicate, another one is a conflict', () => {
    const votes = new VoteSet<Bit>(4)
    expect([votes.add(peer(1), 0), votes.add(peer(1), 0), votes.add(peer(1), 1)]).toEqual([
      'added',
      'duplicate',
      'conflict',
    ])
  })

  test('a conflicting vote changes nothing', () => {
    const votes = new VoteSet<Bit>(4)
    votes.add(peer(1), 0)
    votes.add(peer(1), 1)
    expect([votes.count(0), votes.count(1), votes.size, votes.of(peer(1))]).toEqual([1, 0, 1, 0])
  })

  test('values come in the order of their first vote', () => {
    const votes = new VoteSet<string>(4)
    for (const [index, value] of ['late', 'early', 'late'].entries()) votes.add(peer(index), value)
    expect([...votes.entries()]).toEqual([
      ['late', 2],
      ['early', 1],
    ])
  })

  test('counts add up to the voters, whoever votes how often', () => {
    fc.assert(
      fc.property(anyVotes, list => {
        const votes = new VoteSet<string>(N)
        const first = new Map<number, string>()
        for (const { from, value } of list) {
          const earlier = first.get(from)
          const outcome = earlier === undefined ? 'added' : earlier === value ? 'duplicate' : 'conflict'
          expect(votes.add(from, value)).toBe(outcome)
          if (earlier === undefined) first.set(from, value)
        }
        expect(votes.size).toBe(first.size)
        for (const value of ['a', 'b', 'c']) {
          expect(votes.count(value)).toBe([...first.values()].filter(one => one === value).length)
        }
        expect([...votes.entries()].reduce((sum, [, count]) => sum + count, 0)).toBe(votes.size)
      }),
      runs,
    )
  })
})

describe('SupportSet: a peer may support several values', () => {
  test('one peer supports both bits, each once', () => {
    const bvals = new SupportSet<Bit>(4)
    expect([bvals.add(peer(2), 0), bvals.add(peer(2), 1), bvals.add(peer(2), 0)]).toEqual([true, true, false])
    expect([bvals.count(0), bvals.count(1)]).toEqual([1, 1])
  })

  test('nobody supports what nobody was added for', () => {
    const bvals = new SupportSet<Bit>(4)
    expect([bvals.count(1), bvals.has(peer(0), 1)]).toEqual([0, false])
  })

  test('it counts distinct supporters of each value', () => {
    fc.assert(
      fc.property(anyVotes, list => {
        const support = new SupportSet<string>(N)
        for (const { from, value } of list) support.add(from, value)
        for (const value of ['a', 'b', 'c']) {
          const supporters = new Set(list.filter(one => one.value === value).map(({ from }) => from))
          expect(support.count(value)).toBe(supporters.size)
          for (let index = 0; index < N; index += 1) {
            expect(support.has(peer(index), value)).toBe(supporters.has(peer(index)))
          }
        }
      }),
      runs,
    )
  })
})
