/**
 * Shamir's secret sharing over the exponents of a group.
 *
 * Members are named by their position 0 … n − 1. Member i holds the polynomial at x = i + 1: at x = 0 lies the secret itself,
 * and no member can be named that would hold it.
 *
 * @see Shamir, How to Share a Secret, CACM 1979
 */
import type { Rng } from '../rng.js'
import { inverse, randomScalar, reduce } from './prime-field.js'

/** What `dealShares` is made from. */
export interface DealOptions {
  /** The value at x = 0, 0 … order − 1. */
  readonly secret: bigint
  /** How many shares give the secret: one more than the degree, 1 ≤ threshold ≤ members. */
  readonly threshold: number
  readonly members: number
  readonly order: bigint
  readonly rng: Rng
}

/** One member's point of the polynomial. */
export interface SecretShare {
  readonly member: number
  readonly value: bigint
}

/** The most members that share one key. */
export const SHARERS_MAX = 65_535

/**
 * Splits a secret: any `threshold` shares give it back, fewer say nothing about it.
 *
 * Coefficients are uniform modulo the order, by rejection; all arithmetic is reduced.
 *
 * @throws RangeError for an impossible threshold, number of members or secret.
 */
export function dealShares({ secret, threshold, members, order, rng }: DealOptions): readonly SecretShare[] {
  requireThreshold(threshold, members)
  if (secret < 0n || secret >= order) throw new RangeError('shamir: need a secret in 0 … order − 1')
  // All uniform, zero included: a coefficient that is never zero would let fewer shares exclude some secrets.
  const coefficients = [secret]
  while (coefficients.length < threshold) coefficients.push(randomScalar(rng, order))
  return Array.from({ length: members }, (_, member) => ({
    member,
    value: evaluate(coefficients, xOf(member), order),
  }))
}

/**
 * λ_i = ∏ x_j / (x_j − x_i) over the other members j: the weights that give the value at x = 0.
 *
 * @throws RangeError if a member is named twice or is no member.
 */
export function lagrangeAtZero(members: readonly number[], order: bigint): readonly bigint[] {
  if (new Set(members).size !== members.length) throw new RangeError('shamir: a member is named twice')
  const points = members.map(xOf)
  return points.map(own => {
    let above = 1n
    let below = 1n
    for (const other of points) {
      if (other === own) continue
      above = (above * other) % order
      below = reduce(below * (other - own), order)
    }
    return (above * inverse(below, order)) % order
  })
}

/**
 * The secret behind shares that are exactly as many as the threshold. Others give another number, not an error.
 *
 * @throws RangeError if a member is named twice or is no member.
 */
export function recoverSecret(shares: readonly SecretShare[], order: bigint): bigint {
  const weights = lagrangeAtZero(
    shares.map(({ member }) => member),
    order,
  )
  return shares.reduce((sum, { value }, at) => reduce(sum + value * (weights[at] as bigint), order), 0n)
}

/** @throws RangeError unless 1 ≤ threshold ≤ members ≤ `SHARERS_MAX`. */
export function requireThreshold(threshold: number, members: number): void {
  if (!Number.isSafeInteger(members) || members < 1 || members > SHARERS_MAX) {
    throw new RangeError(`shamir: need 1 … ${SHARERS_MAX} members, got ${members}`)
  }
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > members) {
    throw new RangeError(`shamir: need 1 ≤ threshold ≤ ${members}, got ${threshold}`)
  }
}

/** Where a member's share lies: never at 0. @throws RangeError for what is no member. */
export function xOf(member: number): bigint {
  if (!Number.isSafeInteger(member) || member < 0 || member >= SHARERS_MAX) {
    throw new RangeError(`shamir: need a member 0 … ${SHARERS_MAX - 1}, got ${member}`)
  }
  return BigInt(member) + 1n
}

/** Horner's rule. */
export function evaluate(coefficients: readonly bigint[], x: bigint, order: bigint): bigint {
  return coefficients.reduceRight((sum, coefficient) => reduce(sum * x + coefficient, order), 0n)
}
