import { seededRandom } from '@mc/sim'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('below stays below its bound and reaches every value', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, bound) => {
      const random = seededRandom(seed)
      const seen = new Set(Array.from({ length: 60 * bound }, () => random.below(bound)))
      expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: bound }, (_, value) => value))
    }),
    { seed: 1, numRuns: 50 },
  )
})

test('bits are fair: 10 000 flips of each of 20 seeds stay within five standard deviations', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const random = seededRandom(seed)
    let ones = 0
    for (let flip = 0; flip < 10_000; flip += 1) ones += random.bit()
    expect(Math.abs(ones - 5_000)).toBeLessThan(250)
  }
})

test('a shuffle is a permutation, and leaves its argument alone', () => {
  const items = [1, 2, 3, 4, 5, 6, 7]
  const shuffled = seededRandom(4).shuffle(items)
  expect(shuffled).not.toEqual(items)
  expect([...shuffled].sort()).toEqual(items)
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('a bound of %s is refused', bound => {
  expect(() => seededRandom(0).below(bound)).toThrow(RangeError)
})

test('large bounds are drawn without bias towards the low half', () => {
  const random = seededRandom(9)
  const bound = 3 * 2 ** 30
  const low = Array.from({ length: 6_000 }, () => random.below(bound)).filter(draw => draw < 2 ** 30).length
  expect(Math.abs(low - 2_000)).toBeLessThan(200)
})
