import { describeCoin } from '@mc/coin/conformance'
import { seededRandom } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { lawReport } from '../src/law-report.js'
import { parityCoin, parityOf } from '../src/parity-coin.js'

// Not the laws about chance: this coin is predictable, and does not claim otherwise.
describeCoin('parity', () => parityCoin(), { describe, test, fair: false })

test('the laws of agreement hold with it', () => {
  const report = lawReport({ seeds: 3 })
  expect(report.match(/ {2}holds: /g)?.length).toBeGreaterThan(3)
})

test('both bits come up about equally often', () => {
  const random = seededRandom('paths')
  const ones = Array.from({ length: 1_000 }, () => parityOf(['x', random.u32(), random.below(9)])).filter(
    bit => bit,
  )
  expect(ones.length).toBeGreaterThan(400)
  expect(ones.length).toBeLessThan(600)
})
