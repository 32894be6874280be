import { localCoin } from '@mc/coin'
import { quadraticRaba } from '@mc/raba'
import { bitOf, drawScenario, type Order, rabaLaws, runScenario, type Scenario } from '@mc/raba/conformance'
import { type Adversary, silent } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { inspect } from '../src/quadratic/inspect.js'
import { liars } from './liars.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 400)

interface Mean {
  readonly rounds: number
  readonly messages: number
}

/** Means over seeds that must all end; a run takes as many rounds as the last correct member to decide by its own rules. */
function mean(
  n: number,
  reduce: (scenario: Scenario) => Scenario,
  adversaries: readonly (() => Adversary)[],
): Mean {
  let rounds = 0
  let messages = 0
  for (let seed = 0; seed < seeds; seed += 1) {
    const drawn = drawScenario(seed, n, { reproposable: true })
    const scenario = reduce({ ...drawn, reproposals: drawn.proposals.includes(1) ? 'any time' : 'never' })
    const run = runScenario(scenario, {
      protocol: ({ random }) => quadraticRaba({ coin: localCoin({ rng: random }) }),
      adversary: adversaries[seed % adversaries.length] as () => Adversary,
      laws: rabaLaws,
      bitOf,
    })
    expect(run.violations).toEqual([])
    // A braked member stands in the round after that of its decision
    const last = Math.max(...run.correct.map(index => inspect(run.instance(index) as object).round))
    rounds += Math.max(1, last)
    messages += run.cost.messages
  }
  return { rounds: rounds / seeds, messages: messages / seeds }
}

const attackers = [silent, ...Object.values(liars)] as readonly (() => Adversary)[]
const unanimous =
  (bit: 0 | 1) =>
  (scenario: Scenario): Scenario => ({
    ...scenario,
    proposals: scenario.proposals.map(() => bit),
    reproposals: 'never',
  })

describe('cost: rounds, and messages by correct members to others, TERM included', () => {
  test.each([
    [4, 1.0, 1.3, 68],
    [7, 1.0, 1.5, 238],
  ])('n = %i: mean rounds from %d to %d, at most %i messages in the mean', (n, least, most, messagesMax) => {
    const measured = mean(n, scenario => scenario, attackers)
    expect(measured.rounds).toBeGreaterThanOrEqual(least)
    expect(measured.rounds).toBeLessThanOrEqual(most)
    expect(measured.messages).toBeLessThanOrEqual(messagesMax)
  })

  test('unanimous 1 among four, one silent: FAST, TERM, and what round 1 says before the halt', () => {
    const order: Order = 'random'
    const { messages } = mean(4, scenario => ({ ...unanimous(1)(scenario), order }), [silent])
    expect(messages).toBeLessThan(45)
  })
})
