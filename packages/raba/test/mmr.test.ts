import { mmrAba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { mmrMember, sharing } from './cobalt-driven.js'
import { scriptedCoin } from './ideal-coin.js'

describe('MMR’14: the round without CONF', () => {
  test('n − f accepted AUX: the share leaves at once, and U is the set of their values', () => {
    const member = mmrMember(4, sharing)
    member.propose(1)
    expect(member.hear([1, 2], 'bval_0(1)')).toEqual(['aux_0(1)'])
    expect(member.hear([1], 'aux_0(1)')).toEqual([])
    expect(member.hear([2], 'aux_0(1)')).toEqual(['coin_0(7)'])
    expect(member.view.union).toBe(1)
  })

  test('U = {v}: est := v, and decide v if v = s', () => {
    const member = mmrMember(4, { coin: scriptedCoin(0, 1) })
    member.propose(1)
    member.hear([1, 2], 'bval_0(1)')
    expect(member.hear([1, 2], 'aux_0(1)')).toEqual(['bval_1(1)'])
    member.hear([1, 2], 'bval_1(1)')
    expect(member.hear([1, 2], 'aux_1(1)')).toEqual(['term(1)', 'bval_2(1)'])
  })

  test('U = {0, 1}: est := s', () => {
    const member = mmrMember(4, { coin: scriptedCoin(0) })
    member.propose(1)
    member.hear([1, 2], 'bval_0(1)', 'bval_0(0)')
    member.hear([1], 'aux_0(1)')
    expect(member.hear([2], 'aux_0(0)')).toEqual(['bval_1(0)'])
  })

  test('there is no CONF', () => {
    const member = mmrMember()
    member.propose(1)
    member.hear([1], 'conf_0(1)', 'sync-rep(0: 16)')
    expect(member.faults).toEqual(['raba/unexpected-conf by 1', 'raba/unexpected-conf by 1'])
  })

  test('its parameters say that no network may rely on it', () => {
    const { parameters } = mmrAba({ coin: scriptedCoin(1) })
    expect(parameters).toEqual({ binding: false, historical: true, roundsAhead: 32 })
    expect(() => mmrAba({ coin: { ...scriptedCoin(1), common: 'later' as never } })).toThrow(RangeError)
  })
})
