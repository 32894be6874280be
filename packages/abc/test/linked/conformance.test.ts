import { linkedEpochs } from '@mc/abc'
import { describeAtomicBroadcast, type FlakyOutcome } from '@mc/abc/conformance'
import { afterAll, describe, expect, test } from 'vitest'
import { stubLinkable } from './stub-linkable.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 4)
const outcomes: FlakyOutcome[] = []

for (const [depth, epochsLinked] of [
  [1, 4],
  [2, 8],
] as const) {
  describeAtomicBroadcast(
    `epochs linked by ${epochsLinked} over a stub subset, depth ${depth}`,
    () => linkedEpochs({ acs: stubLinkable(), depth, epochsLinked, senderQueueBytesMax: 1_000_000 }),
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
  expect(total(({ catchUps }) => catchUps)).toBeGreaterThan(0)
  // The last f members are never in: whatever is delivered of them was linked.
  expect(total(({ linked }) => linked)).toBeGreaterThan(100)
})
