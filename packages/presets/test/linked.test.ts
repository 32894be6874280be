import { silent, starve } from '@mc/sim'
import { expect, test } from 'vitest'
import { makerOf } from './every-preset.js'
import { runPreset } from './preset-runs.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 2)

test('DispersedLedger delivers by links what its epochs leave out, the same at all members', () => {
  let linkedCount = 0
  for (let seed = 0; seed < seeds; seed += 1) {
    for (const starved of [0, 3]) {
      const run = runPreset(makerOf('dispersed-ledger'), {
        n: 4,
        seed,
        epochs: 5,
        schedule: starve(starved),
      })
      expect(run.violations).toEqual([])
      const most = Math.max(...run.batches.map(of => of.length))
      const longest = run.batches.find(of => of.length === most) ?? []
      expect(most).toBe(5)
      // Who is starved may be too far behind for messages, and would catch up by blocks.
      for (const other of run.batches) expect(other).toEqual(longest.slice(0, other.length))
      linkedCount += run.linked.length
    }
  }
  expect(linkedCount).toBeGreaterThan(0)
})

test('the same with f silent members', () => {
  const run = runPreset(makerOf('dispersed-ledger'), { n: 7, seed: 1, epochs: 3, adversary: silent() })
  expect(run.violations).toEqual([])
  for (const other of run.batches) expect(other).toEqual(run.batches[0])
})
