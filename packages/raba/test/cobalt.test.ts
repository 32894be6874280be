import { type Coin, fixedCoin, localCoin } from '@mc/coin'
import { peer, round } from '@mc/protocol'
import { cobaltAba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { cobaltMember, type Member, memberOf, sharing, weakenedCobalt } from './cobalt-driven.js'
import { scriptedCoin } from './ideal-coin.js'

/** Member 0 of four with 1 ∈ bset_0, or 0. */
const proposed = (bit: 0 | 1, options = {}): Member => {
  const member = cobaltMember(4, options)
  member.propose(bit)
  member.hear([1, 2], `bval_0(${bit})`)
  return member
}

describe('rules 1 to 4: BVAL and AUX', () => {
  test('1: enter round r with est: broadcast BVAL_r(est)', () => {
    expect(cobaltMember().propose(0)).toEqual(['bval_0(0)'])
    expect(cobaltMember().propose(1)).toEqual(['bval_0(1)'])
  })

  test('2: relay at f + 1 BVAL(v), once', () => {
    const member = cobaltMember(7)
    member.propose(0)
    expect(member.hear([1, 2], 'bval_0(1)')).toEqual([])
    expect(member.hear([3], 'bval_0(1)')).toEqual(['bval_0(1)'])
    expect(member.hear([3, 4], 'bval_0(1)').filter(sent => sent.startsWith('bval'))).toEqual([])
  })

  test('2: in all rounds ≤ current, not in later ones', () => {
    const member = proposed(0)
    member.hear([1, 2], 'aux_0(0)', 'conf_0(0)')
    expect(member.view.round).toBe(1)
    expect(member.hear([1, 2], 'bval_0(1)')).toEqual(['bval_0(1)'])
    expect(member.hear([1, 2], 'bval_2(1)')).toEqual([])
  })

  test.each([
    [4, [1], 2],
    [5, [1], 2],
    [6, [1], 2],
    [7, [1, 2, 3], 4],
    [9, [1, 2, 3], 4],
  ])(
    '3, 4: n = %i: bset += v at 2f + 1 BVAL(v), not before; the first v is broadcast as AUX(v)',
    (n, before, last) => {
      const member = cobaltMember(n)
      member.propose(1)
      expect(member.hear(before, 'bval_0(1)')).toEqual([])
      expect(member.hear([last], 'bval_0(1)')).toEqual(['aux_0(1)'])
    },
  )

  test.each([0, 1] as const)('3, 4: of both values in one pass the own estimate %i is first', bit => {
    const member = cobaltMember()
    member.hear([1, 2, 3], 'bval_0(0)', 'bval_0(1)')
    expect(member.propose(bit)).toEqual([`bval_0(${bit})`, `bval_0(${1 - bit})`, `aux_0(${bit})`])
  })

  test('4: AUX is said once, of the first value only', () => {
    const member = proposed(1)
    expect(member.hear([1, 2], 'bval_0(0)')).toEqual(['bval_0(0)'])
  })
})

describe('rule 5: CONF', () => {
  test('n − f accepted AUX, all v: CONF({v})', () => {
    const member = proposed(1)
    expect(member.hear([1], 'aux_0(1)')).toEqual([])
    expect(member.hear([2], 'aux_0(1)')).toEqual(['conf_0(1)'])
  })

  test('n − f accepted AUX, mixed: CONF({0, 1})', () => {
    const member = proposed(1)
    member.hear([1, 2], 'bval_0(0)')
    expect(member.hear([1], 'aux_0(1)')).toEqual([])
    expect(member.hear([2], 'aux_0(0)')).toEqual(['conf_0(*)'])
  })

  test('AUX(v) is accepted once v ∈ bset, not before', () => {
    const member = proposed(1)
    expect(member.hear([1, 2, 3], 'aux_0(0)')).toEqual([])
    expect(member.hear([1, 2], 'bval_0(0)')).toEqual(['bval_0(0)', 'conf_0(0)'])
  })

  test('waits are for n − f, not for 2f + 1 (n = 6)', () => {
    const member = cobaltMember(6)
    member.propose(1)
    member.hear([1, 2], 'bval_0(1)')
    expect(member.hear([1, 2, 3], 'aux_0(1)')).toEqual([])
    expect(member.hear([4], 'aux_0(1)')).toEqual(['conf_0(1)'])
    expect(member.hear([1, 2, 3], 'conf_0(1)')).toEqual([])
    expect(member.hear([4], 'conf_0(1)')).toEqual(['term(1)', 'bval_1(1)'])
  })
})

describe('rules 6 and 7: the coin', () => {
  test('6: the share leaves only after n − f accepted CONF, not after AUX', () => {
    const member = proposed(1, sharing)
    expect(member.hear([1, 2, 3], 'aux_0(1)')).toEqual(['conf_0(1)'])
    expect(member.hear([1], 'conf_0(1)')).toEqual([])
    expect(member.hear([2], 'conf_0(1)')).toEqual(['coin_0(7)'])
  })

  test('6: n − f CONF of others are not enough before the own CONF was sent', () => {
    const member = proposed(1, sharing)
    expect(member.hear([1, 2, 3], 'conf_0(1)')).toEqual([])
    expect(member.hear([1, 2], 'aux_0(1)')).toEqual(['conf_0(1)', 'coin_0(7)'])
  })

  test('6: CONF(S) is accepted once S ⊆ bset', () => {
    const member = proposed(1, sharing)
    member.hear([1, 2], 'aux_0(1)')
    expect(member.hear([1], 'conf_0(*)')).toEqual([])
    expect(member.hear([2, 3], 'conf_0(0)')).toEqual([])
    expect(member.hear([1, 2], 'bval_0(0)')).toEqual(['bval_0(0)', 'coin_0(7)'])
    expect(member.view.union).toBe('*')
  })

  test('6: CONF({0, 1}) is not accepted while bset is {1}, however many there are', () => {
    const member = proposed(1, sharing)
    member.hear([1, 2], 'aux_0(1)')
    expect(member.hear([1, 2, 3], 'conf_0(*)')).toEqual([])
    expect(member.view.union).toBeUndefined()
  })

  test('6: U := {v} iff n − f CONF messages are {v}, else {0, 1}, whatever the own AUX set was', () => {
    const member = proposed(1, sharing)
    member.hear([1, 2], 'aux_0(1)', 'bval_0(0)')
    expect(member.hear([1, 2], 'conf_0(*)')).toEqual(['coin_0(7)'])
    expect(member.view.union).toBe('*')
    const unanimous = proposed(1, sharing)
    unanimous.hear([1, 2], 'aux_0(1)', 'conf_0(1)')
    expect(unanimous.view.union).toBe(1)
  })

  test('6: U is fixed when the share leaves: what comes later may know the coin, and no longer counts', () => {
    const member = proposed(1, sharing)
    member.hear([1, 2], 'aux_0(1)', 'bval_0(0)')
    member.hear([1], 'conf_0(*)')
    expect(member.hear([2], 'conf_0(1)')).toEqual(['coin_0(7)'])
    member.hear([3], 'conf_0(1)')
    expect(member.view.union).toBe('*')
    // The parity coin of round 0 is 0
    expect(member.hear([1], 'coin_0(7)')).toEqual(['bval_1(0)'])
    expect(member.outputs).toEqual([])
  })

  test('7: U = {v} and v = s: decide v', () => {
    const member = proposed(1, { coin: scriptedCoin(1) })
    member.hear([1, 2], 'aux_0(1)')
    expect(member.hear([1, 2], 'conf_0(1)')).toEqual(['term(1)', 'bval_1(1)'])
    expect(member.outputs).toEqual([1])
  })

  test('7: U = {v} and v ≠ s: est := v, no decision', () => {
    const member = proposed(0, { coin: scriptedCoin(1) })
    member.hear([1, 2], 'aux_0(0)')
    expect(member.hear([1, 2], 'conf_0(0)')).toEqual(['bval_1(0)'])
    expect(member.outputs).toEqual([])
    expect(member.view.estimate).toBe(0)
  })

  test('7: U = {0, 1}: est := s', () => {
    for (const s of [0, 1] as const) {
      const member = proposed(0, { coin: scriptedCoin(s) })
      member.hear([1, 2], 'bval_0(1)', 'aux_0(0)')
      expect(member.hear([1, 2], 'conf_0(*)')).toEqual([`bval_1(${s})`])
      expect(member.outputs).toEqual([])
    }
  })

  test('a unanimous round decides only if the coin agrees: there is no round brake after a decision', () => {
    const member = proposed(1, { coin: scriptedCoin(1, 0, 0, 0) })
    member.hear([1, 2], 'aux_0(1)', 'conf_0(1)')
    for (const r of [1, 2, 3]) member.hear([1, 2], `bval_${r}(1)`, `aux_${r}(1)`, `conf_${r}(1)`)
    expect(member.view.round).toBe(4)
    expect(member.outputs).toEqual([1])
  })

  test('T2: if decided, est := decided at the end of the round; the coin is still asked for, as others need the share', () => {
    const member = cobaltMember(7, sharing)
    member.propose(0)
    member.hear([1, 2, 3, 4], 'bval_0(0)', 'bval_0(1)', 'aux_0(0)')
    member.hear([1, 2, 3], 'term(1)')
    expect(member.outputs).toEqual([1])
    expect(member.hear([1, 2, 3, 4], 'conf_0(*)')).toEqual(['coin_0(7)'])
    expect(member.hear([1, 2], 'coin_0(7)')).toEqual(['bval_1(1)'])
  })

  test('a round that decides the other bit after T2 proves more than f faulty members: report it and stop', () => {
    const member = cobaltMember(7, { coin: scriptedCoin(0) })
    member.propose(0)
    member.hear([1, 2, 3], 'term(1)')
    member.hear([1, 2, 3, 4], 'bval_0(0)')
    member.hear([1, 2, 3, 4], 'aux_0(0)')
    member.hear([1, 2, 3, 4], 'conf_0(0)')
    expect(member.view.broken).toBe(true)
    expect(member.outputs).toEqual([1])
    expect(member.faults).toEqual(['raba/invariant-broken'])
  })

  test('T3: after n − f TERM everything is freed, and a peer that asks for votes is told TERM, once', () => {
    const member = proposed(1)
    member.hear([1, 2, 3], 'term(1)')
    expect(member.view.halted).toBe(true)
    expect(member.view.slotBytes + member.view.logBytes).toBe(0)
    expect(member.hear([1, 2], 'bval_0(0)', 'conf_3(*)', 'coin_0(7)', 'sync-rep(0: 1)')).toEqual([])
    expect(member.hear([3, 3], 'sync-req(0..4)')).toEqual(['to 3: term(1)'])
  })
})

describe('what it refuses', () => {
  test('a coin that is not common is refused in words, at once', () => {
    const coins: readonly Coin<never>[] = [
      localCoin({ rng: { bit: () => 1 } }),
      { ...fixedCoin([1]), common: 'later' },
    ]
    for (const coin of coins) {
      expect(() => cobaltAba({ coin: coin as never })).toThrow(
        /need a coin that gives everybody the same bit, got coin/,
      )
    }
    expect(cobaltAba({ coin: fixedCoin([1]) as never }).parts).toHaveProperty('coin.name', 'coin/fixed')
  })

  test.each([0, 1.5, -1, 2 ** 16 + 1, Number.NaN])('roundsAhead = %d is a RangeError', roundsAhead => {
    expect(() => cobaltAba({ coin: scriptedCoin(1), roundsAhead })).toThrow(RangeError)
  })

  test('the first AUX and the first CONF of a peer count; another one is a conflict, the same one is not', () => {
    const member = proposed(1)
    member.hear([1], 'aux_0(1)', 'aux_0(1)', 'conf_0(1)', 'conf_0(1)', 'bval_0(0)', 'bval_0(0)')
    expect(member.faults).toEqual([])
    member.hear([1], 'aux_0(0)', 'conf_0(*)', 'term(1)', 'term(0)')
    expect(member.faults).toEqual([
      'raba/conflicting-aux by 1',
      'raba/conflicting-conf by 1',
      'raba/conflicting-term by 1',
    ])
  })

  test('votes of a stage of a round that was left serve no rule and blame nobody', () => {
    const member = proposed(0)
    member.hear([1, 2], 'aux_0(0)', 'conf_0(0)')
    expect(member.view.round).toBe(1)
    expect(member.hear([1], 'aux_0(1)', 'conf_0(*)')).toEqual([])
    expect(member.faults).toEqual([])
  })

  test('FAST is not for an ABA', () => {
    const member = proposed(1)
    member.hear([1], 'fast')
    expect(member.faults).toEqual(['raba/unexpected-fast by 1'])
  })

  test('assert: f + 1 CONF({0}) and f + 1 CONF({1}) prove more than f faulty members: report it and stop', () => {
    const member = cobaltMember(7, sharing)
    member.propose(1)
    member.hear([1, 2, 3, 4], 'bval_0(1)')
    member.hear([1, 2, 3, 4], 'aux_0(1)')
    member.hear([1, 2], 'conf_0(1)')
    member.hear([3, 4, 5], 'conf_0(0)')
    expect(member.faults).toEqual([])
    expect(member.hear([1, 2, 3, 4], 'bval_0(0)')).toEqual(['bval_0(0)'])
    expect(member.faults).toEqual(['raba/invariant-broken'])
    expect(member.view.broken).toBe(true)
  })

  test('more than f TERM of the other bit after a decision: report it and stop', () => {
    const member = proposed(1, { coin: scriptedCoin(1) })
    member.hear([1, 2], 'aux_0(1)', 'conf_0(1)')
    member.hear([1, 2], 'term(0)')
    expect(member.view.broken).toBe(true)
    expect(member.faults).toContain('raba/invariant-broken')
    expect(member.hear([1, 2, 3], 'bval_1(0)')).toEqual([])
  })
})

describe('one slot per sender', () => {
  test('votes of one peer never count twice', () => {
    const member = memberOf(weakenedCobalt(scriptedCoin(1)), 4)
    member.propose(1)
    for (let times = 0; times < 5; times += 1) member.hear([1], 'bval_0(1)', 'aux_0(1)', 'conf_0(1)')
    expect(member.outputs).toEqual([])
  })

  test('messages of a coin beyond the window are not passed on', () => {
    const member = cobaltMember(4, { ...sharing, roundsAhead: 2 })
    member.propose(1)
    member.driven.message(peer(1), { type: 'coin', round: round(3), message: 7 })
    expect(member.view.votesDropped).toBe(1)
  })
})
