/**
 * Rounds and messages of the agreements over a common coin, over mixed inputs and Byzantine members in a fair network.
 */
import type { Bit } from '@mc/protocol'
import { cobaltAba, crusaderAba, paceRaba } from '@mc/raba'
import { bitOf, drawScenario, runScenario, type Scenario } from '@mc/raba/conformance'
import { type Adversary, silent } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspectCobalt } from '../src/cobalt/inspect.js'
import type { Definition } from './cobalt-driven.js'
import { cobaltLiars } from './cobalt-liars.js'
import { idealCoin } from './ideal-coin.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 200)
const attackers = [silent, ...Object.values(cobaltLiars())] as readonly (() => Adversary)[]
const coin = idealCoin('cost')

/** Tells `onRound` in which round a member decides, by a rule or by T2. */
function watched(definition: Definition, onRound: (round: number) => void): Definition {
  return {
    ...definition,
    create: (params, effects) => {
      const member = definition.create(params, {
        send: (to, message) => effects.send(to, message),
        broadcast: message => effects.broadcast(message),
        fault: fault => effects.fault(fault),
        scope: child => effects.scope(child),
        output: bit => {
          onRound(inspectCobalt(member).round)
          effects.output(bit)
        },
      })
      return member
    },
  }
}

/** Means over seeds that must all end; a run takes as many rounds as its last correct member needs to decide. */
function mean(
  definition: Definition,
  n: number,
  reduce: (scenario: Scenario) => Scenario = scenario => scenario,
): { readonly rounds: number; readonly messages: number } {
  let rounds = 0
  let messages = 0
  for (let seed = 0; seed < seeds; seed += 1) {
    const reproposable = definition.name.startsWith('raba')
    const drawn = drawScenario(seed, n, { reproposable, orders: ['random'] })
    const reproposals = reproposable && drawn.proposals.includes(1) ? 'any time' : 'never'
    let last = 0
    const run = runScenario(reduce({ ...drawn, reproposals }), {
      protocol: () =>
        watched(definition, round => {
          last = Math.max(last, round + 1)
        }),
      adversary: attackers[seed % attackers.length] as () => Adversary<never, never> as never,
      laws: [],
      bitOf,
    })
    expect(run.violations).toEqual([])
    expect(last).toBeGreaterThan(0)
    rounds += last
    messages += run.cost.messages
  }
  return { rounds: rounds / seeds, messages: messages / seeds }
}

const unanimous =
  (bit: Bit) =>
  (scenario: Scenario): Scenario => ({
    ...scenario,
    proposals: scenario.proposals.map(() => bit),
    reproposals: 'never',
  })

const cobalt = cobaltAba({ coin }) as unknown as Definition
const crusader = crusaderAba({ coin }) as unknown as Definition
const pace = paceRaba({ coin }) as unknown as Definition

describe('cost: rounds, and messages by correct members to others, TERM included', () => {
  test.each([
    ['Cobalt, n = 4', 4, cobalt, 2.1, 2.6, 97],
    ['Cobalt, n = 7', 7, cobalt, 2.1, 2.7, 320],
    ['crusader, n = 4', 4, crusader, 2.1, 2.6, 97],
    ['crusader, n = 7', 7, crusader, 2.1, 2.7, 320],
    ['PACE over Cobalt, n = 4', 4, pace, 1.4, 2.0, 60],
    ['PACE over Cobalt, n = 7', 7, pace, 1.7, 2.3, 230],
  ])('%s', (_, n, definition, least, most, messagesMax) => {
    const measured = mean(definition, n)
    expect(measured.rounds).toBeGreaterThanOrEqual(least)
    expect(measured.rounds).toBeLessThanOrEqual(most)
    expect(measured.messages).toBeLessThanOrEqual(messagesMax)
  })

  test('PACE: unanimous 1 takes round 0 alone, unanimous 0 three rounds in the mean', () => {
    expect(mean(pace, 4, unanimous(1)).rounds).toBe(1)
    const { rounds } = mean(pace, 4, unanimous(0))
    expect(rounds).toBeGreaterThan(2.6)
    expect(rounds).toBeLessThan(3.4)
  })
})
