import { type Bit, opposite, type Round, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { type Delivery, type ScriptedNetwork, scriptedNetwork } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspectCobalt } from '../src/cobalt/inspect.js'
import { type CobaltRules, cobaltRules } from '../src/cobalt/rules.js'
import { AUX, CONF } from '../src/cobalt/stages.js'
import { crusaderRules } from '../src/crusader/crusader-rules.js'
import { mmrRules } from '../src/mmr/mmr-rules.js'
import { hasVoted, voteOf } from '../src/rounds/vote-record.js'
import { fPlus1Rules, type Message, weakenedCobalt } from './cobalt-driven.js'
import { type IdealCoin, idealCoin } from './ideal-coin.js'

type Network = ScriptedNetwork<RabaInput, Message, Bit>
const [A, B, C, D] = [0, 1, 2, 3] as const
const CUT_OFF = 40
const runs = Number(process.env['MC_SEEDS'] ?? 12)

/** What D tells C about the values it saw. */
type Tale = (v: Bit) => Bit | '*'

/** How many rounds the scheduler, which reads the coin once it is out, keeps everybody from deciding by a rule. TERM is off. */
function attack(rules: CobaltRules, tale: Tale, seed: number): number {
  const coin = idealCoin(seed)
  const net: Network = scriptedNetwork({
    n: 4,
    seed,
    protocol: () => weakenedCobalt(coin, { rules }),
    params: committee => ({ committee, domain: ['x2'] }),
    byzantine: [D],
  })
  net.input(A, { type: 'propose', bit: 0 })
  net.input(B, { type: 'propose', bit: 1 })
  net.input(C, { type: 'propose', bit: 0 })
  for (let number = 0; number < CUT_OFF; number += 1) {
    playRound(net, round(number), coin, tale)
    if ([A, B, C].some(member => net.outputs(member).length > 0)) {
      net.deliverAll()
      expect([A, B, C].map(member => net.outputs(member).length)).toEqual([1, 1, 1])
      return number + 1
    }
  }
  return CUT_OFF
}

function playRound(net: Network, number: Round, coin: IdealCoin, tale: Tale): void {
  const estimate = (member: number): Bit => inspectCobalt(net.instance(member)).estimate
  const say = (to: number, ...messages: readonly Message[]) => {
    for (const message of messages) net.inject(D, to, message)
  }
  const ofRound = ({ message }: Delivery<Message>) => 'round' in message && message.round === number
  const bvals = (to: number, bit?: Bit) => (delivery: Delivery<Message>) =>
    delivery.to === to &&
    ofRound(delivery) &&
    delivery.message.type === 'bval' &&
    (bit === undefined || delivery.message.bit === bit)
  // 1. D sends both BVAL_r(0) and BVAL_r(1) to everybody
  for (const to of [A, B, C]) {
    say(to, { type: 'bval', round: number, bit: 0 }, { type: 'bval', round: number, bit: 1 })
  }
  // 2, 3. A and B get their BVAL in such an order that they send different AUX: who has sent it relays the other value
  const targetA = estimate(A)
  const targetB = estimate(A) === estimate(B) ? opposite(estimate(B)) : estimate(B)
  const sentAux = (member: number) => hasVoted(inspectCobalt(net.instance(member)).ownVotes(number), AUX)
  const steer = (member: number, target: Bit) =>
    net.deliverAll(bvals(member, sentAux(member) ? undefined : target))
  for (let quiet = false; !quiet; ) quiet = steer(A, targetA) + steer(B, targetB) === 0
  // 4, 5. D says AUX(0), CONF({0, 1}); A and B finish the round with U = {0, 1}, and the coin is out
  for (const to of [A, B]) {
    say(to, { type: 'aux', round: number, bit: 0 }, { type: 'conf', round: number, value: '*' })
  }
  net.deliverAll(
    ({ from, to, ...rest }) => from !== C && (to === A || to === B) && ofRound({ from, to, ...rest }),
  )
  // 6, 7. v is what the coin is not; C is steered to first = v
  const v = opposite(coin.revealed(number) ?? 0)
  net.deliverAll(bvals(C, v))
  // 8. C gets n − f AUX(v), from D and from whoever sent it, before it sees 1 − v win; then D's tale, and everything else
  say(C, { type: 'aux', round: number, bit: v }, { type: 'conf', round: number, value: tale(v) })
  net.deliverAll(
    delivery =>
      delivery.to === C && ofRound(delivery) && delivery.message.type === 'aux' && delivery.message.bit === v,
  )
  net.deliverAll(bvals(C))
  net.deliverAll(delivery => delivery.from === D && delivery.to === C && ofRound(delivery))
  net.deliverAll(delivery => delivery.to !== D && ofRound(delivery))
}

const outcomes = (rules: CobaltRules, tale: Tale): readonly number[] =>
  Array.from({ length: runs }, (_, seed) => attack(rules, tale, seed))

/** CONF is waited for, but U is the set that the member itself has seen in AUX. */
const ownSetRules: CobaltRules = {
  ...cobaltRules,
  union: (state, own, committee) =>
    cobaltRules.union(state, own, committee) === undefined ? undefined : voteOf(own, CONF),
}

describe('X2: a scheduler that reads the coin, against agreement over a common coin', () => {
  test('MMR without CONF never ends before the cut-off', () => {
    expect(outcomes(mmrRules, () => '*')).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('mutant: CONF, but U from the own AUX set, never ends either', () => {
    expect(outcomes(ownSetRules, () => '*')).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('mutant: U from f + 1 CONF({v}) never ends either', () => {
    expect(outcomes(fPlus1Rules, v => v)).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('mutant: crusader agreement with U from f + 1 CONF({v}) never ends either', () => {
    const rules = { ...fPlus1Rules, confirm: crusaderRules.confirm }
    expect(outcomes(rules, v => v)).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('crusader agreement, U from n − f unanimous CONF, ends in every run', () => {
    const rounds = outcomes(crusaderRules, v => v)
    expect(Math.max(...rounds)).toBeLessThan(CUT_OFF)
  })

  test.each<[string, Tale]>([
    ['CONF({v})', v => v],
    ['CONF({0, 1})', () => '*'],
  ])('Cobalt, U from n − f unanimous CONF, ends in every run, whether D tells C %s', (_, tale) => {
    const rounds = outcomes(cobaltRules, tale)
    const mean = rounds.reduce((sum, count) => sum + count, 0) / runs
    expect(Math.max(...rounds)).toBeLessThan(CUT_OFF)
    expect(mean).toBeGreaterThan(1.8)
    expect(mean).toBeLessThan(3.6)
  })
})
