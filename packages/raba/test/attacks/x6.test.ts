import { localCoin } from '@mc/coin'
import { quadraticRaba } from '@mc/raba'
import { bitOf, drawScenario, rabaLaws, runScenario, type Scenario } from '@mc/raba/conformance'
import { describe, expect, test } from 'vitest'
import { inspect } from '../../src/quadratic/inspect.js'
import { splitter } from '../liars.js'

/** An unfair schedule: the newest message first, so that what keeps running keeps others waiting. */
const scenario: Scenario = {
  ...drawScenario(8, 7, { reproposable: true }),
  order: 'lifo',
  reproposals: 'never',
}

const race = (brake: boolean) =>
  runScenario(
    { ...scenario, proposals: [0, 0, 0, 0, 0, 0, 0] },
    {
      protocol: ({ random }) => quadraticRaba({ coin: localCoin({ rng: random }), brake }),
      adversary: splitter,
      laws: rabaLaws,
      bitOf,
      round: message => ('round' in message ? message.round : undefined),
    },
  )

describe('X6: decided members that are not yet halted race ahead with Byzantine partners', () => {
  test('without the brake they run for hundreds of rounds and starve the others', () => {
    const run = race(false)
    expect(run.violations.map(({ invariant }) => invariant)).toEqual(['termination'])
    expect(run.cost.rounds).toBeGreaterThan(200)
  })

  test('rule B: nobody enters a round after the one that follows its own decision; all decide and halt', () => {
    const run = race(true)
    expect(run.violations).toEqual([])
    expect(run.cost.rounds).toBeLessThanOrEqual(2)
    expect(run.cost.messages).toBeLessThan(1_000)
    expect(run.correct.every(index => inspect(run.instance(index) as object).halted)).toBe(true)
  })
})
