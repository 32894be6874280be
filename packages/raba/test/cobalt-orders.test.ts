/**
 * Safety under unfair orders of delivery, which promise no end without a round brake.
 */
import { bitOf, drawScenario, genericAdversaries, ORDERS, rabaLaws, runScenario } from '@mc/raba/conformance'
import { describe, expect, test } from 'vitest'
import { type Message, weakenedCobalt } from './cobalt-driven.js'
import { randomLiar } from './cobalt-liars.js'
import { idealCoin } from './ideal-coin.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 3)
const coin = idealCoin('orders')
const safety = rabaLaws.filter(({ name }) => name !== 'termination')

describe.each([
  ['Cobalt', false, safety.filter(({ name }) => name !== 'biased-validity' && name !== 'support')],
  ['PACE over Cobalt', true, safety],
])('%s', (_, reproposable, laws) => {
  test.each(ORDERS)('%s: no law of safety is broken', order => {
    const adversaries = Object.values({ ...genericAdversaries<Message>(), randomLiar })
    for (const n of [4, 7]) {
      for (const adversary of adversaries) {
        for (let seed = 0; seed < seeds; seed += 1) {
          const scenario = { ...drawScenario(seed, n, { reproposable }), order }
          const protocol = () => weakenedCobalt(coin, { reproposable })
          const { violations } = runScenario(scenario, { protocol, adversary, laws, bitOf })
          expect(violations).toEqual([])
        }
      }
    }
  })
})
