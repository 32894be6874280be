import { describe, expect, test } from 'vitest'
import { abaMember, rabaMember } from './driven.js'

describe('R1 to R8: round 0 of the RABA, rule set S2 (n = 4, f = 1)', () => {
  test('R1: propose(0): broadcast PREVOTE_0(0)', () => {
    expect(rabaMember().propose(0)).toEqual(['pre_0(0)'])
  })

  test('R2, R5: propose(1): 1 ∈ bset_0, so PREVOTE, VOTE, MAINVOTE and FINALVOTE of 1 leave at once, as FAST', () => {
    const member = rabaMember()
    expect(member.propose(1)).toEqual(['fast'])
    expect(member.view.ownVotes(0)).toBe(0b10101010)
  })

  test('unanimous 1 decides after one communication step', () => {
    const member = rabaMember()
    member.propose(1)
    expect(member.hear([1], 'fast')).toEqual([])
    expect(member.hear([2], 'fast')).toEqual(['term(1)', 'pre_1(1)'])
    expect(member.outputs).toEqual([1])
  })

  test('FAST fills the four slots: its single votes afterwards are duplicates, other values conflicts', () => {
    const member = rabaMember()
    member.propose(0)
    member.hear([1], 'fast', 'pre_0(1)', 'vote_0(1)', 'main_0(1)', 'final_0(1)')
    expect(member.faults).toEqual([])
    member.hear([1], 'vote_0(0)', 'main_0(0)', 'final_0(*)')
    expect(member.faults).toHaveLength(3)
  })

  test('R3: repropose(1) before VOTE_0 was sent: FAST', () => {
    const member = rabaMember()
    member.propose(0)
    expect(member.repropose()).toEqual(['fast'])
  })

  test('R3, R5: repropose(1) after VOTE_0(0) was sent: PREVOTE_0(1) only', () => {
    const member = rabaMember()
    member.propose(0)
    expect(member.hear([1, 2], 'pre_0(0)')).toEqual(['vote_0(0)'])
    expect(member.repropose()).toEqual(['pre_0(1)'])
  })

  test('R3: repropose(1) in a later round still sends PREVOTE_0(1), as it helps laggards, and nothing twice', () => {
    const member = rabaMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'vote_0(0)', 'main_0(0)', 'final_0(0)')
    expect(member.view.round).toBe(1)
    expect(member.repropose()).toEqual(['pre_0(1)'])
    expect(member.hear([1, 2], 'pre_0(1)')).toEqual([])
  })

  test('R4: f + 1 PREVOTE_0(1) put 1 into bset_0 (and R5 follows); value 0 still needs 2f + 1', () => {
    const member = rabaMember()
    member.propose(0)
    expect(member.hear([1], 'pre_0(1)')).toEqual([])
    expect(member.hear([2], 'pre_0(1)')).toEqual(['fast'])
    const other = rabaMember()
    other.propose(0)
    expect(other.hear([1], 'pre_0(0)')).toEqual([])
    expect(other.hear([2], 'pre_0(0)')).toEqual(['vote_0(0)'])
  })

  test('R5 comes before Q4: if both values enter in one pass, 1 wins', () => {
    const member = rabaMember()
    member.hear([1, 2, 3], 'pre_0(0)')
    member.hear([1, 2], 'pre_0(1)')
    expect(member.propose(0)).toEqual(['fast', 'pre_0(0)'])
  })

  test('R6: votes for 1 need only 1 ∈ bset_0, no f + 1 support', () => {
    const member = rabaMember()
    member.propose(0)
    member.hear([1], 'fast')
    member.hear([1, 2], 'pre_0(0)')
    member.hear([2], 'vote_0(0)')
    // 1 is not in bset_0 here: member 1 alone speaks for it
    expect(member.view.ownVotes(0) >> 4).toBe(0)
    expect(member.hear([2], 'pre_0(1)')).toEqual(['pre_0(1)', 'main_0(*)'])
    // MAINVOTE_0(1) of member 1, * of our own, * of member 2
    expect(member.hear([2], 'main_0(*)')).toEqual(['final_0(*)'])
  })

  test('R6: votes for 0 need the support that they need in any round', () => {
    const member = rabaMember()
    member.propose(1)
    member.hear([1, 2, 3], 'pre_0(0)')
    expect(member.hear([1, 2], 'final_0(0)')).toEqual([])
    expect(member.hear([1, 2], 'main_0(0)')).toEqual([])
    expect(member.view.round).toBe(0)
    expect(member.hear([1, 2], 'vote_0(0)')).toContain('pre_1(0)')
  })

  test('R7: n − f ones decide 1', () => {
    const member = rabaMember()
    member.propose(1)
    expect(member.hear([1, 2], 'pre_0(1)', 'final_0(1)')).toEqual(['term(1)', 'pre_1(1)'])
  })

  test('R7: n − f zeros decide 0, after four communication steps', () => {
    const member = rabaMember()
    expect(member.propose(0)).toEqual(['pre_0(0)'])
    expect(member.hear([1, 2], 'pre_0(0)')).toEqual(['vote_0(0)'])
    expect(member.hear([1, 2], 'vote_0(0)')).toEqual(['main_0(0)'])
    expect(member.hear([1, 2], 'main_0(0)')).toEqual(['final_0(0)'])
    expect(member.hear([1], 'final_0(0)')).toEqual([])
    expect(member.hear([2], 'final_0(0)')).toEqual(['term(0)', 'pre_1(0)'])
    expect(member.outputs).toEqual([0])
  })

  test('R7: some accepted 0, anything else: no decision, est_1 = 0', () => {
    const member = rabaMember()
    member.propose(1)
    member.hear([1, 2, 3], 'pre_0(0)')
    member.hear([1, 2], 'vote_0(0)', 'main_0(0)')
    member.hear([1], 'final_0(0)')
    expect(member.hear([3], 'final_0(*)')).toContain('pre_1(0)')
    expect(member.outputs).toEqual([])
  })

  test('R7: no accepted 0, fewer than n − f ones: no decision, est_1 = 1, and no coin is flipped', () => {
    const member = rabaMember()
    member.propose(1)
    member.hear([1, 2, 3], 'pre_0(0)')
    expect(member.hear([1, 2], 'final_0(*)')).toContain('pre_1(1)')
    expect(member.outputs).toEqual([])
  })

  test('R8: rounds ≥ 1 are binding: FIXVOTE is a fault in round 0 and a vote in round 1', () => {
    const member = rabaMember()
    member.propose(0)
    member.hear([1], 'fix_0(0)', 'fix_1(0)')
    expect(member.faults).toEqual(['raba/unexpected-fixvote by 1'])
  })

  test('assert of round 0: n − f accepted ones together with an accepted 0: report, stop voting, do not throw', () => {
    const member = rabaMember(7)
    member.hear([1, 2, 3, 4, 5], 'pre_0(0)', 'final_0(1)')
    member.hear([1, 2, 3], 'vote_0(0)', 'main_0(0)')
    member.hear([6], 'final_0(0)')
    expect(member.propose(1)).toEqual(['fast', 'pre_0(0)'])
    expect(member.faults).toEqual(['raba/invariant-broken'])
    expect(member.outputs).toEqual([])
    expect(member.hear([1, 2, 3], 'term(1)')).toEqual([])
  })
})

describe('rule set S1, the fallback', () => {
  const member = () => rabaMember(4, { roundZero: 's1' })

  test('n − f ones decide 1', () => {
    const one = member()
    one.propose(1)
    expect(one.hear([1, 2], 'fast')).toEqual(['term(1)', 'pre_1(1)'])
  })

  test('n − f zeros do not decide: est_1 = 0, and round 1 decides', () => {
    const zero = member()
    zero.propose(0)
    zero.hear([1, 2], 'pre_0(0)', 'vote_0(0)', 'main_0(0)')
    expect(zero.hear([1, 2], 'final_0(0)')).toEqual(['pre_1(0)'])
    expect(zero.outputs).toEqual([])
    zero.hear([1, 2], 'pre_1(0)', 'vote_1(0)', 'main_1(0)', 'final_1(0)', 'fix_1(0)')
    expect(zero.outputs).toEqual([0])
  })

  test('est_1 = 1 if any 1 was accepted', () => {
    const some = member()
    some.propose(1)
    some.hear([1, 2, 3], 'pre_0(0)')
    some.hear([1, 2], 'vote_0(0)', 'main_0(0)')
    some.hear([1], 'final_0(0)')
    expect(some.hear([3], 'final_0(*)')).toContain('pre_1(1)')
  })
})

describe('inputs', () => {
  test('an ABA cannot repropose, whatever the types were told', () => {
    const aba = abaMember()
    aba.propose(0)
    expect(() => aba.repropose()).toThrow(TypeError)
  })

  test('only bits can be proposed', () => {
    expect(() => rabaMember().propose(2 as 0)).toThrow(RangeError)
  })

  test('propose and repropose after the halt change nothing and do not throw', () => {
    const member = rabaMember()
    member.hear([1, 2, 3], 'term(0)')
    expect(member.view.halted).toBe(true)
    expect(member.propose(0)).toEqual([])
    expect(member.repropose()).toEqual([])
    expect(member.outputs).toEqual([0])
  })
})
