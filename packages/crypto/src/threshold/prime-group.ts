/**
 * Groups of prime order, in which the Diffie–Hellman problem is hard: what threshold cryptography stands on.
 */

/**
 * A group of prime order with a fixed encoding and a hash into it.
 *
 * Elements that came through `decode` are on the curve, in the subgroup of prime order and not the identity. Scalars are
 * integers 0 … order − 1. `describePrimeGroup` of `@mc/crypto/conformance` checks what can be checked.
 */
export interface PrimeGroup<Element> {
  /** Names the group and its hash: another hash is another group. */
  readonly name: string
  readonly order: bigint
  readonly elementBytes: number
  readonly scalarBytes: number
  readonly generator: Element

  add(left: Element, right: Element): Element

  /** `scalar` times `element`, for a secret scalar: as constant in time as the library makes it. */
  multiply(element: Element, scalar: bigint): Element

  /**
   * The sum of `scalars[i]` times `elements[i]`, for public values only: its time depends on them.
   *
   * @throws RangeError unless there are as many scalars as elements.
   */
  combine(elements: readonly Element[], scalars: readonly bigint[]): Element

  equals(left: Element, right: Element): boolean
  isIdentity(element: Element): boolean

  /** @throws RangeError for the identity, which has no place in any message. */
  encode(element: Element): Uint8Array

  /** Total: undefined unless `bytes` are the only encoding of an element of the group other than the identity. */
  decode(bytes: Uint8Array): Element | undefined

  encodeScalar(scalar: bigint): Uint8Array

  /** Total: undefined unless `bytes` are the only encoding of an integer 0 … order − 1. */
  decodeScalar(bytes: Uint8Array): bigint | undefined

  /**
   * An element that nobody knows the discrete logarithm of; uniform, if the hash underneath is a random oracle.
   *
   * Never a hash times the generator: then whoever knows a public key knows its product with the hash.
   *
   * @see RFC 9380
   */
  hashToGroup(domain: string, message: Uint8Array): Element

  /** A scalar, uniform but for a bias below 2^−100. */
  hashToScalar(domain: string, message: Uint8Array): bigint
}
