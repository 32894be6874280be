import { type Coin, localCoin } from '@mc/coin'
import { type Bit, peer, round } from '@mc/protocol'
import { type QuadraticMessage, quadraticAba, quadraticRaba, type RabaInput } from '@mc/raba'
import type { AgreementDefinition } from '@mc/raba/conformance'
import { type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspect } from '../src/quadratic/inspect.js'
import { PullLimit } from '../src/rounds/pull.js'
import { VotingRound } from '../src/rounds/voting-round.js'
import { RoundWindow } from '../src/rounds/window.js'
import { parityCoin } from './common-coin.js'
import { abaMember, type Member, rabaMember } from './driven.js'

/** Brings a member of four through a round that ends with the coin. */
function undecidedRound(member: Member, number: number): string[] {
  const vote = member.view.estimate === 0 ? 1 : 0
  return [
    ...member.hear([1, 2], `pre_${number}(0)`, `pre_${number}(1)`),
    ...member.hear([1, 2], `vote_${number}(${vote})`),
    ...member.hear([1, 2], `main_${number}(*)`, `final_${number}(*)`, `fix_${number}(*)`),
  ]
}

describe('the window', () => {
  test('votes up to W rounds ahead are stored, and count once the member gets there', () => {
    const member = abaMember(4, { roundsAhead: 2 })
    member.propose(0)
    member.hear([1, 2], 'pre_2(0)', 'vote_2(0)')
    undecidedRound(member, 0)
    const sent = undecidedRound(member, 1)
    expect(member.view.votesDropped).toBe(0)
    expect(sent).toEqual(expect.arrayContaining(['pre_2(0)', 'vote_2(0)', 'main_2(0)']))
  })

  test('W + 1 rounds ahead nothing is stored; once the window reaches the round, its votes are asked for, once', () => {
    const member = abaMember(4, { roundsAhead: 2 })
    member.propose(0)
    member.hear([1], 'pre_3(0)', 'vote_3(0)')
    member.hear([2], 'pre_3(0)')
    expect(member.view.votesDropped).toBe(3)
    expect(member.faults).toEqual([])
    const sent = undecidedRound(member, 0)
    expect(sent.filter(message => message.includes('sync'))).toEqual([
      'to 1: sync-req(3..3)',
      'to 2: sync-req(3..3)',
    ])
    expect(undecidedRound(member, 1).filter(message => message.includes('sync'))).toEqual([])
  })

  test('a reply is treated exactly as if the votes had arrived one by one from that peer', () => {
    const [asked, told] = [abaMember(), abaMember()]
    for (const member of [asked, told]) member.propose(0)
    // PREVOTE 0 and 1, VOTE 0; and in round 1 PREVOTE 1
    const reply = asked.hear([1, 2], 'sync-rep(0: 7 2)')
    const oneByOne = told.hear([1, 2], 'pre_0(0)', 'pre_0(1)', 'vote_0(0)', 'pre_1(1)')
    expect([...reply].sort()).toEqual([...oneByOne].sort())
    expect(reply).toContain('main_0(0)')
    asked.hear([1], 'sync-rep(0: 11)')
    expect(asked.faults).toEqual(['raba/conflicting-vote by 1'])
  })

  test('a member answers with its own votes, each round once per peer, and with what it has', () => {
    const member = abaMember(4)
    expect(member.hear([3], 'sync-req(0..5)')).toEqual([])
    member.propose(0)
    undecidedRound(member, 0)
    const own = member.view.ownVotes(0)
    expect(member.hear([3], 'sync-req(0..0)')).toEqual([`to 3: sync-rep(0: ${own})`])
    expect(member.hear([3, 3], 'sync-req(0..9)')).toEqual([`to 3: sync-rep(1: ${member.view.ownVotes(1)})`])
    expect(member.hear([2], 'sync-req(0..9)')).toHaveLength(1)
    expect(member.hear([1], 'sync-req(7..9)', 'sync-req(5..2)')).toEqual([])
  })

  test('a Byzantine peer that pretends to be far ahead costs nothing and hides nothing', () => {
    const member = abaMember(4, { roundsAhead: 2 })
    member.propose(0)
    for (let number = 1_000; number < 2_000; number += 1)
      member.hear([3], `pre_${number}(0)`, `vote_${number}(1)`)
    const { slotBytes } = member.view
    member.hear([3], 'pre_1048576(0)')
    expect(member.view.slotBytes).toBe(slotBytes)
    for (let number = 0; number < 5; number += 1) {
      expect(undecidedRound(member, number).filter(message => message.includes('sync'))).toEqual([])
    }
  })

  test('the slots take at most n · 2 bytes for each of W + 1 rounds and the rounds of the decision; the log 2 bytes a round', () => {
    for (const roundsAhead of [1, 8, 32]) {
      const member = rabaMember(4, { roundsAhead })
      member.propose(0)
      const flood = (from: number) => {
        for (let number = 0; number < 200; number += 1) {
          member.hear(
            [from],
            `pre_${number}(0)`,
            `vote_${number}(0)`,
            `main_${number}(*)`,
            `final_${number}(1)`,
          )
        }
      }
      flood(3)
      expect(member.view.slotBytes).toBe(4 * 2 * (roundsAhead + 1))
      member.hear([1, 2], 'pre_0(0)', 'vote_0(0)', 'main_0(0)', 'final_0(0)')
      expect(member.outputs).toEqual([0])
      flood(2)
      expect(member.view.slotBytes).toBeLessThanOrEqual(4 * 2 * (roundsAhead + 3))
      expect(member.view.logBytes).toBeLessThanOrEqual(4)
    }
  })

  test('a round that was left undecided is freed: both its values are relayed', () => {
    const member = abaMember(4, { roundsAhead: 4 })
    member.propose(0)
    for (let number = 0; number < 60; number += 1) undecidedRound(member, number)
    expect(member.view.round).toBe(60)
    expect(member.view.slotBytes).toBeLessThanOrEqual(4 * 2 * 5)
    expect(member.view.logBytes).toBe(2 * 61)
  })
})

describe('ranges and limits', () => {
  test('a far range is asked for in parts, the first half a window before it is needed, none twice and none left out', () => {
    const window = new RoundWindow(2, 8, n => new VotingRound(n))
    for (let number = 9; number <= 40; number += 1) window.noteMissed(peer(1), number)
    const asked: [number, number, number][] = []
    for (let current = 1; current <= 40; current += 1) {
      window.advance((_, { fromRound, toRound }) => asked.push([current, fromRound, toRound]))
    }
    let next = 9
    for (const [current, from, to] of asked) {
      expect(from).toBe(next)
      expect(from).toBeGreaterThanOrEqual(current)
      expect(to).toBeLessThanOrEqual(current + 8)
      next = to + 1
    }
    expect(next).toBe(41)
    expect(asked.length).toBeLessThan(10)
  })

  test('an answer holds at most W + 1 rounds', () => {
    const limit = new PullLimit(4, 8)
    const request = { type: 'sync-req', fromRound: round(0), toRound: round(500) } as const
    expect(limit.take(peer(1), request, 100)).toEqual({ fromRound: 0, toRound: 8 })
    expect(limit.take(peer(1), request, 100)).toEqual({ fromRound: 9, toRound: 17 })
    expect(limit.take(peer(2), { ...request, fromRound: round(95) }, 100)).toEqual({
      fromRound: 95,
      toRound: 99,
    })
    expect(limit.take(peer(2), request, 100)).toBeUndefined()
  })
})

/**
 * A and B run `rounds` rounds with a Byzantine partner that keeps them apart, while C hears nothing; then D falls silent and C
 * hears everything, newest first.
 */
function laggard<CoinMessage>(
  rounds: number,
  make: (rng: { bit(): Bit }) => AgreementDefinition<QuadraticMessage<CoinMessage>>,
): ScriptedNetwork<RabaInput, QuadraticMessage<CoinMessage>, Bit> {
  let apart = true
  const net = scriptedNetwork({
    n: 4,
    protocol: ({ index }) => make({ bit: () => (apart && index === 0 ? 0 : 1) }),
    params: committee => ({ committee, domain: ['laggard'] }),
    byzantine: [3],
  })
  const early = ({ from, to }: { readonly from: number; readonly to: number }) =>
    from !== 2 && to !== 2 && to !== 3
  net.input(0, { type: 'propose', bit: 0 })
  net.input(1, { type: 'propose', bit: 1 })
  for (let number = 0; number < rounds; number += 1) {
    const at = round(number)
    for (const to of [0, 1]) {
      for (const bit of [0, 1] as const) net.inject(3, to, { type: 'prevote', round: at, bit })
      net.inject(3, to, { type: 'vote', round: at, bit: 0 })
      for (const type of ['mainvote', 'finalvote', 'fixvote'] as const)
        net.inject(3, to, { type, round: at, value: '*' })
    }
    net.deliverAll(early)
  }
  expect(inspect(net.instance(0)).round).toBe(rounds)
  apart = false
  net.input(2, { type: 'propose', bit: 1 })
  return net
}

const catchUp = <CoinMessage>(net: ScriptedNetwork<RabaInput, QuadraticMessage<CoinMessage>, Bit>) => {
  net.deliver({ to: 2 }, delivery => -delivery.id)
  const { votesDropped } = inspect(net.instance(2))
  net.deliverAll()
  const members = [0, 1, 2].map(member => ({
    decided: net.outputs(member).length,
    halted: inspect(net.instance(member)).halted,
  }))
  return { members, votesDropped }
}

const binary = <CoinMessage>(coin: Coin<CoinMessage>) =>
  quadraticAba({ coin }) as AgreementDefinition<QuadraticMessage<CoinMessage>>

describe('laggards', () => {
  for (const rounds of [1, 50, 130]) {
    test(`a member that lags ${rounds} rounds behind catches up; all decide and halt`, () => {
      const net = laggard(rounds, rng => binary(localCoin({ rng })))
      const { members, votesDropped } = catchUp(net)
      expect(members).toEqual(Array(3).fill({ decided: 1, halted: true }))
      expect(votesDropped > 0).toBe(rounds > 32)
    })
  }

  test('mutant: without the pull, a member that lags more than a window behind blocks everybody for ever', () => {
    const net = laggard(50, rng => binary(localCoin({ rng })))
    net.deliver({ to: 2 }, delivery => -delivery.id)
    for (let quiet = false; !quiet; ) {
      net.drop(({ message }) => message.type === 'sync-req')
      quiet = net.deliverAll(({ message }) => message.type !== 'sync-req') === 0
    }
    expect([0, 1, 2].map(member => net.outputs(member))).toEqual([[], [], []])
  })
})

describe('a common coin', () => {
  test('its messages travel in their round, and everybody decides', () => {
    const net = scriptedNetwork({
      n: 4,
      protocol: () => quadraticRaba({ coin: parityCoin }),
      params: committee => ({ committee, domain: ['common'] }),
    })
    for (const member of [0, 1, 2, 3]) net.input(member, { type: 'propose', bit: member === 0 ? 1 : 0 })
    for (const member of [1, 2, 3]) net.input(member, { type: 'repropose' })
    net.deliverAll()
    expect(new Set([0, 1, 2, 3].map(member => net.outputs(member).join())).size).toBe(1)
    expect(net.faults).toEqual([])
  })

  test('a member flips a common coin in every round that it leaves, as others need its share', () => {
    const net = scriptedNetwork({
      n: 4,
      protocol: () => binary(parityCoin),
      params: committee => ({ committee, domain: ['common'] }),
    })
    for (const member of [0, 1, 2, 3]) net.input(member, { type: 'propose', bit: 1 })
    net.deliverAll(({ message }) => message.type !== 'coin' && message.type !== 'term')
    // Unanimous: nobody needs the bit of round 0
    const shares = net.pending({ where: message => message.type === 'coin' && message.round === 0 })
    expect(new Set(shares.map(({ from }) => from)).size).toBe(4)
  })

  test('T2 ends the waiting for a coin: est := decided', () => {
    const member = abaMember(7, { coin: parityCoin as never })
    member.propose(1)
    member.hear([1, 2, 3, 4], 'pre_0(0)', 'pre_0(1)')
    member.hear([1, 2, 3, 4], 'vote_0(0)', 'main_0(*)', 'final_0(*)')
    expect(member.hear([1, 2, 3, 4], 'fix_0(*)')).toEqual(['coin_0'])
    expect(member.hear([1, 2, 3], 'term(1)')).toEqual(['term(1)', 'pre_1(1)'])
  })

  test('what a laggard missed of the coins is sent again with the votes', () => {
    const member = abaMember(4, { coin: parityCoin as never })
    member.propose(0)
    for (let number = 0; number < 2; number += 1) {
      const sent = undecidedRound(member, number)
      expect(sent).toContain(`coin_${number}`)
      member.driven.message(peer(1), { type: 'coin', round: round(number), message: 7 as never })
    }
    expect(member.hear([3], 'sync-req(0..0)').slice(1)).toEqual(['to 3: coin_0'])
  })
})
