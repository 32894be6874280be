import { equalBytes } from '../identifier.js'
import type { Rng } from '../rng.js'
import { type ConformanceRunner, requireLaw, requireRangeError } from './runner.js'

/**
 * The laws of `Rng`, also for one that cannot be repeated.
 *
 * The chance that a perfect source breaks a statistical one is below 2^−60.
 */
export function describeRng(rng: Rng, { describe, test }: ConformanceRunner): void {
  describe('rng', () => {
    test('gives as many bytes as asked for', () => {
      for (const length of [0, 1, 31, 32, 33, 511, 512, 513, 70_000]) {
        requireLaw(rng.bytes(length).length === length, `${length} bytes`)
      }
    })
    test('never repeats itself', () => {
      requireLaw(!equalBytes(rng.bytes(32), rng.bytes(32)), 'two draws')
      requireLaw(!equalBytes(rng.fork('a').bytes(32), rng.fork('b').bytes(32)), 'two forks')
      requireLaw(!equalBytes(rng.fork('a').bytes(32), rng.bytes(32)), 'a fork and its parent')
    })
    test('fills every place with every value', () => requireCoverage(rng))
    test('flips both sides of a coin about equally often', () => requireFairBit(rng))
    test('draws every value below a bound and none beyond', () => requireBelow(rng))
    test('refuses impossible lengths and bounds', () => requireMisuseThrows(rng))
  })
}

/** 256 values in 16,384 bytes: each is missing with a chance of e^−64. */
function requireCoverage(rng: Rng): void {
  requireLaw(new Set(rng.bytes(16_384)).size === 256, 'all byte values')
}

/** 4,096 flips have a standard deviation of 32: ten of them are allowed. */
function requireFairBit(rng: Rng): void {
  let ones = 0
  for (let flip = 0; flip < 4_096; flip += 1) ones += rng.bit()
  requireLaw(Math.abs(ones - 2_048) <= 320, `${ones} ones in 4,096 flips`)
}

function requireBelow(rng: Rng): void {
  for (const bound of [1, 2, 3, 7, 10]) {
    const seen = new Set(Array.from({ length: 64 * bound }, () => rng.below(bound)))
    requireLaw(seen.size === bound, `${seen.size} values below ${bound}`)
    for (const value of seen) requireLaw(Number.isInteger(value) && value >= 0 && value < bound, `${value}`)
  }
}

function requireMisuseThrows(rng: Rng): void {
  for (const length of [-1, 0.5, Number.NaN, 2 ** 53]) {
    requireRangeError(() => rng.bytes(length), `${length} bytes`)
  }
  for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
    requireRangeError(() => rng.below(bound), `below ${bound}`)
  }
}
