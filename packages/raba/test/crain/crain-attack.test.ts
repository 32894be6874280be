import { localCoin } from '@mc/coin'
import { type Bit, fPlus1, opposite, type Round, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { type Delivery, type ScriptedNetwork, scriptedNetwork, seededRandom } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspectCrain } from '../../src/crain/inspect.js'
import { AUX, CONF, saysAny, VALUES } from '../../src/crain/record.js'
import { bindingStages, type CrainRules, plainStages } from '../../src/crain/rules.js'
import { type IdealCoin, idealCoin } from '../ideal-coin.js'
import { type Message, weakenedCrain } from './driven.js'

type Network = ScriptedNetwork<RabaInput, Message, Bit>
const [A, B, C, D] = [0, 1, 2, 3] as const
const CUT_OFF = 40
const runs = Number(process.env['MC_SEEDS'] ?? 12)

/** How many rounds the scheduler, which reads coins once they are out, keeps everybody from deciding by a rule. TERM is off. */
function attack(rules: CrainRules, seed: number, isCommon: boolean): number {
  const coin = idealCoin(seed)
  const net: Network = scriptedNetwork({
    n: 4,
    seed,
    protocol: ({ index }) =>
      weakenedCrain(isCommon ? coin : localCoin({ rng: seededRandom(`${seed}/${index}`) }), { rules }),
    params: committee => ({ committee, domain: ['crain'] }),
    byzantine: [D],
  })
  net.input(A, { type: 'propose', bit: 0 })
  net.input(B, { type: 'propose', bit: 1 })
  net.input(C, { type: 'propose', bit: 0 })
  for (let number = 0; number < CUT_OFF; number += 1) {
    playRound(net, round(number), coin, rules)
    if ([A, B, C].some(member => net.outputs(member).length > 0)) {
      net.deliverAll()
      expect([A, B, C].map(member => net.outputs(member).length)).toEqual([1, 1, 1])
      return number + 1
    }
  }
  return CUT_OFF
}

function playRound(net: Network, number: Round, coin: IdealCoin, rules: CrainRules): void {
  const view = (member: number) => inspectCrain(net.instance(member))
  const say = (to: number, ...messages: readonly Message[]) => {
    for (const message of messages) net.inject(D, to, message)
  }
  const confirms = rules.lastOfStageOne === CONF
  const ofRound = ({ message }: Delivery<Message>) => 'round' in message && message.round === number
  const ests = (to: number, bit?: Bit) => (delivery: Delivery<Message>) =>
    delivery.to === to &&
    ofRound(delivery) &&
    delivery.message.type === 'est' &&
    (bit === undefined || delivery.message.bit === bit)
  // 1. D says EST_r(0) and EST_r(1) to everybody
  for (const to of [A, B, C]) {
    say(to, { type: 'est', round: number, bit: 0 }, { type: 'est', round: number, bit: 1 })
  }
  // 2. A and B get their EST in such an order that they say different AUX
  const targetA = view(A).estimate
  const targetB = targetA === view(B).estimate ? opposite(targetA) : view(B).estimate
  const saidAux = (member: number) => saysAny(view(member).ownVotes(number), AUX)
  const steer = (member: number, target: Bit) =>
    net.deliverAll(ests(member, saidAux(member) ? undefined : target))
  for (let quiet = false; !quiet; ) quiet = steer(A, targetA) + steer(B, targetB) === 0
  // 3. D says AUX(0), CONF({0, 1}), EST2(*) and AUX2(*): A and B end the round with * alone, and the coin is out
  for (const to of [A, B]) {
    say(to, { type: 'aux', round: number, bit: 0 })
    if (confirms) say(to, { type: 'conf', round: number, value: '*' })
    say(to, { type: 'est2', round: number, value: '*' }, { type: 'aux2', round: number, value: '*' })
  }
  net.deliverAll(delivery => delivery.from !== C && delivery.to <= B && ofRound(delivery))
  // 4. v is what the coins are not: all that have flipped must have got the same for the estimates to be at stake
  const [a, b] = [view(A).estimate, view(B).estimate]
  const v = a === b ? opposite(coin.revealed(number) ?? a) : 0
  // 5. C is steered to AUX(v), and gets n − f AUX(v): D's, its own, and that of whoever of A and B said it
  net.deliverAll(ests(C, v))
  net.deliverAll(ests(C))
  say(C, { type: 'aux', round: number, bit: v })
  const auxOfV = ({ to, message }: Delivery<Message>) =>
    to === C && message.type === 'aux' && message.round === number && message.bit === v
  net.deliverAll(auxOfV)
  if (confirms) {
    say(C, { type: 'conf', round: number, value: v })
    net.deliverAll(({ from, to, message }) => from === D && to === C && message.type === 'conf')
    net.deliverAll(({ to, message }) => to === C && message.type === 'conf' && message.round === number)
  }
  // 6. If C carries v into stage two, D does so, too: A and B relay it, and C sees AUX2(v) before it sees *
  for (const to of [A, B, C]) say(to, { type: 'est2', round: number, value: v })
  say(C, { type: 'aux2', round: number, value: v })
  const est2 = (value: Bit | '*') => (delivery: Delivery<Message>) =>
    ofRound(delivery) && delivery.message.type === 'est2' && delivery.message.value === value
  if (view(C).carried === v) net.deliverAll(est2(v))
  net.deliverAll(delivery => delivery.from === D && delivery.to === C && ofRound(delivery))
  net.deliverAll(delivery => delivery.to !== D && ofRound(delivery))
}

const outcomes = (rules: CrainRules, isCommon: boolean): readonly number[] =>
  Array.from({ length: runs }, (_, seed) => attack(rules, seed, isCommon))

/** CONF is waited for, but x is what the member itself has seen in AUX. */
const ownViewRules: CrainRules = {
  ...bindingStages,
  view: (state, own, committee) =>
    bindingStages.view(state, own, committee) === undefined
      ? undefined
      : (VALUES[CONF] as readonly (Bit | '*')[])[((own >> 4) & 3) - 1],
}

/** x := v on f + 1 CONF({v}), instead of n − f. */
const fPlus1Rules: CrainRules = {
  ...bindingStages,
  view: (state, own, committee) => {
    const carried = bindingStages.view(state, own, committee)
    if (carried !== '*') return carried
    if (state.accepted(CONF, 1) >= fPlus1(committee)) return 1
    return state.accepted(CONF, 0) >= fPlus1(committee) ? 0 : '*'
  },
}

describe.each([
  ['a common coin', true],
  ['local coins', false],
])('a scheduler that reads coins, against Crain’s agreement over %s', (_, isCommon) => {
  test('the two stages alone never end before the cut-off', () => {
    expect(outcomes(plainStages, isCommon)).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('mutant: CONF, but x from the own AUX set, never ends either', () => {
    expect(outcomes(ownViewRules, isCommon)).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('mutant: x := v on f + 1 CONF({v}) never ends either', () => {
    expect(outcomes(fPlus1Rules, isCommon)).toEqual(Array(runs).fill(CUT_OFF))
  })

  test('x from n − f unanimous CONF: it ends in every run', () => {
    const rounds = outcomes(bindingStages, isCommon)
    const mean = rounds.reduce((sum, count) => sum + count, 0) / runs
    expect(Math.max(...rounds)).toBeLessThan(CUT_OFF)
    expect(mean).toBeGreaterThan(1)
    expect(mean).toBeLessThan(isCommon ? 4 : 8)
  })
})
