/**
 * Rounds, messages and flips of Crain's agreement, over mixed inputs and Byzantine members in a fair network.
 */
import type { CommonCoin } from '@mc/coin'
import type { Bit } from '@mc/protocol'
import { crainAba } from '@mc/raba'
import { bitOf, drawScenario, runScenario, type Scenario } from '@mc/raba/conformance'
import { type Adversary, silent } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspectCrain } from '../../src/crain/inspect.js'
import { idealCoin } from '../ideal-coin.js'
import type { Definition } from './driven.js'
import { crainLiars } from './liars.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 200)
const attackers = [silent, ...Object.values(crainLiars())] as readonly (() => Adversary)[]

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
          onRound(inspectCrain(member).round)
          effects.output(bit)
        },
      })
      return member
    },
  }
}

/** The coin, and how often it was flipped. */
function counted(coin: CommonCoin<never>): { readonly coin: CommonCoin<never>; flips(): number } {
  let flips = 0
  return {
    flips: () => flips,
    coin: {
      ...coin,
      create: (params, effects) => {
        const flip = coin.create(params, effects)
        return {
          handleInput: input => {
            flips += 1
            flip.handleInput(input)
          },
          handleMessage: (from, message) => flip.handleMessage(from, message),
        }
      },
    },
  }
}

/** Means over seeds that must all end; a run takes as many rounds as its last correct member needs to decide. */
function mean(
  n: number,
  reduce: (scenario: Scenario) => Scenario = scenario => scenario,
): { readonly rounds: number; readonly messages: number; readonly flips: number } {
  const { coin, flips } = counted(idealCoin('cost'))
  let rounds = 0
  let messages = 0
  for (let seed = 0; seed < seeds; seed += 1) {
    const scenario = drawScenario(seed, n, { reproposable: false, orders: ['random'] })
    let last = 0
    const run = runScenario(reduce(scenario), {
      protocol: () =>
        watched(crainAba({ coin }) as unknown as Definition, round => {
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
  return { rounds: rounds / seeds, messages: messages / seeds, flips: flips() / seeds }
}

const unanimous =
  (bit: Bit) =>
  (scenario: Scenario): Scenario => ({ ...scenario, proposals: scenario.proposals.map(() => bit) })

describe('cost: rounds, and messages by correct members to others, TERM included', () => {
  test.each([
    ['n = 4', 4, 1.1, 1.6, 95],
    ['n = 7', 7, 1.1, 1.7, 315],
  ])('%s', (_, n, least, most, messagesMax) => {
    const measured = mean(n)
    expect(measured.rounds).toBeGreaterThanOrEqual(least)
    expect(measured.rounds).toBeLessThanOrEqual(most)
    expect(measured.messages).toBeLessThanOrEqual(messagesMax)
  })

  test('unanimous inputs take one round and no flip, whatever faulty members say', () => {
    for (const bit of [0, 1] as const) {
      const { rounds, flips } = mean(4, unanimous(bit))
      expect({ rounds, flips }).toEqual({ rounds: 1, flips: 0 })
    }
  })
})
