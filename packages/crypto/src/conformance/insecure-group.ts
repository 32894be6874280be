import { utf8 } from '@mc/protocol/wire'
import { domainHash } from '../domain-hash.js'
import type { Sha256 } from '../sha256.js'
import { bytesOf, integerOf } from '../threshold/prime-field.js'
import type { PrimeGroup } from '../threshold/prime-group.js'

/**
 * A group of 63 bits, whose logarithms take a laptop an hour: for tests, which it makes a hundred times faster.
 *
 * The squares modulo p = 2^64 − 1469 = 2q + 1, with p and q prime. The hash squares a hash modulo p, so its logarithm is as
 * unknown as any other in so small a group.
 */
export function insecureGroup(sha256: Sha256): PrimeGroup<bigint> {
  const hash = (domain: string, message: Uint8Array): bigint =>
    integerOf(domainHash(sha256, 'insecure-group', utf8(domain), message))
  const product = (left: bigint, right: bigint): bigint => (left * right) % MODULUS
  return {
    name: 'insecure/63-bit',
    order: ORDER,
    elementBytes: BYTES,
    scalarBytes: BYTES,
    generator: 4n,
    add: product,
    multiply: power,
    combine(elements, scalars) {
      if (elements.length !== scalars.length) throw new RangeError('group: as many scalars as elements')
      return elements.reduce((sum, element, at) => product(sum, power(element, scalars[at] as bigint)), 1n)
    },
    equals: (left, right) => left === right,
    isIdentity: element => element === 1n,
    encode(element) {
      if (element === 1n) throw new RangeError('group: the identity is never encoded')
      return bytesOf(element, BYTES)
    },
    decode(bytes) {
      const element = bytes.length === BYTES ? integerOf(bytes) : 0n
      const isElement = element > 1n && element < MODULUS && power(element, ORDER) === 1n
      return isElement ? element : undefined
    },
    encodeScalar: scalar => bytesOf(scalar, BYTES),
    decodeScalar(bytes) {
      const scalar = bytes.length === BYTES ? integerOf(bytes) : ORDER
      return scalar < ORDER ? scalar : undefined
    },
    hashToGroup(domain, message) {
      const root = hash(`group ${domain}`, message) % MODULUS
      return product(root, root)
    },
    hashToScalar: (domain, message) => hash(`scalar ${domain}`, message) % ORDER,
  }
}

const MODULUS = 2n ** 64n - 1469n
const ORDER = (MODULUS - 1n) / 2n
const BYTES = 8

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % MODULUS
    square = (square * square) % MODULUS
  }
  return result
}
