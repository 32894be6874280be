import { crusaderAba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { type Definition, type Member, memberOf, sharing } from './cobalt-driven.js'
import { shareCoin } from './ideal-coin.js'

/** Member 0 of four with 1 ∈ bset_0. */
const proposed = (): Member => {
  const member = memberOf(crusaderAba({ coin: shareCoin }) as Definition, 4)
  member.propose(1)
  member.hear([1, 2], 'bval_0(1)')
  return member
}

describe('C5: what a member confirms', () => {
  test('bset = {0, 1}: CONF({0, 1}) at once, without n − f AUX', () => {
    expect(proposed().hear([1, 2], 'bval_0(0)')).toEqual(['bval_0(0)', 'conf_0(*)'])
  })

  test('bset = {v}: CONF({v}) on n − f accepted AUX(v), and nothing before', () => {
    const member = proposed()
    expect(member.hear([1], 'aux_0(1)')).toEqual([])
    expect(member.hear([2], 'aux_0(1)')).toEqual(['conf_0(1)'])
  })

  test('n − f accepted AUX(v) give CONF({v}), also where the other bit wins in the same pass', () => {
    const member = memberOf(crusaderAba({ coin: shareCoin }) as Definition, 4)
    member.hear([1, 2, 3], 'bval_0(0)', 'bval_0(1)', 'aux_0(1)')
    expect(member.propose(1)).toContain('conf_0(1)')
  })

  test('CONF is said once: n − f AUX(v) that come later change nothing', () => {
    const member = proposed()
    member.hear([1, 2], 'bval_0(0)')
    expect(member.hear([1, 2, 3], 'aux_0(1)')).toEqual([])
  })

  test('6: the share leaves only after n − f accepted CONF', () => {
    const member = proposed()
    member.hear([1, 2], 'bval_0(0)')
    expect(member.hear([1], 'conf_0(*)')).toEqual([])
    expect(member.hear([2], 'conf_0(1)')).toEqual(['coin_0(7)'])
    expect(member.view.union).toBe('*')
  })

  test('a coin that is not common is refused', () => {
    expect(() => crusaderAba({ coin: { ...sharing.coin, common: false } as never })).toThrow(RangeError)
  })
})
