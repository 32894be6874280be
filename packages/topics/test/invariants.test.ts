/** Section 15: what holds in every history. MC_SEEDS says how many histories; `node scripts/nightly.mjs --only topics` plays 100,000. */
import { TOPIC_STATES } from '@mc/topics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holds, Seen } from './histories/holds.js'

const numRuns = Number(process.env['MC_SEEDS'] ?? 100)
const seed = Number(process.env['MC_SEED'] ?? 20_260_801)
// Of every length, and without a bias to small numbers, which would make nearly all people do nearly nothing.
const histories = fc.noBias(fc.uint8Array({ minLength: 40, maxLength: 400, size: 'max' }))

const seen = new Seen()

test('people sit in one meeting, rounds are bounded, time goes forward, the frozen are not heard, replay is the same, nothing is stuck', () => {
  fc.assert(
    fc.property(histories, fc.nat(), (bytes, cut) => holds(bytes, cut, seen)),
    // A counterexample to one of very many is made smaller by itself, by its seed and path.
    { numRuns, seed, endOnFailure: numRuns > 1_000 },
  )
})

test.skipIf(numRuns < 100)('the histories come to see what the laws are about', () => {
  const { states, frozenTried, rounds, kinds } = seen
  expect(TOPIC_STATES.filter(state => !states.has(state))).toEqual([])
  expect(frozenTried).toBeGreaterThan(0)
  expect(rounds).toBeGreaterThan(1)
  expect([...kinds].sort()).toEqual([
    'challenge',
    'contract',
    'election',
    'identified',
    'membership',
    'pseudonymous',
    'secret',
  ])
})
