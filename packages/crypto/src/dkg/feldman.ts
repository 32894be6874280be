/**
 * Feldman's commitments to a polynomial: its coefficients in the exponent, so that everybody can check any value of it.
 *
 * They hide the polynomial only as far as logarithms are hard, and bind it for ever.
 *
 * @see Feldman: A Practical Scheme for Non-interactive Verifiable Secret Sharing, FOCS 1987
 */
import type { Rng } from '../rng.js'
import { joined } from '../threshold/framing.js'
import type { KeySet } from '../threshold/key-set.js'
import { inverse, randomScalar, reduce } from '../threshold/prime-field.js'
import type { PrimeGroup } from '../threshold/prime-group.js'
import { requireThreshold, type SecretShare, xOf } from '../threshold/shamir.js'
import { encodeElements } from './elements.js'
import { type BatchSetting, RandomCombination } from './random-combination.js'

/** What a polynomial is drawn from. */
export interface PolynomialOptions {
  /** How many values give the polynomial: one more than its degree. */
  readonly threshold: number
  readonly order: bigint
  readonly rng: Rng
}

/** The claim that a committed polynomial has this value at this member's point. */
export interface PointClaim<Element> extends SecretShare {
  /** Commitments to the coefficients, the constant one first. */
  readonly commitment: readonly Element[]
}

/** The coefficients of a random polynomial of degree below the threshold, all uniform; the constant one is the secret. */
export function randomPolynomial({ threshold, order, rng }: PolynomialOptions): readonly bigint[] {
  requireThreshold(threshold, threshold)
  return Array.from({ length: threshold }, () => randomScalar(rng, order))
}

/** Commitments to the coefficients, to `base`; a base of its own keeps the key apart from what is committed. */
export const commitPolynomial = <Element>(
  group: PrimeGroup<Element>,
  base: Element,
  coefficients: readonly bigint[],
): readonly Element[] => coefficients.map(coefficient => group.multiply(base, coefficient))

/** The value of a committed polynomial at a member's point, in the exponent. */
export const committedValue = <Element>(
  group: PrimeGroup<Element>,
  commitment: readonly Element[],
  member: number,
): Element => group.combine(commitment, powersOf(xOf(member), commitment.length, group.order))

/** Whether all claims hold, by one multi-scalar multiplication. */
export function verifyPoints<Element>(
  setting: BatchSetting<Element>,
  base: Element,
  claims: readonly PointClaim<Element>[],
): boolean {
  const { group } = setting
  const sum = new RandomCombination(
    setting,
    claims.map(({ commitment, member, value }) =>
      joined(
        encodeElements(group, commitment),
        group.encodeScalar(xOf(member)),
        group.encodeScalar(reduce(value, group.order)),
      ),
    ),
  )
  for (const { commitment, member, value } of claims) {
    const weight = sum.weight()
    sum.add(base, -weight * value)
    powersOf(xOf(member), commitment.length, group.order).forEach((power, at) => {
      sum.add(commitment[at] as Element, weight * power)
    })
  }
  return sum.holds()
}

/** A value of a shared polynomial in the exponent, at a member's point. */
export interface ElementAt<Element> {
  readonly member: number
  readonly element: Element
}

/**
 * The weights that give the value at `x` of a polynomial from its values at these members' points, as many as its threshold.
 *
 * @throws RangeError if a member is named twice or is no member.
 */
export function lagrangeAt(members: readonly number[], x: bigint, order: bigint): readonly bigint[] {
  if (new Set(members).size !== members.length) throw new RangeError('feldman: a member is named twice')
  const points = members.map(xOf)
  return points.map(own => {
    let above = 1n
    let below = 1n
    for (const other of points) {
      if (other === own) continue
      above = reduce(above * (x - other), order)
      below = reduce(below * (own - other), order)
    }
    return (above * inverse(below, order)) % order
  })
}

/** The value at a member's point of the polynomial through these points. @throws RangeError as `lagrangeAt`. */
export function interpolateAt(points: readonly SecretShare[], member: number, order: bigint): bigint {
  const weights = lagrangeAt(
    points.map(point => point.member),
    xOf(member),
    order,
  )
  return points.reduce((sum, { value }, at) => reduce(sum + value * (weights[at] as bigint), order), 0n)
}

/**
 * The key set of a committed polynomial: the public key at 0, member i's key at i + 1.
 *
 * Undefined in the negligible case that one of the keys is the identity, which no key set may hold.
 */
export const keySetOf = <Element>(
  group: PrimeGroup<Element>,
  commitment: readonly Element[],
  members: number,
): KeySet | undefined =>
  keySetFrom(group, commitment.length, [
    commitment[0] as Element,
    ...Array.from({ length: members }, (_, member) => committedValue(group, commitment, member)),
  ])

/**
 * The key set of a polynomial that is known by as many of its values in the exponent as its threshold. They must be right.
 *
 * @throws RangeError as `lagrangeAt`. Undefined as for `keySetOf`.
 */
export function keySetThrough<Element>(
  group: PrimeGroup<Element>,
  values: readonly ElementAt<Element>[],
  members: number,
): KeySet | undefined {
  const at = values.map(({ member }) => member)
  const elements = values.map(({ element }) => element)
  const points = [0n, ...Array.from({ length: members }, (_, member) => xOf(member))]
  const keys = points.map(x => group.combine(elements, lagrangeAt(at, x, group.order)))
  return keySetFrom(group, values.length, keys)
}

function keySetFrom<Element>(
  group: PrimeGroup<Element>,
  threshold: number,
  keys: readonly Element[],
): KeySet | undefined {
  if (keys.some(key => group.isIdentity(key))) return undefined
  const [publicKey, ...verificationKeys] = keys.map(key => group.encode(key))
  return { threshold, origin: 'generated', publicKey: publicKey as Uint8Array, verificationKeys }
}

/** 1, x, x² … */
export function powersOf(x: bigint, count: number, order: bigint): readonly bigint[] {
  const powers = [1n]
  while (powers.length < count) powers.push(((powers.at(-1) as bigint) * x) % order)
  return powers
}
