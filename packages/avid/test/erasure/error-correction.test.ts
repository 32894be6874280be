import { correctingCode } from '@mc/avid'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { divide, product, sum, through, valueAt, withRoots } from '../../src/erasure/polynomial.js'
import { noise, numRuns, only, subsets } from '../bytes.js'

const coefficients = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 12 })
const polynomial = coefficients.map(given => {
  const length = given.findLastIndex(coefficient => coefficient !== 0) + 1
  return given.slice(0, length)
})

describe('polynomials over GF(2^8)', () => {
  test('a = quotient · b + remainder, of a degree below that of b', () => {
    fc.assert(
      fc.property(
        polynomial,
        polynomial.filter(b => b.length > 0),
        (a, b) => {
          const { quotient, remainder } = divide(a, b)
          expect(sum(product(quotient, b), remainder)).toEqual(a)
          expect(remainder.length).toBeLessThan(b.length)
        },
      ),
      { seed: 1, numRuns: numRuns(300) },
    )
  })

  test('through r points goes one polynomial of a degree below r, and Π (x − x_i) vanishes there', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 254 }), { maxLength: 20 }), xs => {
        const ys = xs.map((x, at) => (x * 7 + at * 13 + 1) % 256)
        const found = through(xs, ys, withRoots(xs))
        expect(xs.map(x => valueAt(found, x))).toEqual(ys)
        expect(found.length).toBeLessThanOrEqual(xs.length)
        expect(xs.map(x => valueAt(withRoots(xs), x))).toEqual(xs.map(() => 0))
      }),
      { seed: 2, numRuns: numRuns(100) },
    )
  })
})

/** The shards of `data`, those at `missing` gone and those at `wrong` spoilt, each in other bytes. */
function received(
  { n, k }: { readonly n: number; readonly k: number },
  data: Uint8Array,
  missing: readonly number[],
  wrong: readonly number[],
): (Uint8Array | undefined)[] {
  const shards = correctingCode({ n, k }).encode(data)
  return shards.map((shard, place) => {
    if (missing.includes(place)) return undefined
    if (!wrong.includes(place)) return shard
    return shard.map((byte, at) =>
      (at + place) % 3 === 0 || at === shard.length - 1 ? byte ^ (place + at + 1) : byte,
    )
  })
}

describe('correcting errors', () => {
  test('(r − k) / 2 wrong shards of r are found, wherever they are: all choices among seven', () => {
    const code = correctingCode({ n: 7, k: 3 })
    const data = noise(3 * 5, 1)
    for (const count of [0, 1, 2]) {
      for (const wrong of subsets(7, count)) {
        expect(code.correct(received(code, data, [], wrong))).toEqual(data)
      }
    }
    for (const missing of [...subsets(7, 1), ...subsets(7, 2)]) {
      for (const wrong of [...subsets(7, 1)].filter(([place]) => !missing.includes(place as number))) {
        expect(code.correct(received(code, data, missing, wrong))).toEqual(data)
      }
    }
  })

  test('the same for any sizes, data, wrong and missing shards', () => {
    const setting = fc
      .record({ k: fc.integer({ min: 1, max: 30 }), spare: fc.integer({ min: 0, max: 40 }), seed: fc.nat() })
      .chain(({ k, spare, seed }) =>
        fc.record({
          k: fc.constant(k),
          n: fc.constant(k + spare),
          seed: fc.constant(seed),
          wrongCount: fc.integer({ min: 0, max: Math.floor(spare / 2) }),
          places: fc.shuffledSubarray([...Array(k + spare).keys()], { minLength: k + spare }),
        }),
      )
    fc.assert(
      fc.property(setting, ({ k, n, seed, wrongCount, places }) => {
        const data = noise(k * 6, seed)
        const wrong = places.slice(0, wrongCount)
        const missing = places.slice(wrongCount, wrongCount + (n - k - 2 * wrongCount))
        expect(correctingCode({ n, k }).correct(received({ n, k }, data, missing, wrong))).toEqual(data)
      }),
      { seed: 3, numRuns: numRuns(150) },
    )
  })

  test('different wrong columns of each shard are corrected together', () => {
    const code = correctingCode({ n: 10, k: 4 })
    const data = noise(4 * 8, 9)
    const shards = code.encode(data).map(shard => shard.slice())
    for (const [place, column] of [
      [0, 7],
      [5, 2],
      [9, 4],
    ] as const) {
      const shard = shards[place] as Uint8Array
      shard[column] = (shard[column] as number) ^ 1
    }
    expect(code.correct(shards)).toEqual(data)
  })

  test('one wrong shard too many: whatever comes out is not taken for the data by mistake', () => {
    const code = correctingCode({ n: 7, k: 3 })
    const data = noise(3 * 5, 4)
    for (const wrong of subsets(7, 3)) {
      const shards = code.encode(data)
      const spoilt = shards.map((shard, place) =>
        wrong.includes(place) ? shard.map(byte => byte ^ (place + 1)) : shard,
      )
      expect(code.correct(spoilt)).not.toEqual(data)
    }
  })

  test('fewer than k shards determine nothing; k shards are taken at their word', () => {
    const code = correctingCode({ n: 7, k: 3 })
    const data = noise(3 * 2, 5)
    const shards = code.encode(data)
    expect(code.correct(only(shards, [1, 6]))).toBeUndefined()
    expect(code.correct(only(shards, [1, 4, 6]))).toEqual(data)
    expect(code.correct(received(code, data, [0, 2, 3, 5], [1]))).not.toEqual(data)
  })

  test('data of zeros, and a code without spare shards', () => {
    const zeros = new Uint8Array(6)
    expect(correctingCode({ n: 7, k: 3 }).correct(received({ n: 7, k: 3 }, zeros, [], [2, 5]))).toEqual(zeros)
    const tight = correctingCode({ n: 3, k: 3 })
    expect(tight.correct(tight.encode(noise(6, 1)))).toEqual(noise(6, 1))
    expect(correctingCode({ n: 1, k: 1 }).correct([noise(3, 1)])).toEqual(noise(3, 1))
  })
})
