/**
 * Lines of the acceptance table of the agreements over a common coin are removed in turn; some seed must miss each.
 */
import { abaLaws, abaTermination, bitOf, drawScenario, rabaLaws, runScenario } from '@mc/raba/conformance'
import { describe, expect, test } from 'vitest'
import { type CobaltRules, cobaltRules } from '../src/cobalt/rules.js'
import { cobaltAcceptance } from '../src/cobalt/stages.js'
import type { Acceptance } from '../src/rounds/acceptance.js'
import { fPlus1Rules, type Message, weakenedCobalt } from './cobalt-driven.js'
import { randomLiar, randomSplitter, splitter } from './cobalt-liars.js'
import { idealCoin } from './ideal-coin.js'

const coin = idealCoin('mutants')
const seeds = Number(process.env['MC_SEEDS'] ?? 100)
const always = () => true

/** The law that the first seed to break one breaks; undefined if the rules survive them all. */
function broken(rules: CobaltRules, reproposable: boolean, seedsMax = 2_000): string | undefined {
  const laws = reproposable ? rabaLaws : [...abaLaws, abaTermination]
  for (let seed = 0; seed < seedsMax; seed += 1) {
    const scenario = drawScenario(seed, seed % 3 === 0 ? 7 : 4, { reproposable, orders: ['random'] })
    const run = runScenario<Message>(scenario, {
      protocol: () => weakenedCobalt(coin, { rules, reproposable }),
      adversary: [randomLiar, splitter, randomSplitter][seed % 3] as typeof splitter,
      laws,
      bitOf,
    })
    if (run.violations.length > 0) return run.violations[0]?.invariant
  }
  return undefined
}

const accepting = (lines: Partial<Acceptance>): CobaltRules => ({
  ...cobaltRules,
  acceptance: { ...cobaltAcceptance, ...lines },
})

describe.each([
  ['Cobalt', false],
  ['PACE over Cobalt', true],
])('%s', (_, reproposable) => {
  test('as it is: no seed breaks a law', () => {
    expect(broken(cobaltRules, reproposable, seeds)).toBeUndefined()
  })

  test('AUX(v) accepted without v ∈ bset: some seed blocks it', () => {
    expect(broken(accepting({ vote: always }), reproposable)).toBeDefined()
  })

  test('CONF({0, 1}) accepted without bset = {0, 1}: some seed breaks a law', () => {
    expect(broken(accepting({ star: always }), reproposable)).toBeDefined()
  })

  test('CONF({v}) accepted without v ∈ bset: some seed breaks a law', () => {
    expect(broken(accepting({ mainvote: always }), reproposable)).toBeDefined()
  })
})

// In Cobalt this costs the end alone, see X2: a decision needs v = s, and s is what everybody else adopts
test('PACE over Cobalt, U from f + 1 CONF({v}): some seed breaks a law, as a lone FAST is a CONF({1}) without n − f AUX', () => {
  expect(broken(fPlus1Rules, true)).toBeDefined()
})
