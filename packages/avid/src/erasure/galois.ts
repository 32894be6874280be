/**
 * The field GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11d), whose element 2 generates all others.
 *
 * Addition is XOR. Products go through logarithms.
 */

/** How many elements the field has. */
export const FIELD_SIZE = 256

const POLYNOMIAL = 0x11d
const ORDER = FIELD_SIZE - 1

// Twice as long as the group, so that a sum of two logarithms needs no reduction.
const EXP = new Uint8Array(2 * ORDER)
const LOG = new Uint8Array(FIELD_SIZE)

for (let power = 0, element = 1; power < ORDER; power += 1) {
  EXP[power] = element
  EXP[power + ORDER] = element
  LOG[element] = power
  element <<= 1
  if (element >= FIELD_SIZE) element ^= POLYNOMIAL
}

/** The logarithm of `a` to the base 2, for a ≠ 0. */
export const log = (a: number): number => LOG[a] as number

/** 2 to the power of `power` ≥ 0, or what equals it modulo the order of the group. */
export const exp = (power: number): number => EXP[power % ORDER] as number

/** a · b. */
export const times = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (EXP[(LOG[a] as number) + (LOG[b] as number)] as number)

/** 1 / a, for a ≠ 0. */
export const inverse = (a: number): number => EXP[ORDER - (LOG[a] as number)] as number

/** The 256 products of `a` with every element, at the element's place. */
export function products(a: number): Uint8Array {
  const row = new Uint8Array(FIELD_SIZE)
  if (a === 0) return row
  const logA = LOG[a] as number
  for (let b = 1; b < FIELD_SIZE; b += 1) row[b] = EXP[logA + (LOG[b] as number)] as number
  return row
}
