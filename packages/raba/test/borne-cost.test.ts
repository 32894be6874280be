import { localCoin } from '@mc/coin'
import { brachaAba, cubicAba, cubicRaba } from '@mc/raba'
import { type AgreementDefinition, bitOf, drawScenario, runScenario } from '@mc/raba/conformance'
import { type Random, silent } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { voteRbc as rbc } from './vote-rbc.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 20)

type Make = (random: Random) => unknown
const variants: readonly (readonly [name: string, make: Make, reproposable: boolean, messagesMax: number])[] =
  [
    ['brachaAba', random => brachaAba({ coin: localCoin({ rng: random }), rbc }), false, 300],
    ['cubicAba', random => cubicAba({ coin: localCoin({ rng: random }), rbc }), false, 150],
    ['cubicRaba', random => cubicRaba({ coin: localCoin({ rng: random }), rbc }), true, 140],
  ]

describe('cost: messages by correct members to others, over Bracha’s broadcast, one of four silent', () => {
  test.each(variants)('%s: at most so many in the mean', (_, make, reproposable, messagesMax) => {
    let messages = 0
    for (let seed = 0; seed < seeds; seed += 1) {
      const drawn = drawScenario(seed, 4, { reproposable })
      const reproposals = reproposable && drawn.proposals.includes(1) ? 'any time' : 'never'
      const run = runScenario<unknown>(
        { ...drawn, reproposals },
        {
          protocol: ({ random }) => make(random) as AgreementDefinition<unknown>,
          adversary: silent,
          laws: [],
          bitOf,
        },
      )
      messages += run.cost.messages
    }
    expect(messages / seeds).toBeLessThanOrEqual(messagesMax)
  })
})
