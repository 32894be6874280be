import { delay, silent } from '@mc/sim'
import { expect, test } from 'vitest'
import { makerOf } from './every-preset.js'
import { runPreset } from './preset-runs.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 2)

test.each([200, 400])(
  'DispersedLedger: what member 3, slower by %i events, is left out with is delivered by links, the same everywhere',
  amount => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const schedule = delay(3, amount, { direction: 'from' })
      const run = runPreset(makerOf('dispersed-ledger'), { n: 4, seed, epochs: 6, schedule })
      expect(run.violations).toEqual([])
      for (const other of run.batches) expect(other).toEqual(run.batches[0])
      expect(run.batches[0]).toHaveLength(6)
      expect(run.linked).toContain('2/3')
      expect(run.linked.every(name => name.endsWith('/3'))).toBe(true)
      // In the order of their epochs, each once.
      expect(run.linked).toEqual([...new Set(run.linked)].toSorted())
    }
  },
)

test('the same with f silent members', () => {
  const run = runPreset(makerOf('dispersed-ledger'), { n: 7, seed: 1, epochs: 3, adversary: silent() })
  expect(run.violations).toEqual([])
  for (const other of run.batches) expect(other).toEqual(run.batches[0])
})
