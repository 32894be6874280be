/**
 * Sharing by a symmetric polynomial in two variables: every two members hold a common point, so whoever is given nothing can
 * be given it by the others.
 *
 * F(x, y) = F(y, x) has degree below the threshold in each variable. Member i holds the row F(i + 1, y). The secret is F(0, 0)
 * and member i's share of it F(i + 1, 0) = F(0, i + 1).
 *
 * @see Ben-Or, Goldwasser, Wigderson: Completeness Theorems, STOC 1988; Cachin, Kursawe, Lysyanskaya, Strobl: Asynchronous
 * Verifiable Secret Sharing, CCS 2002, section 3
 */

import { framed, joined } from '../threshold/framing.js'
import { randomScalar, reduce } from '../threshold/prime-field.js'
import type { PrimeGroup } from '../threshold/prime-group.js'
import { evaluate, requireThreshold, xOf } from '../threshold/shamir.js'
import { encodeElements } from './elements.js'
import { type PolynomialOptions, powersOf } from './feldman.js'
import { type BatchSetting, RandomCombination } from './random-combination.js'

/** What a dealing is drawn from. */
export type BivariateOptions = PolynomialOptions

/** A random symmetric polynomial. Whoever holds it knows everything: it is forgotten once its rows are sealed. */
export class SymmetricBivariate {
  readonly threshold: number
  readonly #order: bigint
  /** By index of the packed lower triangle. */
  readonly #coefficients: readonly bigint[]

  /** @throws RangeError unless the threshold is one that `dealShares` takes. */
  constructor({ threshold, order, rng }: BivariateOptions) {
    requireThreshold(threshold, threshold)
    this.threshold = threshold
    this.#order = order
    this.#coefficients = Array.from({ length: bivariateCommitmentLength(threshold) }, () =>
      randomScalar(rng, order),
    )
  }

  /** The coefficients of F(member + 1, y), the constant one first. */
  row(member: number): readonly bigint[] {
    const x = xOf(member)
    return Array.from({ length: this.threshold }, (_, k) =>
      evaluate(
        Array.from({ length: this.threshold }, (_, j) => this.#coefficients[packed(j, k)] as bigint),
        x,
        this.#order,
      ),
    )
  }

  /** Every coefficient once, as `packed` orders them. */
  map<Value>(each: (coefficient: bigint) => Value): readonly Value[] {
    return this.#coefficients.map(each)
  }
}

/** How many elements commit to a symmetric polynomial: threshold · (threshold + 1) / 2. */
export const bivariateCommitmentLength = (threshold: number): number => (threshold * (threshold + 1)) / 2

/** Where the coefficient of x^j·y^k, which is that of x^k·y^j, stands. */
const packed = (j: number, k: number): number => (j >= k ? (j * (j + 1)) / 2 + k : packed(k, j))

/** Feldman's commitments to every coefficient, packed. */
export const commitBivariate = <Element>(
  group: PrimeGroup<Element>,
  polynomial: SymmetricBivariate,
): readonly Element[] => polynomial.map(coefficient => group.multiply(group.generator, coefficient))

/** The commitments to F(x, 0), the polynomial that the secret is shared by. */
export const rowOf = <Element>(commitment: readonly Element[], threshold: number): readonly Element[] =>
  Array.from({ length: threshold }, (_, j) => commitment[packed(j, 0)] as Element)

/** The claim that this is member's row of a committed polynomial. */
export interface RowClaim<Element> {
  readonly commitment: readonly Element[]
  readonly member: number
  readonly row: readonly bigint[]
}

/** Whether all claims hold, by one multi-scalar multiplication over all their commitments. */
export function verifyRows<Element>(
  setting: BatchSetting<Element>,
  claims: readonly RowClaim<Element>[],
): boolean {
  const { group } = setting
  if (claims.some(({ commitment, row }) => commitment.length !== bivariateCommitmentLength(row.length))) {
    return false
  }
  const transcript = claims.map(({ commitment, member, row }) =>
    joined(
      encodeElements(group, commitment),
      group.encodeScalar(xOf(member)),
      framed(...row.map(value => group.encodeScalar(reduce(value, group.order)))),
    ),
  )
  const sum = new RandomCombination(setting, transcript)
  for (const { commitment, member, row } of claims) {
    const powers = powersOf(xOf(member), row.length, group.order)
    row.forEach((coefficient, k) => {
      const weight = sum.weight()
      sum.add(group.generator, -weight * coefficient)
      powers.forEach((power, j) => {
        sum.add(commitment[packed(j, k)] as Element, weight * power)
      })
    })
  }
  return sum.holds()
}

/** The claim that F(by + 1, at + 1) has this value: what the holder of row `by` owes to member `at`. */
export interface ValueClaim<Element> {
  readonly commitment: readonly Element[]
  readonly threshold: number
  readonly by: number
  readonly at: number
  readonly value: bigint
}

/** Whether all claims hold, by one multi-scalar multiplication. */
export function verifyValues<Element>(
  setting: BatchSetting<Element>,
  claims: readonly ValueClaim<Element>[],
): boolean {
  const { group } = setting
  const transcript = claims.map(({ commitment, by, at, value }) =>
    joined(
      encodeElements(group, commitment),
      ...[xOf(by), xOf(at), reduce(value, group.order)].map(one => group.encodeScalar(one)),
    ),
  )
  const sum = new RandomCombination(setting, transcript)
  for (const { commitment, threshold, by, at, value } of claims) {
    const weight = sum.weight()
    sum.add(group.generator, -weight * value)
    const [across, along] = [by, at].map(member => powersOf(xOf(member), threshold, group.order)) as [
      readonly bigint[],
      readonly bigint[],
    ]
    across.forEach((x, j) => {
      along.forEach((y, k) => {
        sum.add(commitment[packed(j, k)] as Element, weight * x * y)
      })
    })
  }
  return sum.holds()
}
