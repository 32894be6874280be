import { describe, expect, test } from 'vitest'
import { crainMember, type Member, sharing } from './driven.js'

/** Brings a member of four through a round that leaves nothing definite. */
const mixedRound = (member: Member, number: number): string[] => [
  ...member.hear([1, 2], `est_${number}(0)`, `est_${number}(1)`),
  ...member.hear([1], `aux_${number}(0)`),
  ...member.hear([2], `aux_${number}(1)`),
  ...member.hear([1, 2], `conf_${number}(*)`, `est2_${number}(*)`, `aux2_${number}(*)`),
]

const onlySync = (sent: readonly string[]) => sent.filter(message => message.includes('sync'))

describe('the window', () => {
  test('votes up to W rounds ahead are stored, and count once the member gets there', () => {
    const member = crainMember(4, { roundsAhead: 2 })
    member.propose(0)
    member.hear([1, 2], 'est_2(0)', 'aux_2(0)', 'conf_2(0)', 'est2_2(0)', 'aux2_2(0)')
    mixedRound(member, 0)
    const sent = mixedRound(member, 1)
    expect(member.view.votesDropped).toBe(0)
    expect(sent).toEqual(
      expect.arrayContaining(['est_2(0)', 'aux_2(0)', 'conf_2(0)', 'est2_2(0)', 'aux2_2(0)']),
    )
  })

  test('W + 1 rounds ahead nothing is stored or blamed; once the window gets there, the votes are asked for, once', () => {
    const member = crainMember(4, { roundsAhead: 2 })
    member.propose(0)
    member.hear([1], 'est_3(0)', 'aux_3(0)', 'conf_3(0)', 'est2_3(0)', 'aux2_3(0)')
    member.hear([2], 'est2_3(*)')
    expect(member.view.votesDropped).toBe(6)
    expect(member.faults).toEqual([])
    expect(onlySync(mixedRound(member, 0))).toEqual(['to 1: sync-req(3..3)', 'to 2: sync-req(3..3)'])
    expect(onlySync(mixedRound(member, 1))).toEqual([])
  })

  test('a reply is treated exactly as if the votes had arrived one by one from that peer', () => {
    const [asked, told] = [crainMember(), crainMember()]
    for (const member of [asked, told]) member.propose(0)
    // EST 0 and 1, AUX 0, CONF {0}, EST2 0, AUX2 0
    const record = 0b01_001_01_01_11
    const reply = asked.hear([1, 2], `sync-rep(0: ${record})`)
    const oneByOne = told.hear(
      [1, 2],
      'est_0(0)',
      'est_0(1)',
      'aux_0(0)',
      'conf_0(0)',
      'est2_0(0)',
      'aux2_0(0)',
    )
    expect([...reply].sort()).toEqual([...oneByOne].sort())
    expect(reply).toEqual(expect.arrayContaining(['conf_0(0)', 'est2_0(0)', 'aux2_0(0)', 'term(0)']))
  })

  test('a member answers with its own votes and shares, each round once per peer', () => {
    const member = crainMember(4, sharing)
    expect(member.hear([3], 'sync-req(0..5)')).toEqual([])
    member.propose(0)
    mixedRound(member, 0)
    const own = member.view.ownVotes(0)
    expect(own).toBe(0b11_100_11_01_11)
    expect(member.hear([3, 3], 'sync-req(0..0)')).toEqual([`to 3: sync-rep(0: ${own})`, 'to 3: coin_0(7)'])
    expect(member.hear([1], 'sync-req(7..9)', 'sync-req(5..2)')).toEqual([])
  })

  test('messages of a coin beyond the window are not passed on', () => {
    const member = crainMember(4, { ...sharing, roundsAhead: 2 })
    member.propose(1)
    member.hear([1], 'coin_3(7)')
    expect(member.view.votesDropped).toBe(1)
  })

  test('the slots take at most n · 2 bytes for each of W + 1 rounds, whatever one peer sends', () => {
    for (const roundsAhead of [1, 8, 32]) {
      const member = crainMember(4, { roundsAhead })
      member.propose(0)
      for (let number = 0; number < 200; number += 1) {
        member.hear([3], `est_${number}(0)`, `aux_${number}(0)`, `conf_${number}(*)`, `est2_${number}(1)`)
      }
      member.hear([3], 'est_1048576(1)')
      expect(member.view.slotBytes).toBe(4 * 2 * (roundsAhead + 1))
    }
  })

  test('a round is freed once it was left and both bits, * and a bit of stage two were relayed', () => {
    const member = crainMember(4, { roundsAhead: 4 })
    member.propose(0)
    for (let number = 0; number < 20; number += 1) mixedRound(member, number)
    expect(member.view.round).toBe(20)
    expect(member.view.slotBytes).toBe(4 * 2 * 21)
    for (let number = 0; number < 20; number += 1) member.hear([1, 2], `est2_${number}(1)`)
    expect(member.view.slotBytes).toBe(4 * 2)
  })

  test('a round that was decided is kept for as long as * was not relayed', () => {
    const member = crainMember()
    member.propose(1)
    member.hear([1, 2], ...['est', 'aux', 'conf', 'est2', 'aux2'].map(said => `${said}_0(1)`))
    expect(member.hear([1, 2], 'est_0(0)')).toEqual(['est_0(0)'])
    expect(member.view.round).toBe(1)
    expect(member.hear([1, 2], 'est2_0(*)')).toEqual(['est2_0(*)'])
  })
})
