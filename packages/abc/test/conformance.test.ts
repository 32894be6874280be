import { epochs } from '@mc/abc'
import { describeAtomicBroadcast, type FlakyOutcome } from '@mc/abc/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { stubAcs } from './stub-acs.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 6)
const outcomes: FlakyOutcome[] = []

// The stub needs every member of its subset, so nobody may be silent; the presets are run with adversaries.
for (const depth of [1, 2]) {
  describeAtomicBroadcast(
    `epochs over a stub subset, depth ${depth}`,
    () => epochs({ acs: stubAcs(), depth, senderQueueBytesMax: 1_000_000 }),
    {
      describe,
      test,
      seeds,
      sizes: [4, 7],
      toleratesSilence: false,
      slots: ({ n, f }) => n - f,
      mayVary: ({ type }) => type === 'announce',
      onFlakyRun: outcome => outcomes.push(outcome),
    },
  )
}

afterAll(() => {
  const total = (of: (outcome: FlakyOutcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0)
  expect(total(({ crashes }) => crashes)).toBeGreaterThan(0)
  expect(total(({ lostMessages }) => lostMessages)).toBeGreaterThan(0)
  expect(total(({ catchUps }) => catchUps)).toBeGreaterThan(0)
})
