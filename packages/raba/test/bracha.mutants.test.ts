/**
 * Lines of the table of validity are removed, and a law of safety or an assert breaks. The other two lines carry binding and the
 * certain end of a unanimous round, which random schedules do not miss; their own tests do.
 */
import { localCoin } from '@mc/coin'
import { abaLaws, bitOf, drawScenario, runScenario } from '@mc/raba/conformance'
import { describe, expect, test } from 'vitest'
import { brachaDefinition } from '../src/bracha/bracha-aba.js'
import { type Validity, validity } from '../src/bracha/validity.js'
import { brachaLiars } from './bracha-liars.js'
import { voteRbc } from './vote-rbc.js'

const always = () => true

/** The first seed in which a law of safety or the assert breaks; undefined if the mutant survives them all. */
function killedBy(lines: Partial<Validity>, seeds: number): number | undefined {
  const liars = Object.values(brachaLiars)
  for (let seed = 0; seed < seeds; seed += 1) {
    const run = runScenario(drawScenario(seed, seed % 4 === 0 ? 7 : 4, { reproposable: false }), {
      protocol: ({ random }) =>
        brachaDefinition({
          coin: localCoin({ rng: random }),
          rbc: voteRbc,
          validity: { ...validity, ...lines },
          brake: true,
          roundsAhead: 8,
        }) as never,
      adversary: liars[seed % liars.length] as never,
      laws: abaLaws,
      bitOf,
    })
    if (run.violations.length > 0) return seed
  }
  return undefined
}

describe('mutants of the table of validity', () => {
  test.each([
    ['step 2, v', { majority: always }],
    ['step 3, (D, v)', { marked: always }],
  ] as const)('without %s: some seed breaks a law', (_, lines) => {
    expect(killedBy(lines, 400)).toBeDefined()
  })
})
