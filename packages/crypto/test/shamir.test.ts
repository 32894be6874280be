import { dealShares, lagrangeAtZero, recoverSecret, ristretto255 } from '@mc/crypto/threshold'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, integerOf, inverse, randomScalar } from '../src/threshold/prime-field.js'
import { rngOf } from './threshold-keys.js'

const { order } = ristretto255
const numRuns = Number(process.env['MC_SEEDS'] ?? 60)

describe('Shamir, 1979', () => {
  test('any k of the n shares give the secret', () => {
    const cases = fc.record({
      members: fc.integer({ min: 1, max: 20 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      secret: fc.bigInt({ min: 0n, max: order - 1n }),
      seed: fc.string(),
    })
    fc.assert(
      fc.property(cases, ({ members, part, secret, seed }) => {
        const rng = rngOf(seed)
        const threshold = 1 + Math.floor(part * (members - 1))
        const shares = dealShares({ secret, threshold, members, order, rng })
        const chosen = [...shares].sort(() => rng.bit() - 0.5).slice(0, threshold)
        return recoverSecret(chosen, order) === secret
      }),
      { numRuns, seed: 1 },
    )
  })

  test('k − 1 shares say nothing: for every secret there is one polynomial through them', () => {
    const prime = 11n
    const counts = new Map<string, number>()
    for (let deal = 0; deal < 4_000; deal += 1) {
      const secret = BigInt(deal % 2)
      const [share] = dealShares({
        secret,
        threshold: 2,
        members: 3,
        order: prime,
        rng: rngOf(`deal ${deal}`),
      })
      const seen = `${secret}: ${share!.value}`
      counts.set(seen, (counts.get(seen) ?? 0) + 1)
    }
    expect(counts.size).toBe(22)
    for (const count of counts.values()) expect(Math.abs(count - 4_000 / 22)).toBeLessThan(70)
  })

  test('no member holds the polynomial at 0, where the secret lies', () => {
    const shares = dealShares({ secret: 42n, threshold: 2, members: 200, order: 10_007n, rng: rngOf('zero') })
    const [first, second] = shares
    const slope = second!.value - first!.value
    const at = (x: bigint): bigint => (((42n + slope * x) % 10_007n) + 10_007n) % 10_007n
    shares.forEach(({ member, value }) => {
      expect(value).toBe(at(BigInt(member) + 1n))
    })
  })

  test('coefficients and shares are reduced modulo the order', () => {
    for (const { value } of dealShares({
      secret: order - 1n,
      threshold: 5,
      members: 20,
      order,
      rng: rngOf('r'),
    })) {
      expect(value >= 0n && value < order).toBe(true)
    }
  })

  test('the weights at zero are those of the formula', () => {
    expect(lagrangeAtZero([0, 1], 101n)).toEqual([2n, 100n])
    expect(lagrangeAtZero([0, 1, 2], 101n)).toEqual([3n, 98n, 1n])
    expect(lagrangeAtZero([4], 101n)).toEqual([1n])
  })

  test('impossible thresholds, members and secrets are refused', () => {
    const rng = rngOf('misuse')
    for (const [threshold, members] of [
      [0, 3],
      [4, 3],
      [1.5, 3],
      [1, 0],
      [1, 65_536],
      [Number.NaN, 3],
    ]) {
      expect(() => dealShares({ secret: 1n, threshold: threshold!, members: members!, order, rng })).toThrow(
        RangeError,
      )
    }
    expect(() => dealShares({ secret: order, threshold: 1, members: 1, order, rng })).toThrow(RangeError)
    expect(() => dealShares({ secret: -1n, threshold: 1, members: 1, order, rng })).toThrow(RangeError)
    expect(() => lagrangeAtZero([1, 1], order)).toThrow(RangeError)
    expect(() => lagrangeAtZero([-1, 1], order)).toThrow(RangeError)
  })
})

describe('the field', () => {
  test('an inverse is one, also of what is not reduced', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(order ** 2n), max: order ** 2n }), value => {
        if (value % order === 0n) return true
        const product = (((value * inverse(value, order)) % order) + order) % order
        return product === 1n
      }),
      { numRuns, seed: 2 },
    )
    expect(() => inverse(0n, order)).toThrow(RangeError)
    expect(() => inverse(order, order)).toThrow(RangeError)
  })

  test('random scalars reach every value, none more often', () => {
    const rng = rngOf('scalars')
    const counts = new Array<number>(5).fill(0)
    for (let draw = 0; draw < 2_000; draw += 1) counts[Number(randomScalar(rng, 5n))]! += 1
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(100)
  })

  test('bytes and integers are each other’s, within the length', () => {
    expect(bytesOf(0x0102n, 3)).toEqual(Uint8Array.of(0, 1, 2))
    expect(integerOf(Uint8Array.of(0, 1, 2))).toBe(0x0102n)
    expect(() => bytesOf(0x010203n, 2)).toThrow(RangeError)
    expect(() => bytesOf(-1n, 2)).toThrow(RangeError)
  })
})
