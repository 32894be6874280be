import { fixedCoin } from '@mc/coin'
import { describe, expect, test } from 'vitest'
import { abaMember, type Member } from './driven.js'

/** An ABA member of four that has proposed 0 and has both values in bset; it voted 0. */
function mixed(options?: Parameters<typeof abaMember>[1]): Member {
  const member = abaMember(4, options)
  member.propose(0)
  member.hear([1, 2], 'pre_0(0)')
  member.hear([1, 2], 'pre_0(1)')
  return member
}

/** The same, brought to the end of a stage by mixed votes. */
function afterMain(options?: Parameters<typeof abaMember>[1]): Member {
  const member = mixed(options)
  member.hear([1], 'vote_0(1)')
  member.hear([2], 'vote_0(0)')
  return member
}

describe('Q1 to Q7: an ordinary round (n = 4, f = 1)', () => {
  test('Q1: entering round r with est, a member broadcasts PREVOTE_r(est)', () => {
    expect(abaMember().propose(1)).toEqual(['pre_0(1)'])
  })

  test('nothing is sent before propose, and what was heard before counts after it', () => {
    const member = abaMember()
    expect(member.hear([1, 2, 3], 'pre_0(1)', 'vote_0(1)')).toEqual([])
    expect(member.propose(1)).toEqual(['pre_0(1)', 'vote_0(1)', 'main_0(1)'])
  })

  test('Q2: on f + 1 PREVOTE(v), own unsent, a member broadcasts PREVOTE(v), once', () => {
    const member = abaMember()
    member.propose(0)
    expect(member.hear([1], 'pre_0(1)')).toEqual([])
    expect(member.hear([2], 'pre_0(1)')).toEqual(['pre_0(1)', 'vote_0(1)'])
    expect(member.hear([3], 'pre_0(1)')).toEqual([])
  })

  test('Q2 counts peers, not messages', () => {
    const member = abaMember()
    member.propose(0)
    expect(member.hear([1, 1, 1], 'pre_0(1)')).toEqual([])
    expect(member.faults).toEqual([])
  })

  test('Q3, Q4: 2f + 1 PREVOTE(v) put v into bset, and the first value of bset is voted', () => {
    const member = abaMember()
    member.propose(0)
    expect(member.hear([1], 'pre_0(0)')).toEqual([])
    expect(member.hear([2], 'pre_0(0)')).toEqual(['vote_0(0)'])
  })

  test('Q3: of two values in one pass the own estimate is first', () => {
    for (const bit of [0, 1] as const) {
      const member = abaMember()
      member.hear([1, 2, 3], 'pre_0(0)', 'pre_0(1)')
      expect(member.propose(bit)).toContain(`vote_0(${bit})`)
    }
  })

  test('n = 6: 2f + 1 = 3 pre-votes are enough for bset, n − f = 5 votes are needed for a verdict', () => {
    const member = abaMember(6)
    member.propose(0)
    expect(member.hear([1, 2], 'pre_0(0)')).toEqual(['vote_0(0)'])
    expect(member.hear([1, 2, 3], 'vote_0(0)')).toEqual([])
    expect(member.hear([4], 'vote_0(0)')).toEqual(['main_0(0)'])
  })

  test('Q5: on n − f accepted VOTE, all v: MAINVOTE(v)', () => {
    const member = abaMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)')
    expect(member.hear([1, 2], 'vote_0(0)')).toEqual(['main_0(0)'])
  })

  test('Q5: on n − f accepted VOTE, mixed: MAINVOTE(*)', () => {
    const member = mixed()
    expect(member.hear([1], 'vote_0(1)')).toEqual([])
    expect(member.hear([2], 'vote_0(0)')).toEqual(['main_0(*)'])
  })

  test('Q5 needs the own VOTE, and a VOTE(v) is accepted only on v ∈ bset', () => {
    const member = abaMember()
    member.propose(0)
    expect(member.hear([1, 2, 3], 'vote_0(0)')).toEqual([])
    expect(member.hear([1, 2], 'pre_0(0)')).toEqual(['vote_0(0)', 'main_0(0)'])
  })

  test('a verdict is taken over all accepted votes, not over the first n − f', () => {
    const member = abaMember()
    member.hear([1], 'vote_0(1)')
    member.hear([2, 3], 'vote_0(0)')
    member.hear([1, 2, 3], 'pre_0(0)', 'pre_0(1)')
    // Own VOTE(0) comes as the fourth vote; by then three of four are for 0 and one is for 1, so 0 has n − f
    expect(member.propose(0)).toEqual(expect.arrayContaining(['vote_0(0)', 'main_0(*)']))
  })

  test('Q6, Q6b: a stage follows on n − f accepted votes of the stage before it', () => {
    const member = abaMember()
    member.propose(1)
    member.hear([1, 2], 'pre_0(1)', 'vote_0(1)')
    expect(member.hear([1], 'main_0(1)')).toEqual([])
    expect(member.hear([2], 'main_0(1)')).toEqual(['final_0(1)'])
    expect(member.hear([1], 'final_0(1)')).toEqual([])
    expect(member.hear([2], 'final_0(1)')).toEqual(['fix_0(1)'])
  })

  test('a stage needs the own vote of the stage before it, however many others have voted', () => {
    const member = abaMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)')
    // Two VOTEs are accepted, the own one and that of 1: enough to support MAINVOTE(0), not enough for the own one
    expect(member.hear([1], 'vote_0(0)')).toEqual([])
    expect(member.hear([1, 2, 3], 'main_0(0)')).toEqual([])
    expect(member.hear([2], 'vote_0(0)')).toEqual(['main_0(0)', 'final_0(0)'])
  })

  test('the round ends only after the own FIXVOTE, however many others have sent theirs', () => {
    const member = abaMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)')
    member.hear([1], 'vote_0(0)')
    expect(member.hear([1, 2, 3], 'main_0(0)', 'final_0(0)', 'fix_0(0)')).toEqual([])
    expect(member.outputs).toEqual([])
    member.hear([2], 'vote_0(0)')
    expect(member.outputs).toEqual([0])
  })

  test('n = 6: the round ends on n − f = 5 FIXVOTEs, not on 2f + 1', () => {
    const member = abaMember(6)
    member.propose(0)
    member.hear([1, 2, 3, 4], 'pre_0(0)', 'vote_0(0)', 'main_0(0)', 'final_0(0)')
    expect(member.hear([1, 2, 3], 'fix_0(0)')).toEqual([])
    expect(member.hear([4], 'fix_0(0)')).toEqual(['term(0)', 'pre_1(0)'])
  })

  test('Q7: n − f FIXVOTE(v): decide v, broadcast TERM(v), go on with est := v', () => {
    const member = abaMember()
    member.propose(1)
    member.hear([1, 2], 'pre_0(1)', 'vote_0(1)', 'main_0(1)', 'final_0(1)')
    expect(member.hear([1], 'fix_0(1)')).toEqual([])
    expect(member.hear([2], 'fix_0(1)')).toEqual(['term(1)', 'pre_1(1)'])
    expect(member.outputs).toEqual([1])
  })

  test('Q7: some accepted FIXVOTE(v): est := v', () => {
    const member = afterMain({ coin: fixedCoin([0]) })
    member.hear([3], 'vote_0(1)')
    // MAINVOTE(1) of 1 and 2 and * of our own are mixed, and so on upwards
    expect(member.hear([1, 2], 'main_0(1)')).toEqual(['final_0(*)'])
    expect(member.hear([1, 2], 'final_0(1)')).toEqual(['fix_0(*)'])
    expect(member.hear([1], 'fix_0(1)')).toEqual([])
    expect(member.hear([2], 'fix_0(*)')).toEqual(['pre_1(1)'])
    expect(member.outputs).toEqual([])
  })

  test('Q7: nothing but *: est := coin, flipped only then', () => {
    const member = afterMain()
    member.hear([1, 2], 'main_0(*)', 'final_0(*)')
    expect(member.hear([1], 'fix_0(*)')).toEqual([])
    expect(member.hear([2], 'fix_0(*)')[0]).toBe('pre_1(1)')
    expect(member.view.estimate).toBe(1)
  })

  test('Q7: the estimate of a decided member is its decision, also if TERM decided (T2)', () => {
    const member = abaMember(7)
    member.propose(1)
    member.hear([1, 2, 3, 4], 'pre_0(0)', 'pre_0(1)')
    member.hear([1, 2, 3], 'vote_0(0)')
    member.hear([4], 'vote_0(1)')
    member.hear([1, 2, 3, 4], 'main_0(*)', 'final_0(*)')
    expect(member.hear([1, 2, 3], 'term(0)')).toEqual(['term(0)'])
    expect(member.hear([1, 2, 3], 'fix_0(*)')).toEqual([])
    expect(member.hear([4], 'fix_0(*)')).toEqual(['pre_1(0)'])
  })

  test('four phases: the round ends on FINALVOTE, and a FIXVOTE is a fault', () => {
    const member = abaMember(4, { binding: false })
    member.propose(1)
    member.hear([1, 2], 'pre_0(1)', 'vote_0(1)', 'main_0(1)')
    member.hear([1], 'final_0(1)', 'fix_0(1)')
    expect(member.faults).toEqual(['raba/unexpected-fixvote by 1'])
    expect(member.hear([2], 'final_0(1)')).toEqual(['term(1)', 'pre_1(1)'])
  })

  test('FAST does not exist in an ABA', () => {
    const member = abaMember()
    member.propose(0)
    expect(member.hear([1, 2, 3], 'fast')).toEqual([])
    expect(member.faults).toEqual([1, 2, 3].map(by => `raba/unexpected-fast by ${by}`))
  })
})

describe('acceptance: a vote counts only when its line of the table holds', () => {
  test('VOTE(v): v ∈ bset', () => {
    const member = abaMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)')
    expect(member.hear([1, 2], 'vote_0(1)')).toEqual([])
    expect(member.hear([1, 2], 'pre_0(1)')).toEqual(['pre_0(1)', 'main_0(*)'])
  })

  test('MAINVOTE(v): v ∈ bset and ≥ f + 1 accepted VOTE(v)', () => {
    const member = afterMain()
    expect(member.hear([1, 2], 'main_0(1)')).toEqual([])
    expect(member.hear([3], 'vote_0(1)')).toEqual(['final_0(*)'])
  })

  test('FINALVOTE(v): v ∈ bset and ≥ f + 1 accepted MAINVOTE(v)', () => {
    const member = afterMain()
    member.hear([3], 'vote_0(1)')
    member.hear([1], 'main_0(*)')
    member.hear([2], 'main_0(1)')
    expect(member.hear([1, 2], 'final_0(1)')).toEqual([])
    expect(member.hear([3], 'main_0(1)')).toEqual(['fix_0(*)'])
  })

  test('FIXVOTE(v): v ∈ bset and ≥ f + 1 accepted FINALVOTE(v)', () => {
    const member = afterMain()
    member.hear([3], 'vote_0(1)')
    member.hear([1, 2], 'main_0(1)')
    member.hear([1], 'final_0(*)')
    expect(member.hear([2], 'final_0(1)')).toEqual(['fix_0(*)'])
    expect(member.hear([1, 2], 'fix_0(1)')).toEqual([])
    expect(member.view.round).toBe(0)
    expect(member.hear([3], 'final_0(1)')).toEqual(['pre_1(1)'])
  })

  test('MAINVOTE(*), FINALVOTE(*), FIXVOTE(*): bset = {0, 1}', () => {
    const member = abaMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'vote_0(0)')
    expect(member.hear([1, 2], 'main_0(*)')).toEqual([])
    expect(member.hear([1, 2], 'pre_0(1)')).toEqual(['pre_0(1)', 'final_0(*)'])
  })
})

describe('one slot per sender', () => {
  test('the first vote of a kind counts; a later different one is a fault and ignored', () => {
    const member = mixed()
    for (const kind of ['vote', 'main', 'final', 'fix']) member.hear([1], `${kind}_0(0)`, `${kind}_0(1)`)
    expect(member.faults).toEqual([
      'raba/conflicting-vote by 1',
      'raba/conflicting-mainvote by 1',
      'raba/conflicting-finalvote by 1',
      'raba/conflicting-fixvote by 1',
    ])
  })

  test('a later equal vote is ignored silently, and both pre-votes of one sender are legal', () => {
    const member = mixed()
    member.hear([1], 'vote_0(0)', 'vote_0(0)', 'pre_0(0)', 'pre_0(1)')
    expect(member.faults).toEqual([])
  })

  test('a stage vote of a round that was left serves no rule: it is dropped, and blames nobody', () => {
    const member = abaMember()
    member.propose(1)
    member.hear([1, 2], 'pre_0(1)', 'vote_0(1)', 'main_0(1)', 'final_0(1)', 'fix_0(1)')
    expect(member.view.round).toBe(1)
    expect(member.hear([1, 2], 'vote_0(0)', 'fix_0(0)')).toEqual([])
    expect(member.faults).toEqual([])
  })
})

describe('asserts', () => {
  test('an accepted last-stage 0 with an accepted 1 proves more than f faulty: report, stop voting, do not throw', () => {
    const member = abaMember(7)
    member.propose(0)
    for (const kind of ['pre', 'vote', 'main', 'final']) {
      member.hear([1, 2, 3], `${kind}_0(0)`)
      member.hear([4, 5, 6], `${kind}_0(1)`)
    }
    member.hear([1, 2, 3], 'pre_0(1)')
    member.hear([4, 5, 6], 'pre_0(0)')
    expect(member.view.ownVotes(0) >> 8).toBe(3)
    member.hear([1], 'fix_0(0)')
    expect(member.faults).toEqual([])
    expect(member.hear([4], 'fix_0(1)')).toEqual([])
    expect(member.faults).toEqual(['raba/invariant-broken'])
    expect(member.hear([2, 3, 5, 6], 'fix_0(*)', 'term(1)')).toEqual([])
    expect(member.outputs).toEqual([])
  })

  test('f + 1 TERM against the own decision: report, stop voting, do not throw', () => {
    const member = abaMember()
    member.propose(1)
    member.hear([1, 2], 'pre_0(1)', 'vote_0(1)', 'main_0(1)', 'final_0(1)', 'fix_0(1)')
    member.hear([1, 2], 'term(0)')
    expect(member.faults).toEqual(['raba/invariant-broken'])
    expect(member.hear([1, 2, 3], 'pre_1(0)', 'vote_1(1)', 'term(1)')).toEqual([])
    expect(member.outputs).toEqual([1])
    expect(member.view.broken).toBe(true)
  })
})
