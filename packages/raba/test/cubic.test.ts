import { fixedCoin } from '@mc/coin'
import { cubicAba, cubicRaba } from '@mc/raba'
import { describe, expect, test } from 'vitest'
import { cubicMember, cubicRabaMember } from './borne-member.js'
import { parityCoin } from './common-coin.js'
import { idealRbc } from './ideal-rbc.js'
import { voteRbc } from './vote-rbc.js'

type Member = ReturnType<typeof cubicMember>
const published = (n = 4) => cubicMember(n, { binding: false })

/** Brings a member of four through a hardened round that ends with the coin. */
function undecidedRound(member: Member, number: number): string[] {
  const vote = member.view.estimate === 0 ? 1 : 0
  return [
    ...member.hear([1, 2], `pre_${number}(0)`, `pre_${number}(1)`),
    ...member.hear([1, 2], `vote_${number}(${vote})`),
    ...member.hear([1, 2], `main_${number}(*)`),
    ...member.hear([1, 2], `final_${number}(*)`),
  ]
}

describe('a hardened round', () => {
  test('H1 to H4: PREVOTE(est); f + 1 relay; 2f + 1 enter bset; VOTE(first)', () => {
    const member = cubicMember()
    expect(member.propose(0)).toEqual(['pre_0(0)'])
    expect(member.hear([1], 'pre_0(1)')).toEqual([])
    expect(member.hear([2], 'pre_0(1)')).toEqual(['pre_0(1)', 'vote_0(1)'])
  })

  test('H3: 2f + 1, not f + 1: with n = 7, f = 2 three PREVOTEs and our own are not enough', () => {
    const member = cubicMember(7)
    member.propose(0)
    expect(member.hear([1, 2, 3], 'pre_0(1)')).toEqual(['pre_0(1)'])
    expect(member.hear([4], 'pre_0(1)')).toEqual(['vote_0(1)'])
  })

  test('MAINVOTE(v) is accepted only with f + 1 accepted VOTE(v), though v ∈ bset', () => {
    const member = cubicMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'pre_0(1)', 'vote_0(0)')
    expect(member.hear([1, 2], 'main_0(1)')).toEqual([])
    expect(member.hear([3], 'main_0(*)')).toEqual([])
  })

  test('H5, H6: n − f of v: v; mixed: *; the FINALVOTE goes by broadcast', () => {
    const alike = cubicMember()
    alike.propose(0)
    expect(alike.hear([1, 2], 'pre_0(0)', 'vote_0(0)')).toContain('main_0(0)')
    expect(alike.hear([1, 2], 'main_0(0)')).toEqual(['0: final_0(0)'])
    const mixed = cubicMember()
    mixed.propose(0)
    mixed.hear([1, 2], 'pre_0(0)', 'pre_0(1)')
    expect(mixed.hear([1, 2], 'vote_0(1)')).toEqual(['main_0(*)'])
    expect(mixed.hear([1, 2], 'main_0(*)')).toEqual(['0: final_0(*)'])
  })

  test('H7: n − f of v: decide v; f + 1 of v: est := v; else est := coin', () => {
    const deciding = cubicMember()
    deciding.propose(0)
    deciding.hear([1, 2], 'pre_0(0)', 'vote_0(0)', 'main_0(0)')
    expect(deciding.hear([1, 2], 'final_0(0)')).toContain('term(0)')
    expect(deciding.outputs).toEqual([0])
    const adopting = cubicMember()
    adopting.propose(0)
    adopting.hear([1, 2], 'pre_0(0)', 'pre_0(1)', 'vote_0(0)', 'main_0(0)')
    expect(adopting.hear([1], 'final_0(*)')).toEqual([])
    expect(adopting.hear([2], 'final_0(0)')).toEqual(['pre_1(0)'])
    expect(adopting.outputs).toEqual([])
    const flipping = cubicMember()
    flipping.propose(0)
    undecidedRound(flipping, 0)
    expect(flipping.view.estimate).toBe(1)
    expect(flipping.view.round).toBe(1)
  })

  test.each([0, 1] as const)('H7: f + 1 FINALVOTE(%i), and fewer than n − f, decide nothing', v => {
    const member = cubicMember()
    member.propose(v)
    member.hear([1, 2], `pre_0(${v})`, `pre_0(${1 - v})`, `vote_0(${v})`, `main_0(${v})`)
    member.hear([1], 'final_0(*)')
    expect(member.hear([2], `final_0(${v})`)).toEqual([`pre_1(${v})`])
    expect(member.outputs).toEqual([])
  })

  test('a single FINALVOTE(v) is not adopted: it may be a faulty member’s', () => {
    const member = cubicMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'pre_0(1)', 'vote_0(0)')
    member.hear([1], 'main_0(*)')
    expect(member.hear([2], 'main_0(0)')).toEqual(['0: final_0(*)'])
    member.hear([1], 'final_0(*)')
    expect(member.hear([2], 'final_0(0)')).toEqual(['pre_1(1)'])
  })

  test('MAINVOTE(v), FINALVOTE(v): f + 1 accepted votes of v a stage below; *: bset = {0, 1}', () => {
    const member = cubicMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'vote_0(0)')
    // 1 is not in bset, so * waits
    expect(member.hear([1, 2], 'main_0(*)')).toEqual([])
    expect(member.hear([1, 2], 'pre_0(1)')).toEqual(['pre_0(1)', '0: final_0(*)'])
    member.hear([1], 'final_0(1)')
    expect(member.hear([2], 'final_0(*)')).toEqual([])
    expect(member.hear([3], 'final_0(*)')).toEqual(['pre_1(1)'])
  })

  test('f + 1 FINALVOTEs of both values break the assumption of f faults: the member stops', () => {
    const member = cubicMember(7)
    member.propose(0)
    member.hear([1, 2, 3, 4], 'pre_0(0)', 'pre_0(1)')
    member.hear([1, 2, 3], 'vote_0(0)')
    member.hear([4, 5, 6], 'vote_0(1)')
    member.hear([1, 2, 3], 'main_0(0)')
    member.hear([4, 5], 'main_0(1)')
    member.hear([1, 2, 3], 'final_0(0)')
    member.hear([4, 5, 6], 'final_0(1)')
    // The third MAINVOTE(1) makes all three FINALVOTE(1) acceptable at once
    member.hear([6], 'main_0(1)')
    expect(member.faults).toEqual(['raba/invariant-broken'])
    expect(member.view.broken).toBe(true)
    expect(member.hear([1, 2, 3], 'term(0)')).toEqual([])
  })

  test('a common coin is flipped in every round that is left, for the sake of the others', () => {
    const member = cubicMember(4, { coin: parityCoin as never })
    member.propose(1)
    member.hear([1, 2], 'pre_0(1)', 'vote_0(1)', 'main_0(1)')
    expect(member.hear([1, 2], 'final_0(1)')).toContain('coin_0')
  })
})

describe('a published round', () => {
  test('C4, C5: MAINVOTE(first); n − f of v: FINALVOTE(v); mixed: FINALVOTE(*)', () => {
    const member = published()
    member.propose(0)
    expect(member.hear([1, 2], 'pre_0(0)')).toEqual(['main_0(0)'])
    expect(member.hear([1, 2], 'main_0(0)')).toEqual(['0: final_0(0)'])
    const mixed = published()
    mixed.propose(0)
    mixed.hear([1, 2], 'pre_0(0)', 'pre_0(1)')
    expect(mixed.hear([1, 2], 'main_0(1)')).toEqual(['0: final_0(*)'])
  })

  test('C3: 2f + 1, not f + 1: with n = 7, f = 2 three PREVOTEs and our own are not enough', () => {
    const member = published(7)
    member.propose(0)
    expect(member.hear([1, 2, 3], 'pre_0(1)')).toEqual(['pre_0(1)'])
    expect(member.hear([4], 'pre_0(1)')).toEqual(['main_0(1)'])
  })

  test('MAINVOTE(v) is accepted on v ∈ bset, not before', () => {
    const member = published()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)')
    member.hear([1], 'main_0(1)')
    expect(member.hear([2], 'main_0(0)')).toEqual([])
    expect(member.hear([1, 2], 'pre_0(1)')).toEqual(['pre_0(1)', '0: final_0(*)'])
  })

  test.each(['1', '*'])('FINALVOTE(%s) is accepted once bset = {0, 1}, not before', value => {
    const member = published()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'main_0(0)')
    member.hear([1], `final_0(${value})`)
    expect(member.hear([2], 'final_0(0)')).toEqual([])
    expect(member.hear([1, 2], 'pre_0(1)')).toEqual(['pre_0(1)', 'pre_1(0)'])
  })

  test('it has no VOTE, and its MAINVOTE is a bit', () => {
    const member = published()
    member.propose(0)
    member.hear([1], 'vote_0(0)', 'main_0(*)')
    expect(member.faults).toEqual(['raba/unexpected-vote by 1', 'raba/unexpected-mainvote by 1'])
  })
})

describe('round 0 of Cubic-RABA', () => {
  test('R1: propose(0): PREVOTE_0(0); R2, R5: propose(1): PREVOTE, MAINVOTE and FINALVOTE of 1 at once', () => {
    expect(cubicRabaMember().propose(0)).toEqual(['pre_0(0)'])
    expect([...cubicRabaMember().propose(1)].sort()).toEqual(['0: final_0(1)', 'main_0(1)', 'pre_0(1)'])
  })

  test('R3, R5: repropose: PREVOTE_0(1), and the fast path', () => {
    const member = cubicRabaMember()
    member.propose(0)
    expect(member.repropose().sort()).toEqual(['0: final_0(1)', 'main_0(1)', 'pre_0(1)'])
  })

  test('R5: not after MAINVOTE_0(0): the member continues normally', () => {
    const member = cubicRabaMember()
    member.propose(0)
    expect(member.hear([1, 2], 'pre_0(0)')).toEqual(['main_0(0)'])
    expect(member.repropose()).toEqual(['pre_0(1)'])
  })

  test('R3: in a later round the pre-vote still goes out', () => {
    const member = cubicRabaMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'main_0(0)', 'final_0(0)')
    expect(member.view.round).toBe(1)
    expect(member.repropose()).toEqual(['pre_0(1)'])
  })

  test('R4: f + 1 PREVOTE_0(1) are enough; 0 still needs 2f + 1', () => {
    const member = cubicRabaMember(7)
    member.propose(0)
    expect(member.hear([1, 2, 3], 'pre_0(0)')).toEqual([])
    expect([...member.hear([4, 5, 6], 'pre_0(1)')].sort()).toEqual(['0: final_0(1)', 'main_0(1)', 'pre_0(1)'])
  })

  test('R6: the coin of round 0 is the constant 1', () => {
    const member = cubicRabaMember(4, { coin: fixedCoin([0]) })
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'pre_0(1)')
    member.hear([1], 'main_0(0)')
    member.hear([2], 'main_0(1)')
    member.hear([1], 'final_0(0)')
    expect(member.hear([2], 'final_0(*)')).toEqual(['pre_1(1)'])
  })

  test('f + 1 of both values may meet: 1 wins, nobody is blamed', () => {
    const member = cubicRabaMember()
    member.propose(0)
    member.hear([1], 'pre_0(0)')
    member.hear([2], 'pre_0(0)', 'pre_0(1)')
    member.hear([3], 'pre_0(1)')
    member.hear([1, 2], 'main_0(0)')
    member.hear([2, 3], 'final_0(1)')
    expect(member.faults).toEqual([])
    expect(member.view.broken).toBe(false)
    expect(member.view.estimate).toBe(member.view.round === 1 ? 1 : 0)
  })
})

describe('faults, brake, bounds', () => {
  test('a second, different vote is its sender’s fault, and changes nothing', () => {
    const member = cubicMember()
    member.propose(0)
    member.hear([1], 'vote_0(0)', 'vote_0(1)', 'main_0(*)', 'main_0(1)', 'vote_0(0)', '1: final_0([3])')
    member.hear([2], 'term(0)', 'term(1)')
    expect(member.faults).toEqual([
      'raba/conflicting-vote by 1',
      'raba/conflicting-mainvote by 1',
      'raba/malformed-vote by 1',
      'raba/conflicting-term by 2',
    ])
  })

  test('B: a member enters at most one round after the one that its rules decided', () => {
    for (const brake of [true, false]) {
      const member = cubicMember(4, { brake })
      member.propose(1)
      for (const number of [0, 1, 2])
        member.hear(
          [1, 2],
          `pre_${number}(1)`,
          `vote_${number}(1)`,
          `main_${number}(1)`,
          `final_${number}(1)`,
        )
      expect(member.view.braked).toBe(brake)
      expect(member.view.round).toBe(brake ? 1 : 3)
    }
  })

  test('amplification runs for every round up to the current one until the halt', () => {
    const member = cubicMember()
    member.propose(0)
    member.hear([1, 2], 'pre_0(0)', 'vote_0(0)', 'main_0(0)', 'final_0(0)')
    expect(member.view.round).toBe(1)
    expect(member.hear([2, 3], 'pre_0(1)')).toEqual(['pre_0(1)'])
  })

  test('W + 1 rounds ahead nothing is stored; plain votes and broadcasts are asked for together, once', () => {
    const member = cubicMember(4, { roundsAhead: 1 })
    member.propose(0)
    member.hear([1], 'pre_2(0)', 'final_2(0)')
    member.hear([2], '3: final_2(0)')
    expect(member.view.votesDropped).toBe(3)
    expect(member.view.openBroadcasts).toBe(0)
    const sent = undecidedRound(member, 0)
    expect(sent.filter(message => message.includes('sync'))).toEqual([
      'to 1: sync-req(2..2)',
      'to 2: sync-req(2..2)',
    ])
  })

  test('a member answers with its plain votes, and repeats what its broadcasts have sent, each round once per peer', () => {
    const member = cubicMember()
    member.propose(0)
    undecidedRound(member, 0)
    // PREVOTE 0 and 1, VOTE 0, MAINVOTE *; the FINALVOTE travels by broadcast alone
    const plain = 0b11_01_11
    expect(member.hear([3], 'sync-req(0..0)')).toEqual([`to 3: sync-rep(0: ${plain})`, 'to 3: 0: final_0(*)'])
    expect(member.hear([3, 3], 'sync-req(0..4)')).toEqual(['to 3: sync-rep(1: 2)'])
  })

  test('a reply is treated exactly as if the votes had arrived one by one from that peer', () => {
    const [asked, told] = [cubicMember(), cubicMember()]
    for (const member of [asked, told]) member.propose(0)
    const reply = asked.hear([1, 2], 'sync-rep(0: 7 2)')
    expect([...reply].sort()).toEqual(
      [...told.hear([1, 2], 'pre_0(0)', 'pre_0(1)', 'vote_0(0)', 'pre_1(1)')].sort(),
    )
    asked.hear([1], 'sync-rep(0: 11)')
    expect(asked.faults).toEqual(['raba/conflicting-vote by 1'])
  })

  test('a Byzantine peer fills at most the window: 2 bytes a member and round, n broadcasts a round', () => {
    const [n, roundsAhead] = [4, 2]
    const member = cubicRabaMember(n, { roundsAhead })
    for (let number = 0; number < 50; number += 1) {
      member.hear([3], `pre_${number}(0)`, `main_${number}(1)`, `final_${number}(1)`)
      for (const proposer of [0, 1, 2]) member.hear([3], `${proposer}: final_${number}(0)`)
    }
    expect(member.view.openBroadcasts).toBe((n - 1) * (roundsAhead + 1))
    expect(member.view.slotBytes).toBe(2 * n * (roundsAhead + 1))
  })

  test('after the halt nothing is left; who asks for votes is told TERM, once', () => {
    const member = cubicMember()
    expect(member.hear([1, 2, 3], 'term(1)')).toEqual(['term(1)'])
    expect([member.view.halted, member.view.slotBytes, member.view.openBroadcasts]).toEqual([true, 0, 0])
    expect(member.hear([1, 1], 'sync-req(0..3)')).toEqual(['to 1: term(1)'])
  })

  test('a window of none is refused; the descriptor names its choices and its parts', () => {
    const coin = fixedCoin([0])
    expect(() => cubicAba({ coin, rbc: idealRbc, roundsAhead: 0 })).toThrow(RangeError)
    expect(() => cubicAba({ coin, rbc: { ...idealRbc, payloadBytesMax: 2 } })).toThrow(RangeError)
    const { name, parameters, parts } = cubicRaba({ coin, rbc: voteRbc, binding: false })
    expect([name, parameters]).toEqual(['raba/cubic', { binding: false, brake: true, roundsAhead: 8 }])
    expect([parts['coin']?.name, parts['rbc']?.name]).toEqual(['coin/fixed', 'rbc/bracha'])
    expect(cubicAba({ coin, rbc: voteRbc }).name).toBe('aba/cubic')
  })
})
