import { committee, faultsTolerated, fPlus1, nMinusF, peer, twoFPlus1 } from '@mc/protocol'
import { describe, expect, test } from 'vitest'

const SIZES = Array.from({ length: 40 }, (_, index) => index + 1)

/** Every legal pair of a size and a number of faults, sizes that are not 3f + 1 included. */
const LEGAL = SIZES.flatMap(n => Array.from({ length: faultsTolerated(n) + 1 }, (_, f) => ({ n, f })))

/** The number of set bits: how many members a subset has. */
const sizeOf = (subset: number): number => subset.toString(2).replaceAll('0', '').length

/** All subsets of n members that have `size` of them, as bit masks. */
const subsetsOf = (n: number, size: number): number[] =>
  Array.from({ length: 2 ** n }, (_, subset) => subset).filter(subset => sizeOf(subset) === size)

/** The smallest number of members that a subset of one size and a subset of another size share. */
function smallestOverlap(n: number, left: number, right: number): number {
  const rights = subsetsOf(n, right)
  let smallest = n
  for (const one of subsetsOf(n, left)) {
    for (const other of rights) smallest = Math.min(smallest, sizeOf(one & other))
  }
  return smallest
}

describe('who takes part', () => {
  test('a committee lists its members in order and knows itself', () => {
    const { n, f, self, peers } = committee({ n: 4, self: 2 })
    expect({ n, f, self, peers }).toEqual({ n: 4, f: 1, self: 2, peers: [0, 1, 2, 3] })
  })

  test('f is floor((n − 1) / 3) unless a smaller one is wanted', () => {
    expect(SIZES.slice(0, 10).map(n => committee({ n, self: 0 }).f)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3])
    expect(committee({ n: 10, f: 1, self: 0 }).f).toBe(1)
  })

  test.each(SIZES)('n = %i: f is the largest number of faults with n ≥ 3f + 1', n => {
    const { f } = committee({ n, self: n - 1 })
    expect(n).toBeGreaterThanOrEqual(3 * f + 1)
    expect(n).toBeLessThan(3 * (f + 1) + 1)
    expect(() => committee({ n, f: f + 1, self: 0 })).toThrow(`need n ≥ 3f + 1, got n=${n} f=${f + 1}`)
  })

  test.each([0, -1, 1.5, Number.NaN, 2 ** 53])('n = %d is refused', n => {
    expect(() => committee({ n, f: 0, self: 0 })).toThrow(RangeError)
  })

  test.each([-1, 0.5, Number.NaN])('f = %d is refused', f => {
    expect(() => committee({ n: 4, f, self: 0 })).toThrow(RangeError)
  })

  test.each([-1, 4, 0.5, Number.NaN])('self = %d of 4 is refused', self => {
    expect(() => committee({ n: 4, self })).toThrow(`got self=${self} n=4`)
  })
})

describe('the three thresholds, for every n from 1 to 40 and every legal f', () => {
  test('f + 1 members: at least one of them is correct', () => {
    for (const { n, f } of LEGAL) {
      expect(fPlus1({ f }) - f).toBe(1)
      expect(fPlus1({ f })).toBeLessThanOrEqual(n)
    }
  })

  test('2f + 1 members: at least f + 1 of them are correct, so amplification brings everybody here', () => {
    for (const { f } of LEGAL) expect(twoFPlus1({ f }) - f).toBe(fPlus1({ f }))
  })

  test('n − f members: as many as one can wait for, since f may stay silent', () => {
    for (const { n, f } of LEGAL) {
      expect(nMinusF({ n, f }) + f).toBe(n)
      expect(nMinusF({ n, f }) + 1 + f).toBeGreaterThan(n)
    }
  })

  test('two sets of n − f share n − 2f ≥ f + 1 members, hence a correct one', () => {
    for (const { n, f } of LEGAL) {
      const shared = 2 * nMinusF({ n, f }) - n
      expect(shared).toBe(n - 2 * f)
      expect(shared).toBeGreaterThanOrEqual(fPlus1({ f }))
    }
  })

  test('a set of n − f and a set of f + 1 share a member, and one of n − f and one of 2f + 1 share f + 1', () => {
    for (const { n, f } of LEGAL) {
      expect(nMinusF({ n, f }) + fPlus1({ f }) - n).toBe(1)
      expect(nMinusF({ n, f }) + twoFPlus1({ f }) - n).toBe(fPlus1({ f }))
    }
  })

  test('2f + 1 ≤ n − f, and the two are the same exactly if n = 3f + 1', () => {
    for (const { n, f } of LEGAL) {
      expect(twoFPlus1({ f })).toBeLessThanOrEqual(nMinusF({ n, f }))
      expect(twoFPlus1({ f }) === nMinusF({ n, f })).toBe(n === 3 * f + 1)
    }
  })

  test('two sets of 2f + 1 need not share a correct member where n > 3f + 1: they are no quorum', () => {
    const { n, f } = { n: 6, f: 1 }
    expect(2 * twoFPlus1({ f }) - n).toBeLessThan(fPlus1({ f }))
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('counting members one by one, the same for n = %i', n => {
    const f = faultsTolerated(n)
    expect(smallestOverlap(n, nMinusF({ n, f }), nMinusF({ n, f }))).toBe(n - 2 * f)
    expect(smallestOverlap(n, nMinusF({ n, f }), fPlus1({ f }))).toBe(1)
    expect(smallestOverlap(n, nMinusF({ n, f }), twoFPlus1({ f }))).toBe(f + 1)
  })

  test('a committee is what the thresholds are asked with', () => {
    const five = committee({ n: 5, self: peer(0) })
    expect([fPlus1(five), twoFPlus1(five), nMinusF(five)]).toEqual([2, 3, 4])
  })
})
