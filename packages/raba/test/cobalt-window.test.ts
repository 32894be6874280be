import { type Bit, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspectCobalt } from '../src/cobalt/inspect.js'
import { cobaltMember, type Member, type Message, sharing, weakenedCobalt } from './cobalt-driven.js'
import { idealCoin, scriptedCoin } from './ideal-coin.js'

/** Brings a member of four through a round in which both values were relayed and U = {0, 1}. */
const mixedRound = (member: Member, number: number): string[] => [
  ...member.hear([1, 2], `bval_${number}(0)`, `bval_${number}(1)`),
  ...member.hear([1], `aux_${number}(0)`),
  ...member.hear([2], `aux_${number}(1)`),
  ...member.hear([1, 2], `conf_${number}(*)`),
]

describe('the window', () => {
  test('votes up to W rounds ahead are stored, and count once the member gets there', () => {
    const member = cobaltMember(4, { roundsAhead: 2 })
    member.propose(0)
    member.hear([1, 2], 'bval_2(0)', 'aux_2(0)')
    mixedRound(member, 0)
    const sent = mixedRound(member, 1)
    expect(member.view.votesDropped).toBe(0)
    expect(sent).toEqual(expect.arrayContaining(['bval_2(0)', 'aux_2(0)', 'conf_2(0)']))
  })

  test('W + 1 rounds ahead nothing is stored or blamed; once the window gets there, the votes are asked for, once', () => {
    const member = cobaltMember(4, { roundsAhead: 2 })
    member.propose(0)
    member.hear([1], 'bval_3(0)', 'aux_3(0)', 'conf_3(0)')
    member.hear([2], 'bval_3(0)')
    expect(member.view.votesDropped).toBe(4)
    expect(member.faults).toEqual([])
    expect(mixedRound(member, 0).filter(sent => sent.includes('sync'))).toEqual([
      'to 1: sync-req(3..3)',
      'to 2: sync-req(3..3)',
    ])
    expect(mixedRound(member, 1).filter(sent => sent.includes('sync'))).toEqual([])
  })

  test('a missed coin message is asked for like a missed vote', () => {
    const member = cobaltMember(4, { ...sharing, roundsAhead: 2 })
    member.propose(0)
    member.hear([1], 'coin_3(7)')
    mixedRound(member, 0)
    expect(member.hear([1], 'coin_0(7)')).toEqual(['to 1: sync-req(3..3)', 'bval_1(0)'])
  })

  test('a reply is treated exactly as if the votes had arrived one by one from that peer', () => {
    const [asked, told] = [cobaltMember(), cobaltMember()]
    for (const member of [asked, told]) member.propose(0)
    // BVAL 0 and 1, AUX 0; and in round 1 BVAL 1
    const reply = asked.hear([1, 2], 'sync-rep(0: 7 2)')
    const oneByOne = told.hear([1, 2], 'bval_0(0)', 'bval_0(1)', 'aux_0(0)', 'bval_1(1)')
    expect([...reply].sort()).toEqual([...oneByOne].sort())
    expect(reply).toContain('conf_0(0)')
    asked.hear([1], 'sync-rep(0: 11)')
    expect(asked.faults).toEqual(['raba/conflicting-aux by 1'])
  })

  test('a member answers with its own votes and shares, each round once per peer', () => {
    const member = cobaltMember(4, sharing)
    expect(member.hear([3], 'sync-req(0..5)')).toEqual([])
    member.propose(0)
    mixedRound(member, 0)
    const own = member.view.ownVotes(0)
    expect(member.hear([3, 3], 'sync-req(0..0)')).toEqual([`to 3: sync-rep(0: ${own})`, 'to 3: coin_0(7)'])
    expect(member.hear([2], 'sync-req(0..9)')).toHaveLength(2)
    expect(member.hear([1], 'sync-req(7..9)', 'sync-req(5..2)')).toEqual([])
  })

  test('the slots take at most n · 2 bytes for each of W + 1 rounds, whatever one peer sends', () => {
    for (const roundsAhead of [1, 8, 32]) {
      const member = cobaltMember(4, { roundsAhead })
      member.propose(0)
      for (let number = 0; number < 200; number += 1) {
        member.hear([3], `bval_${number}(0)`, `aux_${number}(0)`, `conf_${number}(*)`)
      }
      member.hear([3], 'bval_1048576(1)')
      expect(member.view.slotBytes).toBe(4 * 2 * (roundsAhead + 1))
    }
  })

  test('a round in which both values were relayed is freed when it is left', () => {
    const member = cobaltMember(4, { roundsAhead: 4 })
    member.propose(0)
    for (let number = 0; number < 60; number += 1) mixedRound(member, number)
    expect(member.view.round).toBe(60)
    expect(member.view.slotBytes).toBeLessThanOrEqual(4 * 2 * 5)
    expect(member.view.logBytes).toBe(2 * 61)
  })

  test('a round that was left with one value is kept for rule 2, until the other value is relayed', () => {
    const member = cobaltMember(4, { roundsAhead: 1, coin: scriptedCoin(1) })
    member.propose(0)
    member.hear([1, 2], 'bval_0(0)', 'aux_0(0)', 'conf_0(0)')
    expect(member.view.slotBytes).toBe(2 * 4 * 2)
    expect(member.hear([1, 2], 'bval_0(1)')).toEqual(['bval_0(1)'])
    expect(member.view.slotBytes).toBe(4 * 2)
  })
})

/**
 * A and B run `rounds` unanimous rounds with the help of D, as the coin never agrees with them, while C hears nothing; then D
 * falls silent, and the coin agrees with them.
 */
function laggard(rounds: number): ScriptedNetwork<RabaInput, Message, Bit> {
  const coin = idealCoin(0, domain => ((domain.at(-1) as number) < rounds ? 1 : 0))
  const net: ScriptedNetwork<RabaInput, Message, Bit> = scriptedNetwork({
    n: 4,
    protocol: () => weakenedCobalt(coin),
    params: committee => ({ committee, domain: ['laggard'] }),
    byzantine: [3],
  })
  net.input(0, { type: 'propose', bit: 0 })
  net.input(1, { type: 'propose', bit: 0 })
  for (let number = 0; number < rounds; number += 1) {
    const at = round(number)
    for (const to of [0, 1]) {
      net.inject(3, to, { type: 'bval', round: at, bit: 0 })
      net.inject(3, to, { type: 'aux', round: at, bit: 0 })
      net.inject(3, to, { type: 'conf', round: at, value: 0 })
    }
    net.deliverAll(({ to }) => to === 0 || to === 1)
  }
  expect(inspectCobalt(net.instance(0)).round).toBe(rounds)
  net.input(2, { type: 'propose', bit: 1 })
  return net
}

/** C hears the newest first. */
const hearLatestFirst = (net: ScriptedNetwork<RabaInput, Message, Bit>): number => {
  net.deliver({ to: 2 }, delivery => -delivery.id)
  return inspectCobalt(net.instance(2)).votesDropped
}

describe('laggards', () => {
  test.each([1, 50, 130])('a member that lags %d rounds behind catches up; all decide and halt', rounds => {
    const net = laggard(rounds)
    expect(hearLatestFirst(net) > 0).toBe(rounds > 32)
    net.deliverAll()
    expect([0, 1, 2].map(member => net.outputs(member))).toEqual([[0], [0], [0]])
    expect([0, 1, 2].every(member => inspectCobalt(net.instance(member)).halted)).toBe(true)
    expect(net.faults).toEqual([])
  })

  test('mutant: without the pull, a member that lags more than a window behind blocks everybody for ever', () => {
    const net = laggard(50)
    hearLatestFirst(net)
    for (let quiet = false; !quiet; ) {
      net.drop(({ message }) => message.type === 'sync-req')
      quiet = net.deliverAll(({ message }) => message.type !== 'sync-req') === 0
    }
    expect([0, 1, 2].map(member => net.outputs(member))).toEqual([[], [], []])
  })
})
