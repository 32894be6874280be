import { expect, test } from 'vitest'
import { lawFiles, planOf } from '../nightly.mjs'

test('every agreement has its laws tried at 4,000 seeds with four members and at 2,000 with seven, also where a suite takes half', () => {
  const seeds = Object.fromEntries(
    planOf(1)
      .filter(({ group }) => group === 'laws')
      .map(step => [step.filter, step.seeds]),
  )
  expect(seeds['n = 4,'] / 2).toBeGreaterThanOrEqual(4_000)
  expect(seeds['n = 7,'] / 2).toBeGreaterThanOrEqual(2_000)
  expect(lawFiles().map(path => path.replace(/.*\//, ''))).toEqual(
    expect.arrayContaining([
      'conformance.test.ts',
      'bracha.conformance.test.ts',
      'cubic.conformance.test.ts',
      'cobalt-conformance.test.ts',
    ]),
  )
})

test('the laws of topics are tried at 100,000 random histories', () => {
  const [step] = planOf(1).filter(({ group }) => group === 'topics')
  expect(step.seeds).toBeGreaterThanOrEqual(100_000)
  expect(step.files).toContain('packages/topics/test/invariants.test.ts')
})

test('a scale leaves every step, with at least one seed', () => {
  expect(planOf(0.000_01).map(({ name }) => name)).toEqual(planOf(1).map(({ name }) => name))
  for (const { seeds = 1 } of planOf(0.000_01)) expect(seeds).toBe(1)
})
