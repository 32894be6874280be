import { paceRaba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { paceMember, sharing } from './cobalt-driven.js'
import { scriptedCoin } from './ideal-coin.js'

describe('P1 to P4: round 0 of the PACE construction over Cobalt', () => {
  test('P1: propose(1): bset_0 += 1; BVAL_0(1), AUX_0(1), CONF_0({1}) at once, as FAST', () => {
    const member = paceMember()
    expect(member.propose(1)).toEqual(['fast'])
    expect(member.view.ownVotes(0)).toBe(0b101010)
  })

  test('propose(0): BVAL_0(0) only', () => {
    expect(paceMember().propose(0)).toEqual(['bval_0(0)'])
  })

  test('unanimous 1 decides after one communication step, without a coin', () => {
    const member = paceMember(4, sharing)
    member.propose(1)
    expect(member.hear([1], 'fast')).toEqual([])
    expect(member.hear([2], 'fast')).toEqual(['term(1)', 'bval_1(1)'])
    expect(member.outputs).toEqual([1])
  })

  test('FAST fills three slots: the single votes afterwards are duplicates, other values conflicts', () => {
    const member = paceMember()
    member.propose(0)
    member.hear([1], 'fast', 'bval_0(1)', 'aux_0(1)', 'conf_0(1)', 'fast')
    expect(member.faults).toEqual([])
    member.hear([1], 'aux_0(0)', 'conf_0(*)')
    expect(member.faults).toEqual(['raba/conflicting-aux by 1', 'raba/conflicting-conf by 1'])
  })

  test('P2: f + 1 BVAL_0(1) put 1 into bset_0; AUX_0 is unsent, so the fast path follows', () => {
    const member = paceMember(7)
    member.propose(0)
    expect(member.hear([1, 2], 'bval_0(1)')).toEqual([])
    expect(member.hear([3], 'bval_0(1)')).toEqual(['fast'])
  })

  test('P2: value 0 still needs 2f + 1', () => {
    const member = paceMember(7)
    member.propose(0)
    expect(member.hear([1, 2, 3], 'bval_0(0)')).toEqual([])
    expect(member.hear([4], 'bval_0(0)')).toEqual(['aux_0(0)'])
  })

  test('P2: no fast path after AUX_0(0): the BVAL is relayed, and 1 ∈ bset_0', () => {
    const member = paceMember()
    member.propose(0)
    expect(member.hear([1, 2], 'bval_0(0)')).toEqual(['aux_0(0)'])
    expect(member.hear([1, 2], 'bval_0(1)')).toEqual(['bval_0(1)'])
    expect(member.hear([1, 2], 'aux_0(1)')).toEqual(['conf_0(*)'])
  })

  test('P2 holds in round 0 only: later rounds need 2f + 1 BVAL(1)', () => {
    const member = paceMember(7)
    member.propose(0)
    member.hear([1, 2, 3, 4], 'bval_0(0)', 'aux_0(0)', 'conf_0(0)')
    expect(member.view.round).toBe(1)
    expect(member.hear([1, 2, 3], 'bval_1(1)')).toEqual(['bval_1(1)'])
    expect(member.hear([4], 'bval_1(1)')).toEqual(['aux_1(1)'])
  })

  test('P3: repropose(1) before AUX_0: bset_0 += 1, and all three votes leave', () => {
    const member = paceMember()
    member.propose(0)
    expect(member.repropose()).toEqual(['fast'])
  })

  test('P3: repropose(1) after AUX_0(0): BVAL_0(1) only, 1 ∈ bset_0', () => {
    const member = paceMember()
    member.propose(0)
    member.hear([1, 2], 'bval_0(0)')
    expect(member.repropose()).toEqual(['bval_0(1)'])
    expect(member.hear([1, 2], 'aux_0(1)')).toEqual(['conf_0(*)'])
  })

  test('P3: repropose(1) in a later round still sends BVAL_0(1), as it helps laggards', () => {
    const member = paceMember()
    member.propose(0)
    member.hear([1, 2], 'bval_0(0)', 'aux_0(0)', 'conf_0(0)')
    expect(member.view.round).toBe(1)
    expect(member.repropose()).toEqual(['bval_0(1)'])
  })

  test('P4: the coin of round 0 is the constant 1; no shares are sent', () => {
    const member = paceMember(4, sharing)
    member.propose(0)
    member.hear([1, 2], 'bval_0(0)', 'bval_0(1)')
    member.hear([1], 'aux_0(0)', 'conf_0(*)')
    const sent = member.hear([2], 'aux_0(1)', 'conf_0(*)')
    expect(sent).toEqual(['conf_0(*)', 'bval_1(1)'])
    expect(member.view.estimate).toBe(1)
  })

  test('P4: U = {0} in round 0 decides nothing, est := 0; deciding 0 takes another round', () => {
    const member = paceMember(4, { coin: scriptedCoin(0) })
    member.propose(0)
    member.hear([1, 2], 'bval_0(0)', 'aux_0(0)')
    expect(member.hear([1, 2], 'conf_0(0)')).toEqual(['bval_1(0)'])
    expect(member.outputs).toEqual([])
    member.hear([1, 2], 'bval_1(0)', 'aux_1(0)', 'conf_1(0)')
    expect(member.outputs).toEqual([0])
  })

  test('P4: a coin message of round 0 is a fault; those of later rounds count', () => {
    const member = paceMember(4, sharing)
    member.propose(0)
    member.hear([1], 'coin_0(7)', 'coin_1(7)')
    expect(member.faults).toEqual(['raba/unexpected-coin by 1'])
  })

  test('later rounds are those of Cobalt: the share leaves after n − f CONF', () => {
    const member = paceMember(4, sharing)
    member.propose(0)
    member.hear([1, 2], 'bval_0(0)', 'aux_0(0)', 'conf_0(0)')
    member.hear([1, 2], 'bval_1(0)')
    expect(member.hear([1, 2], 'aux_1(0)')).toEqual(['conf_1(0)'])
    expect(member.hear([1], 'conf_1(0)')).toEqual([])
    expect(member.hear([2], 'conf_1(0)')).toEqual(['coin_1(7)'])
  })

  test('biased validity: with f + 1 CONF_0({1}) no member can hold U = {0}', () => {
    const member = paceMember(4, { coin: scriptedCoin(0) })
    member.propose(0)
    member.hear([1, 2], 'bval_0(0)', 'bval_0(1)')
    member.hear([1], 'aux_0(0)', 'conf_0(0)')
    member.hear([2, 3], 'aux_0(1)', 'conf_0(1)')
    expect(member.view.round).toBe(1)
    expect(member.view.estimate).toBe(1)
  })

  test('f + 1 CONF_0({1}) beside f + 1 CONF_0({0}) prove nothing in round 0, as FAST needs no n − f AUX', () => {
    const member = paceMember(7)
    member.propose(0)
    member.hear([1, 2, 3, 5], 'bval_0(0)')
    member.hear([1, 2, 3, 5], 'aux_0(0)')
    member.hear([1, 2], 'conf_0(0)')
    member.hear([4], 'fast')
    member.hear([5, 6], 'conf_0(1)')
    member.hear([5, 6], 'bval_0(1)')
    expect(member.view.round).toBe(1)
    expect(member.faults).toEqual([])
    expect(member.view.estimate).toBe(1)
  })

  test('it is named for what it is', () => {
    expect(paceRaba({ coin: scriptedCoin(1) })).toMatchObject({ role: 'raba', name: 'raba/pace-cobalt' })
    expect(() => paceRaba({ coin: { ...scriptedCoin(1), common: false as never } })).toThrow(RangeError)
  })
})
