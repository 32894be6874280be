/**
 * What many expectations come to.
 *
 * @see topics.md, sections 9.1 and 11.1
 */
import type { Aggregate, Bounds } from '../organisation/domain-parameters.js'

/** Part of the values that the trimmed mean drops at each side, in permille. */
const TRIM_PERMILLE = 100

/** The floor mean, the lower median, or the floor mean without the outer tenths; 0 of no values. */
export function aggregate(kind: Aggregate, values: readonly number[]): number {
  if (values.length === 0) return 0
  switch (kind) {
    case 'mean':
      return floorMean(values)
    case 'median':
      return ascending(values)[(values.length - 1) >>> 1] as number
    case 'trim': {
      const drop = Math.floor((values.length * TRIM_PERMILLE) / 1000)
      return floorMean(ascending(values).slice(drop, values.length - drop))
    }
  }
}

/** The value within its bounds. */
export const clamp = (value: number, { min, max }: Bounds): number => Math.min(max, Math.max(min, value))

/** ⌊a·b / c⌋ without loss; c ≥ 1. */
export const mulDiv = (a: number, b: number, c: number): number => Number((BigInt(a) * BigInt(b)) / BigInt(c))

/** Pneed = clamp(⌊B·N / s⌋, Pmin, Pmax): the fewer support it, the longer it must be seen. */
export const publicityNeeded = (base: number, members: number, supporters: number, bounds: Bounds): number =>
  Number(bigClamp((BigInt(base) * BigInt(members)) / BigInt(Math.max(1, supporters)), bounds))

const bigClamp = (value: bigint, { min, max }: Bounds): bigint => {
  if (value < BigInt(min)) return BigInt(min)
  return value > BigInt(max) ? BigInt(max) : value
}

const ascending = (values: readonly number[]): readonly number[] =>
  [...values].sort((left, right) => left - right)

// Bounded values of a bounded number of people stay far below 2^53, but nothing here depends on how many there are.
function floorMean(values: readonly number[]): number {
  let sum = 0n
  let part = 0
  for (const value of values) {
    part += value
    if (part > SAFE_PART) {
      sum += BigInt(part)
      part = 0
    }
  }
  return Number((sum + BigInt(part)) / BigInt(values.length))
}

const SAFE_PART = 2 ** 50
