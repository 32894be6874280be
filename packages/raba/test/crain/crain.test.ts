import { crainAba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { scriptedCoin } from '../ideal-coin.js'
import { crainMember, type Member, sharing } from './driven.js'

/** Member 0 of four with `bit` ∈ bset_0. */
const proposed = (bit: 0 | 1, options = {}): Member => {
  const member = crainMember(4, options)
  member.propose(bit)
  member.hear([1, 2], `est_0(${bit})`)
  return member
}

/** Member 0 of four that has carried `bit`, or * where CONF were mixed, into stage two. */
const carrying = (value: 0 | 1 | '*', options = {}): Member => {
  const member = proposed(value === '*' ? 1 : value, options)
  if (value === '*') member.hear([1, 2], 'est_0(0)', 'aux_0(0)', 'conf_0(*)')
  else member.hear([1, 2], `aux_0(${value})`, `conf_0(${value})`)
  expect(member.view.carried).toBe(value)
  return member
}

describe('stage one: EST and AUX', () => {
  test('E1: enter round r with est: broadcast EST_r(est)', () => {
    expect(crainMember().propose(0)).toEqual(['est_0(0)'])
    expect(crainMember().propose(1)).toEqual(['est_0(1)'])
  })

  test('E2: relay at f + 1 EST(v), once', () => {
    const member = crainMember(7)
    member.propose(0)
    expect(member.hear([1, 2], 'est_0(1)')).toEqual([])
    expect(member.hear([3], 'est_0(1)')).toEqual(['est_0(1)'])
    expect(member.hear([3, 4], 'est_0(1)').filter(sent => sent.startsWith('est'))).toEqual([])
  })

  test('E2, E7: in all rounds ≤ current, not in later ones', () => {
    const member = carrying('*')
    member.hear([1, 2], 'est2_0(*)', 'aux2_0(*)')
    expect(member.view.round).toBe(1)
    expect(member.hear([1, 2], 'est2_0(0)')).toEqual(['est2_0(0)'])
    expect(member.hear([1, 2], 'est_2(1)', 'est2_2(1)')).toEqual([])
    const agreed = carrying(0)
    agreed.hear([1, 2], 'est2_0(0)', 'aux2_0(0)')
    expect(agreed.view.round).toBe(1)
    expect(agreed.hear([1, 2], 'est_0(1)')).toEqual(['est_0(1)'])
  })

  test.each([
    [4, [1], 2],
    [6, [1], 2],
    [7, [1, 2, 3], 4],
    [9, [1, 2, 3], 4],
  ])(
    'E3, E4: n = %i: bset += v at 2f + 1 EST(v), not before; the first v is broadcast as AUX(v)',
    (n, before, last) => {
      const member = crainMember(n)
      member.propose(1)
      expect(member.hear(before, 'est_0(1)')).toEqual([])
      expect(member.hear([last], 'est_0(1)')).toEqual(['aux_0(1)'])
    },
  )

  test.each([0, 1] as const)('E3, E4: of both values in one pass the own estimate %i is first', bit => {
    const member = crainMember()
    member.hear([1, 2, 3], 'est_0(0)', 'est_0(1)')
    expect(member.propose(bit)).toEqual([`est_0(${bit})`, `est_0(${1 - bit})`, `aux_0(${bit})`])
  })

  test('E4: AUX is said once, of the first value only', () => {
    expect(proposed(1).hear([1, 2], 'est_0(0)')).toEqual(['est_0(0)'])
  })
})

describe('between the stages: CONF', () => {
  test('E5: n − f accepted AUX, all v: CONF({v})', () => {
    const member = proposed(1)
    expect(member.hear([1], 'aux_0(1)')).toEqual([])
    expect(member.hear([2], 'aux_0(1)')).toEqual(['conf_0(1)'])
  })

  test('E5: n − f accepted AUX, mixed: CONF({0, 1})', () => {
    const member = proposed(1)
    member.hear([1, 2], 'est_0(0)')
    expect(member.hear([1], 'aux_0(1)')).toEqual([])
    expect(member.hear([2], 'aux_0(0)')).toEqual(['conf_0(*)'])
  })

  test('E5: AUX(v) is accepted once v ∈ bset, not before', () => {
    const member = proposed(1)
    expect(member.hear([1, 2, 3], 'aux_0(0)')).toEqual([])
    expect(member.hear([1, 2], 'est_0(0)')).toEqual(['est_0(0)', 'conf_0(0)'])
  })

  test('E6: n − f accepted CONF({v}): EST2(v)', () => {
    const member = proposed(1)
    member.hear([1, 2], 'aux_0(1)')
    expect(member.hear([1], 'conf_0(1)')).toEqual([])
    expect(member.hear([2], 'conf_0(1)')).toEqual(['est2_0(1)'])
  })

  test('E6: fewer than n − f CONF({v}) among n − f carry nothing definite', () => {
    const member = proposed(1)
    member.hear([1, 2], 'aux_0(1)', 'est_0(0)')
    expect(member.hear([1], 'conf_0(1)')).toEqual([])
    expect(member.hear([2], 'conf_0(*)')).toEqual(['est2_0(*)'])
  })

  test('E6: not before the own CONF was sent', () => {
    const member = proposed(1)
    expect(member.hear([1, 2, 3], 'conf_0(1)')).toEqual([])
    expect(member.hear([1, 2], 'aux_0(1)')).toEqual(['conf_0(1)', 'est2_0(1)'])
  })

  test('E6: CONF(S) is accepted once S ⊆ bset', () => {
    const member = proposed(1)
    member.hear([1, 2], 'aux_0(1)')
    expect(member.hear([1, 2, 3], 'conf_0(*)')).toEqual([])
    expect(member.hear([1, 2], 'est_0(0)')).toEqual(['est_0(0)', 'est2_0(*)'])
    const other = proposed(1)
    other.hear([1, 2], 'aux_0(1)')
    expect(other.hear([1, 2, 3], 'conf_0(0)')).toEqual([])
    expect(other.view.carried).toBeUndefined()
  })

  test('E6: x is taken once: a CONF that comes later changes nothing', () => {
    const member = proposed(1)
    member.hear([1, 2], 'aux_0(1)', 'est_0(0)')
    member.hear([1], 'conf_0(1)')
    expect(member.hear([2], 'conf_0(*)')).toEqual(['est2_0(*)'])
    expect(member.hear([3], 'conf_0(1)')).toEqual([])
    expect(member.view.carried).toBe('*')
  })

  test('waits are for n − f, not for 2f + 1 (n = 6)', () => {
    const member = crainMember(6)
    member.propose(1)
    member.hear([1, 2], 'est_0(1)')
    expect(member.hear([1, 2, 3], 'aux_0(1)')).toEqual([])
    expect(member.hear([4], 'aux_0(1)')).toEqual(['conf_0(1)'])
    expect(member.hear([1, 2, 3], 'conf_0(1)')).toEqual([])
    expect(member.hear([4], 'conf_0(1)')).toEqual(['est2_0(1)'])
    expect(member.hear([1, 2], 'est2_0(1)')).toEqual(['aux2_0(1)'])
    expect(member.hear([1, 2, 3], 'aux2_0(1)')).toEqual([])
    expect(member.hear([4], 'aux2_0(1)')).toEqual(['term(1)', 'est_1(1)'])
  })
})

describe('stage two: EST2 and AUX2', () => {
  test('E7: relay at f + 1 EST2(w), once, whatever the own one is', () => {
    const member = carrying('*')
    expect(member.hear([1], 'est2_0(1)')).toEqual([])
    expect(member.hear([2], 'est2_0(1)')).toEqual(['est2_0(1)', 'aux2_0(1)'])
    expect(member.hear([3], 'est2_0(1)').filter(sent => sent.startsWith('est2'))).toEqual([])
    expect(crainMember().hear([1, 2, 3], 'est2_0(1)')).toEqual([])
  })

  test.each([
    [4, [1], 2],
    [6, [1], 2],
    [9, [1, 2, 3], 4],
  ])(
    'E8, E9: n = %i: bset2 += w at 2f + 1 EST2(w), not before; the first w is AUX2(w)',
    (n, before, last) => {
      const member = crainMember(n)
      member.propose(1)
      const others = Array.from({ length: n - 1 }, (_, index) => index + 1)
      member.hear(others, 'est_0(1)')
      member.hear(others, 'aux_0(1)')
      member.hear(others, 'conf_0(1)')
      expect(member.hear(before, 'est2_0(1)')).toEqual([])
      expect(member.hear([last], 'est2_0(1)')).toEqual(['aux2_0(1)'])
    },
  )

  test('E9: of several values in one pass the own one is first', () => {
    for (const own of [1, '*'] as const) {
      const member = crainMember()
      member.hear([1, 2, 3], 'est_0(0)', 'est_0(1)', 'aux_0(1)', `conf_0(${own})`, 'est2_0(*)', 'est2_0(1)')
      const sent = member.propose(1)
      expect(sent.filter(message => message.startsWith('aux2'))).toEqual([`aux2_0(${own})`])
    }
  })

  test('E9: nobody says AUX2 before its own EST2: what it carries must not depend on stage two', () => {
    const member = proposed(1)
    expect(member.hear([1, 2, 3], 'est2_0(1)').filter(sent => sent.startsWith('aux2'))).toEqual([])
  })

  test('E10: AUX2(w) is accepted once w ∈ bset2', () => {
    const member = carrying('*')
    member.hear([1, 2], 'est2_0(*)')
    expect(member.hear([1], 'aux2_0(*)')).toEqual([])
    expect(member.hear([2, 3], 'aux2_0(1)')).toEqual([])
    const sent = member.hear([1, 2], 'est2_0(1)')
    expect(sent).toEqual(['est2_0(1)', 'est_1(1)'])
  })

  test('E10: all v: decide v, and no coin is asked for', () => {
    const member = carrying(1, sharing)
    member.hear([1, 2], 'est2_0(1)')
    expect(member.hear([1, 2], 'aux2_0(1)')).toEqual(['term(1)', 'est_1(1)'])
    expect(member.outputs).toEqual([1])
  })

  test('E10: v is decided whatever the coin would say', () => {
    for (const s of [0, 1] as const) {
      const member = carrying(1, { coin: scriptedCoin(s) })
      member.hear([1, 2], 'est2_0(1)', 'aux2_0(1)')
      expect(member.outputs).toEqual([1])
    }
  })

  test('E10: v and *: est := v, no decision; a share leaves, as others may need it, but is not waited for', () => {
    const member = carrying(1, sharing)
    member.hear([1, 2], 'est2_0(1)', 'est2_0(*)')
    expect(member.hear([1], 'aux2_0(1)')).toEqual([])
    expect(member.hear([2], 'aux2_0(*)')).toEqual(['coin_0(7)', 'est_1(1)'])
    expect(member.outputs).toEqual([])
  })

  test('E10: * alone: est := coin, which is waited for', () => {
    const member = carrying('*', sharing)
    member.hear([1, 2], 'est2_0(*)')
    expect(member.hear([1, 2], 'aux2_0(*)')).toEqual(['coin_0(7)'])
    expect(member.view.round).toBe(0)
    // The parity coin of round 0 is 0
    expect(member.hear([1], 'coin_0(7)')).toEqual(['est_1(0)'])
  })

  test('E10: fewer than n − f AUX2 end nothing, and none ends the round before the own AUX2', () => {
    const member = carrying('*')
    expect(member.hear([1, 2, 3], 'aux2_0(*)')).toEqual([])
    expect(member.hear([1], 'est2_0(*)')).toEqual([])
    expect(member.hear([2], 'est2_0(*)')).toEqual(['aux2_0(*)', 'est_1(1)'])
  })

  test('E10: whoever has not yet confirmed stage one ends no round, however far the others are', () => {
    const member = proposed(1)
    expect(member.hear([1, 2, 3], 'est2_0(*)', 'aux2_0(*)')).toEqual(['est2_0(*)'])
    expect(member.view.round).toBe(0)
  })

  test('what comes after the coin was asked for no longer counts', () => {
    const member = carrying('*', sharing)
    member.hear([1, 2], 'est2_0(*)', 'aux2_0(*)')
    member.hear([1, 2, 3], 'est2_0(1)')
    member.hear([3], 'aux2_0(1)')
    expect(member.hear([1], 'coin_0(7)')).toContain('est_1(0)')
  })
})

describe('halting', () => {
  test('B: who decided in round r completes r + 1 and enters no later round', () => {
    const member = carrying(1)
    member.hear([1, 2], 'est2_0(1)', 'aux2_0(1)')
    for (const said of ['est', 'aux', 'conf', 'est2', 'aux2']) member.hear([1, 2], `${said}_1(1)`)
    expect(member.view.round).toBe(1)
    expect(member.view.braked).toBe(true)
    const unbraked = carrying(1, { brake: false })
    unbraked.hear([1, 2], 'est2_0(1)', 'aux2_0(1)')
    for (const said of ['est', 'aux', 'conf', 'est2', 'aux2']) unbraked.hear([1, 2], `${said}_1(1)`)
    expect(unbraked.view.round).toBe(2)
  })

  test('T2: f + 1 TERM(v) decide v; the coin that was waited for does not matter any more', () => {
    const member = carrying('*', sharing)
    member.hear([1, 2], 'est2_0(*)', 'aux2_0(*)')
    expect(member.hear([1], 'term(1)')).toEqual([])
    expect(member.hear([2], 'term(1)')).toEqual(['term(1)', 'est_1(1)'])
    expect(member.outputs).toEqual([1])
  })

  test('T3: after n − f TERM everything is freed, and a peer that asks for votes is told TERM, once', () => {
    const member = proposed(1)
    member.hear([1, 2, 3], 'term(1)')
    expect(member.view.halted).toBe(true)
    expect(member.view.slotBytes + member.view.logBytes).toBe(0)
    expect(member.hear([1, 2], 'est_0(0)', 'est2_3(*)', 'coin_0(7)', 'sync-rep(0: 1)')).toEqual([])
    expect(member.hear([3, 3], 'sync-req(0..4)')).toEqual(['to 3: term(1)'])
  })

  test('a round that decides the other bit after T2 proves more than f faulty members: report it and stop', () => {
    const member = crainMember(7)
    member.propose(0)
    member.hear([1, 2, 3], 'term(1)')
    for (const said of ['est', 'aux', 'conf', 'est2', 'aux2']) member.hear([1, 2, 3, 4], `${said}_0(0)`)
    expect(member.view.broken).toBe(true)
    expect(member.outputs).toEqual([1])
    expect(member.faults).toEqual(['raba/invariant-broken'])
    expect(member.hear([1, 2, 3, 4], 'est_0(1)')).toEqual([])
  })
})

describe('what it refuses', () => {
  test.each([0, 1.5, -1, 2 ** 16 + 1, Number.NaN])('roundsAhead = %d is a RangeError', roundsAhead => {
    expect(() => crainAba({ coin: scriptedCoin(1), roundsAhead })).toThrow(RangeError)
  })

  test('the first AUX, CONF and AUX2 of a peer count; another one is a conflict, the same one is not', () => {
    const member = proposed(1)
    member.hear([1], 'aux_0(1)', 'aux_0(1)', 'conf_0(1)', 'conf_0(1)', 'aux2_0(1)', 'aux2_0(1)')
    member.hear([1], 'est_0(0)', 'est_0(0)', 'est2_0(1)', 'est2_0(*)', 'est2_0(*)')
    expect(member.faults).toEqual([])
    member.hear([1], 'aux_0(0)', 'conf_0(*)', 'aux2_0(*)', 'term(1)', 'term(0)')
    expect(member.faults).toEqual([
      'raba/conflicting-aux by 1',
      'raba/conflicting-conf by 1',
      'raba/conflicting-aux2 by 1',
      'raba/conflicting-term by 1',
    ])
  })

  test('EST2 of both bits is a conflict, told once; both count, as at most f peers say both', () => {
    const member = carrying('*')
    member.hear([1], 'est2_0(0)', 'est2_0(1)', 'est2_0(1)')
    expect(member.faults).toEqual(['raba/conflicting-est2 by 1'])
    expect(member.hear([2], 'est2_0(1)')).toEqual(['est2_0(1)', 'aux2_0(1)'])
  })

  test('votes that are not relayed, of a round that was left, serve no rule and blame nobody', () => {
    const member = carrying('*')
    member.hear([1, 2], 'est2_0(*)', 'aux2_0(*)')
    expect(member.view.round).toBe(1)
    expect(member.hear([1], 'aux_0(1)', 'conf_0(0)', 'aux2_0(1)')).toEqual([])
    expect(member.faults).toEqual([])
  })

  test('CONF is not for the two stages alone', () => {
    const member = crainMember(4, { binding: false })
    member.propose(1)
    member.hear([1, 2], 'est_0(1)')
    expect(member.hear([1, 2], 'aux_0(1)')).toEqual(['est2_0(1)'])
    member.hear([1], 'conf_0(1)')
    expect(member.faults).toEqual(['raba/unexpected-conf by 1'])
  })

  test('assert: both bits in bset2 prove more than f faulty members: report it and stop', () => {
    const member = carrying('*')
    member.hear([1, 2, 3], 'est2_0(0)')
    member.hear([1], 'est2_0(1)')
    expect(member.view.broken).toBe(false)
    member.hear([2], 'est2_0(1)')
    expect(member.view.broken).toBe(true)
    expect(member.faults.filter(fault => !fault.includes(' by '))).toEqual(['raba/invariant-broken'])
  })

  test('votes of one peer never count twice', () => {
    const member = crainMember()
    member.propose(1)
    for (let times = 0; times < 5; times += 1) {
      member.hear([1], ...['est', 'aux', 'conf', 'est2', 'aux2'].map(said => `${said}_0(1)`))
    }
    expect(member.outputs).toEqual([])
    expect(member.view.carried).toBeUndefined()
  })
})
