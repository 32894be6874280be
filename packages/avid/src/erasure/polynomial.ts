/**
 * Polynomials over GF(2^8): coefficients, the lowest first, without zeros at the end; no coefficients are the zero polynomial.
 */
import { inverse, times } from './galois.js'

/** Its coefficients, the lowest first; the last one is not 0. */
export type Polynomial = readonly number[]

/** a + b, which is a − b as well. */
export function sum(a: Polynomial, b: Polynomial): Polynomial {
  const [longer, shorter] = a.length < b.length ? [b, a] : [a, b]
  return trimmed(longer.map((coefficient, at) => coefficient ^ (shorter[at] ?? 0)))
}

/** a · b. */
export function product(a: Polynomial, b: Polynomial): Polynomial {
  if (a.length === 0 || b.length === 0) return []
  const coefficients = new Array<number>(a.length + b.length - 1).fill(0)
  for (const [at, factor] of a.entries()) addMultiple(coefficients, b, factor, at)
  return coefficients
}

/** The quotient and the remainder of a / b, for b ≠ 0. */
export function divide(
  a: Polynomial,
  b: Polynomial,
): { readonly quotient: Polynomial; readonly remainder: Polynomial } {
  const remainder = [...a]
  const quotient = new Array<number>(Math.max(0, a.length - b.length + 1)).fill(0)
  const perLead = inverse(b.at(-1) as number)
  for (let at = quotient.length - 1; at >= 0; at -= 1) {
    const factor = times(remainder[at + b.length - 1] as number, perLead)
    quotient[at] = factor
    addMultiple(remainder, b, factor, at)
  }
  return { quotient, remainder: trimmed(remainder) }
}

/** The value at x, by Horner's rule. */
export function valueAt(polynomial: Polynomial, x: number): number {
  let value = 0
  for (let at = polynomial.length - 1; at >= 0; at -= 1) value = times(value, x) ^ (polynomial[at] as number)
  return value
}

/** Π (x − root). */
export const withRoots = (roots: readonly number[]): Polynomial =>
  roots.reduce<Polynomial>((polynomial, root) => product(polynomial, [root, 1]), [1])

/**
 * The polynomial of a degree below the number of points that goes through all of them; `vanishing` is `withRoots(xs)`.
 *
 * Lagrange's: Π_{m≠i} (x − x_m) is `vanishing` divided by x − x_i, and is scaled to be y_i at x_i.
 */
export function through(xs: readonly number[], ys: readonly number[], vanishing: Polynomial): Polynomial {
  const coefficients = new Array<number>(xs.length).fill(0)
  for (const [at, x] of xs.entries()) {
    const { quotient } = divide(vanishing, [x, 1])
    addMultiple(coefficients, quotient, times(ys[at] as number, inverse(valueAt(quotient, x))), 0)
  }
  return trimmed(coefficients)
}

/** coefficients += factor · x^shift · polynomial. */
function addMultiple(coefficients: number[], polynomial: Polynomial, factor: number, shift: number): void {
  if (factor === 0) return
  for (const [at, coefficient] of polynomial.entries()) {
    coefficients[at + shift] = (coefficients[at + shift] as number) ^ times(coefficient, factor)
  }
}

function trimmed(coefficients: readonly number[]): Polynomial {
  let length = coefficients.length
  while (length > 0 && coefficients[length - 1] === 0) length -= 1
  return coefficients.slice(0, length)
}
