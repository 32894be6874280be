import { type Bit, opposite, type Round, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { type Delivery, type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspect } from '../../src/quadratic/inspect.js'
import { bindingRound, fourPhaseRound } from '../../src/quadratic/ordinary-round.js'
import type { RoundRules } from '../../src/quadratic/round-rules.js'
import { hasVoted, VOTE } from '../../src/rounds/vote-record.js'
import type { Message } from '../liars.js'
import { accepting, weakened } from '../weakened.js'

type Network = ScriptedNetwork<RabaInput, Message, Bit>
const [A, B, C, D] = [0, 1, 2, 3] as const
const CUT_OFF = 40
const runs = Number(process.env['MC_SEEDS'] ?? 20)

const network = (rules: RoundRules, seed: number): Network =>
  scriptedNetwork({
    n: 4,
    seed,
    protocol: ({ random }) => weakened({ roundZero: rules, laterRounds: rules }, random),
    params: committee => ({ committee, domain: ['x1'] }),
    byzantine: [D],
  })

/** The coin-aware scheduler: in which round everybody agreed, or the cut-off if it could keep them apart for so long. */
function attack(rules: RoundRules, seed: number): number {
  const net = network(rules, seed)
  const estimate = (member: number): Bit => inspect(net.instance(member)).estimate
  net.input(A, { type: 'propose', bit: 0 })
  net.input(B, { type: 'propose', bit: 1 })
  net.input(C, { type: 'propose', bit: 0 })
  for (let number = 0; number < CUT_OFF; number += 1) {
    const apart = new Set([A, B, C].map(estimate)).size > 1
    if (!apart || [A, B, C].some(member => net.outputs(member).length > 0)) {
      net.deliverAll()
      expect([A, B, C].map(member => net.outputs(member).length)).toEqual([1, 1, 1])
      return number
    }
    playRound(net, round(number), estimate)
  }
  return CUT_OFF
}

function playRound(net: Network, number: Round, estimate: (member: number) => Bit): void {
  const say = (to: number, ...messages: readonly Message[]) => {
    for (const message of messages) net.inject(D, to, message)
  }
  const ofRound = (delivery: Delivery<Message>) =>
    'round' in delivery.message && delivery.message.round === number
  const prevotes = (to: number, bit?: Bit) => (delivery: Delivery<Message>) =>
    delivery.to === to &&
    ofRound(delivery) &&
    delivery.message.type === 'prevote' &&
    (bit === undefined || delivery.message.bit === bit)
  // 1. D sends both PREVOTE_r(0) and PREVOTE_r(1) to everybody
  for (const to of [A, B, C]) {
    say(to, { type: 'prevote', round: number, bit: 0 }, { type: 'prevote', round: number, bit: 1 })
  }
  // 2, 3. A and B get their pre-votes in such an order that they vote differently: who has voted relays the other value
  const targetA = estimate(A)
  const targetB = estimate(A) === estimate(B) ? opposite(estimate(B)) : estimate(B)
  const voted = (member: number) => hasVoted(inspect(net.instance(member)).ownVotes(number), VOTE)
  const steer = (member: number, target: Bit) =>
    net.deliverAll(prevotes(member, voted(member) ? undefined : target))
  for (let quiet = false; !quiet; ) quiet = steer(A, targetA) + steer(B, targetB) === 0
  // 4, 5. D says VOTE(0), then nothing but *; A and B see mixed votes all the way, flip, and enter r + 1
  for (const to of [A, B]) {
    say(to, { type: 'vote', round: number, bit: 0 })
    for (const type of ['mainvote', 'finalvote', 'fixvote'] as const)
      say(to, { type, round: number, value: '*' })
  }
  net.deliverAll(
    delivery => delivery.from !== C && delivery.to !== C && delivery.to !== D && ofRound(delivery),
  )
  // 6. Their pre-votes of r + 1 reveal the coins; v is what the coins are not
  const v = estimate(A) === estimate(B) ? opposite(estimate(A)) : 0
  // 7. C is steered to VOTE(v)
  net.deliverAll(prevotes(C, v))
  net.deliverAll(prevotes(C))
  // 8. C collects n − f VOTE(v) and sends MAINVOTE(v)
  say(C, { type: 'vote', round: number, bit: v })
  const votesForV = (delivery: Delivery<Message>) =>
    delivery.to === C && ofRound(delivery) && delivery.message.type === 'vote' && delivery.message.bit === v
  net.deliverAll(votesForV)
  // 9. D's votes for v, then those of A: where FIXVOTE needs no support, C adopts v against the coins
  for (const type of ['mainvote', 'finalvote', 'fixvote'] as const) say(C, { type, round: number, value: v })
  for (const from of [D, A, B]) {
    net.deliverAll(delivery => delivery.from === from && delivery.to === C && ofRound(delivery))
  }
  // 10. The rest of round r
  net.deliverAll(delivery => delivery.to !== D && ofRound(delivery))
}

const survivors = (rules: RoundRules): number =>
  Array.from({ length: runs }, (_, seed) => attack(rules, seed)).filter(rounds => rounds === CUT_OFF).length

describe('X1: a scheduler that reads the coins, against Quadratic-ABA', () => {
  test('four phases are not binding: the attack survives every run to the cut-off', () => {
    expect(survivors(fourPhaseRound)).toBe(runs)
  })

  test('five phases are binding: the attack ends in every run', () => {
    expect(survivors(bindingRound)).toBe(0)
  })

  test('mutant: with FIXVOTE(v) accepted on v ∈ bset the attack survives again', () => {
    expect(survivors(accepting(bindingRound, { fixvote: (state, bit) => state.inBset(bit) }))).toBe(runs)
  })

  test('the support tests of FINALVOTE and MAINVOTE are redundant inside a five-phase round', () => {
    expect(survivors(accepting(bindingRound, { finalvote: (state, bit) => state.inBset(bit) }))).toBe(0)
    expect(survivors(accepting(bindingRound, { mainvote: (state, bit) => state.inBset(bit) }))).toBe(0)
  })
})
