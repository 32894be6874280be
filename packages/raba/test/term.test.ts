import { localCoin } from '@mc/coin'
import { quadraticRaba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { abaMember, memberOf, rabaMember } from './driven.js'

describe('T1 to T3: the halt gadget', () => {
  test('T1: a rule decides v: output v, broadcast TERM(v), and keep taking part', () => {
    const member = rabaMember(7)
    member.propose(1)
    expect(member.hear([1, 2, 3, 4], 'fast')).toEqual(['term(1)', 'pre_1(1)'])
    expect(member.outputs).toEqual([1])
    expect(member.hear([1, 2, 3, 4], 'pre_1(1)')).toEqual(['vote_1(1)'])
  })

  test('T2: f + 1 TERM(v) and undecided: decide v, before propose, too', () => {
    const member = rabaMember(7)
    expect(member.hear([1, 2], 'term(1)')).toEqual([])
    expect(member.hear([3], 'term(1)')).toEqual(['term(1)'])
    expect(member.outputs).toEqual([1])
    expect(member.view.halted).toBe(false)
  })

  test('after T2 propose starts the instance normally', () => {
    const member = rabaMember(7)
    member.hear([1, 2, 3], 'term(1)')
    expect(member.propose(0)).toEqual(['pre_0(0)'])
  })

  test('T3: decided v and n − f TERM(v): halt, ignore what comes later, keep nothing', () => {
    const member = rabaMember(7)
    member.propose(0)
    member.hear([5, 6], 'pre_0(1)', 'vote_2(1)')
    member.hear([1, 2, 3], 'term(1)')
    expect(member.view.halted).toBe(false)
    member.hear([4], 'term(1)')
    expect(member.view.halted).toBe(true)
    expect(member.view.slotBytes + member.view.logBytes).toBe(0)
    expect(member.hear([1, 2, 3, 4, 5, 6], 'pre_0(1)', 'fast', 'term(0)', 'fix_0(1)')).toEqual([])
    expect(member.outputs).toEqual([1])
    expect(member.faults).toEqual([])
  })

  test('TERM from f members is harmless', () => {
    const member = rabaMember(7)
    member.propose(1)
    expect(member.hear([5, 6], 'term(0)', 'term(1)')).toEqual([])
    expect(member.outputs).toEqual([])
  })

  test('a peer counts once per bit, and TERM of both bits is its fault', () => {
    const member = rabaMember(7)
    member.hear([5, 5, 5, 5], 'term(0)')
    expect(member.outputs).toEqual([])
    member.hear([5], 'term(1)', 'term(1)')
    expect(member.faults).toEqual(['raba/conflicting-term by 5'])
  })

  test('a halted member answers a request for votes with TERM, once per peer', () => {
    const member = rabaMember()
    member.hear([1, 2], 'term(1)')
    expect(member.view.halted).toBe(true)
    expect(member.hear([3, 3], 'sync-req(0..9)')).toEqual(['to 3: term(1)'])
  })
})

describe('rule B: the round brake', () => {
  const unanimous = (round: number) =>
    ['pre', 'vote', 'main', 'final', 'fix'].map(kind => `${kind}_${round}(1)`)

  test('a member completes the round after the one in which its own rules decided, and enters no later one', () => {
    const member = rabaMember(7)
    member.propose(1)
    member.hear([1, 2, 3, 4], 'fast')
    const sent = member.hear([1, 2, 3, 4], ...unanimous(1))
    expect(sent).toEqual(['vote_1(1)', 'main_1(1)', 'final_1(1)', 'fix_1(1)'])
    expect(member.view.round).toBe(1)
    expect(member.view.braked).toBe(true)
    expect(member.hear([1, 2, 3, 4], ...unanimous(2))).toEqual([])
  })

  test('braked, it keeps amplifying and keeps T1 to T3', () => {
    const member = rabaMember(7)
    member.propose(1)
    member.hear([1, 2, 3, 4], 'fast', ...unanimous(1))
    expect(member.hear([1, 5, 6], 'pre_0(0)')).toEqual(['pre_0(0)'])
    expect(member.hear([1, 5, 6], 'pre_1(0)')).toEqual(['pre_1(0)'])
    member.hear([1, 2, 3, 4], 'term(1)')
    expect(member.view.halted).toBe(true)
  })

  test('a decision by T2 does not brake', () => {
    const member = abaMember(7)
    member.propose(1)
    member.hear([1, 2, 3], 'term(1)')
    member.hear([1, 2, 3, 4], ...unanimous(0), ...unanimous(1))
    // Decided by its own rules in round 0, it stops at the end of round 1
    expect(member.view.round).toBe(1)
    const late = abaMember(7)
    late.hear([1, 2, 3], 'term(1)')
    late.hear([1, 2, 3, 4, 5, 6], 'pre_0(0)', 'pre_0(1)')
    late.propose(0)
    late.hear([1, 2, 3, 4], 'vote_0(1)', 'main_0(*)', 'final_0(*)', 'fix_0(*)')
    expect(late.view.round).toBe(1)
    late.hear([1, 2, 3, 4], ...unanimous(1))
    expect(late.view.round).toBe(2)
  })

  test('without the brake it goes on', () => {
    const rng = { bit: () => 1 as const }
    const member = memberOf(quadraticRaba({ coin: localCoin({ rng }), brake: false }), 7)
    member.propose(1)
    member.hear([1, 2, 3, 4], 'fast', ...unanimous(1), ...unanimous(2), ...unanimous(3))
    expect(member.view.round).toBe(4)
  })
})
