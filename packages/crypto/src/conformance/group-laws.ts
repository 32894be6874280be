import { fromHex, utf8 } from '@mc/protocol/wire'
import { domainHash } from '../domain-hash.js'
import type { Sha256 } from '../sha256.js'
import { integerOf, reduce } from '../threshold/prime-field.js'
import type { PrimeGroup } from '../threshold/prime-group.js'
import { type ConformanceRunner, pattern, requireBytes, requireLaw, requireRangeError } from './runner.js'

/** A published result of the hash to a group; `message` and `element` are hexadecimal. */
export interface HashToGroupVector {
  readonly domain: string
  readonly message: string
  readonly element: string
}

/** What the laws of a group are checked with. */
export interface GroupLawsOptions {
  readonly sha256: Sha256
  /** Published results of the hash; a group without any cannot show that its hash is the one that it claims. */
  readonly hashVectors: readonly HashToGroupVector[]
}

/** The laws of a prime-order group. */
export function describePrimeGroup<Element>(
  group: PrimeGroup<Element>,
  { sha256, hashVectors }: GroupLawsOptions,
  { describe, test }: ConformanceRunner,
): void {
  describe(`PrimeGroup: ${group.name}`, () => {
    test('its order is prime, and that of its generator', () => requireOrder(group))
    test('multiplication and combination are what addition makes of them', () => requireArithmetic(group))
    test('an element has one encoding, the identity has none, and noise has no meaning', () =>
      requireEncoding(group))
    test('a scalar has one encoding, below the order', () => requireScalars(group))
    test('the hash to the group gives the published elements', () => {
      for (const { domain, message, element } of hashVectors) {
        requireBytes(group.encode(group.hashToGroup(domain, fromHex(message))), fromHex(element), 'hash')
      }
    })
    test('the hash binds domain and message', () => requireBinding(group))
    test('nobody knows the logarithm of a hash: it is none of the hashes that one would think of', () =>
      requireUnknownLogarithm(group, sha256))
  })
}

function requireOrder<Element>(group: PrimeGroup<Element>): void {
  const { order, generator } = group
  for (const witness of [2n, 3n, 5n, 7n, 11n]) requireLaw(power(witness, order - 1n, order) === 1n, 'prime')
  requireLaw(!group.isIdentity(generator), 'the generator is not the identity')
  const last = group.multiply(generator, order - 1n)
  requireLaw(group.isIdentity(group.add(last, generator)), 'order times generator is the identity')
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (exponent === 0n) return 1n
  const root = power(base, exponent >> 1n, modulus)
  const square = (root * root) % modulus
  return exponent & 1n ? (square * base) % modulus : square
}

function requireArithmetic<Element>(group: PrimeGroup<Element>): void {
  const { generator, order } = group
  const other = group.hashToGroup('laws', pattern(3, 1))
  const two = group.add(other, other)
  requireLaw(group.equals(group.multiply(other, 2n), two), '2P = P + P')
  requireLaw(group.isIdentity(group.multiply(other, 0n)), '0P is the identity')
  requireLaw(!group.equals(other, generator), 'different elements differ')
  const scalars = [5n, order - 3n, 0n]
  const elements = [generator, other, two]
  const sum = elements
    .map((element, at) => group.multiply(element, scalars[at] as bigint))
    .reduce((left, right) => group.add(left, right))
  requireLaw(group.equals(group.combine(elements, scalars), sum), 'a combination is the sum of its products')
  requireLaw(group.isIdentity(group.combine([], [])), 'an empty combination is the identity')
  requireRangeError(() => group.combine(elements, [1n]), 'a combination needs as many scalars')
}

function requireEncoding<Element>(group: PrimeGroup<Element>): void {
  const bytes = group.encode(group.hashToGroup('laws', pattern(3, 2)))
  requireLaw(bytes.length === group.elementBytes, 'length of an element')
  const decoded = group.decode(bytes)
  requireLaw(decoded !== undefined, 'an encoding decodes')
  requireBytes(group.encode(decoded as Element), bytes, 'and encodes again')
  requireRangeError(() => group.encode(group.multiply(group.generator, 0n)), 'the identity is not encoded')
  for (const length of [0, 1, group.elementBytes - 1, group.elementBytes + 1]) {
    requireLaw(group.decode(pattern(length, 1)) === undefined, `an element of ${length} bytes`)
  }
  requireLaw(group.decode(new Uint8Array(group.elementBytes)) === undefined, 'zeros')
  const identities = [0xc0, 1, 0x40].map(first =>
    Uint8Array.from({ length: group.elementBytes }, (_, at) => (at === 0 ? first : 0)),
  )
  const damaged = [0, 9, 8 * bytes.length - 1].map(bit => withFlippedBit(bytes, bit))
  const noise = Array.from({ length: 16 }, (_, start) => pattern(group.elementBytes, start))
  for (const foreign of [...damaged, ...noise, ...identities]) {
    const element = group.decode(foreign)
    if (element !== undefined) requireBytes(group.encode(element), foreign, 'one encoding per element')
  }
}

const withFlippedBit = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))

function requireScalars<Element>(group: PrimeGroup<Element>): void {
  for (const scalar of [0n, 1n, group.order - 1n]) {
    const bytes = group.encodeScalar(scalar)
    requireLaw(bytes.length === group.scalarBytes, 'length of a scalar')
    requireLaw(group.decodeScalar(bytes) === scalar, 'a scalar decodes')
  }
  requireLaw(group.decodeScalar(new Uint8Array(group.scalarBytes).fill(0xff)) === undefined, 'over the order')
  const [one, last] = [group.encodeScalar(1n), group.encodeScalar(group.order - 1n)]
  const order = last.map((byte, at) => byte + (one[at] as number))
  requireLaw(group.decodeScalar(order) === undefined, 'the order itself')
  requireLaw(group.decodeScalar(new Uint8Array(group.scalarBytes + 1)) === undefined, 'a longer scalar')
  requireLaw(group.decodeScalar(new Uint8Array(0)) === undefined, 'no scalar')
}

function requireBinding<Element>(group: PrimeGroup<Element>): void {
  const message = pattern(5, 1)
  const hash = group.hashToGroup('a', message)
  requireLaw(group.equals(hash, group.hashToGroup('a', Uint8Array.from(message))), 'the same again')
  requireLaw(!group.equals(hash, group.hashToGroup('b', message)), 'another domain')
  requireLaw(!group.equals(hash, group.hashToGroup('a', pattern(5, 2))), 'another message')
  requireLaw(group.hashToScalar('a', message) !== group.hashToScalar('b', message), 'another domain')
  requireLaw(group.hashToScalar('a', message) < group.order, 'a scalar is reduced')
}

/** If hashToGroup(m) = s·G for an s that all can compute, then s·(public key) is the value that should be secret. */
function requireUnknownLogarithm<Element>(group: PrimeGroup<Element>, sha256: Sha256): void {
  const [domain, message] = ['mc/laws', pattern(12, 7)]
  const hash = group.hashToGroup(domain, message)
  const digests = [
    sha256(message),
    sha256(utf8(domain), message),
    domainHash(sha256, domain, message),
    sha256(sha256(message)),
  ]
  const scalars = [
    group.hashToScalar(domain, message),
    group.hashToScalar('mc', message),
    ...digests.flatMap(digest => [integerOf(digest), integerOf(Uint8Array.from(digest).reverse())]),
  ]
  for (const scalar of scalars) {
    const known = group.multiply(group.generator, reduce(scalar, group.order))
    requireLaw(!group.equals(hash, known), 'the logarithm of a hash is known')
  }
}
