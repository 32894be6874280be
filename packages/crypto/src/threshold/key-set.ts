/**
 * The public half of a key that n members share.
 */
import { domainHash } from '../domain-hash.js'
import type { Sha256 } from '../sha256.js'
import { framed } from './framing.js'
import { inverse, reduce } from './prime-field.js'
import type { PrimeGroup } from './prime-group.js'
import { evaluate, SHARERS_MAX, xOf } from './shamir.js'

/** Who knew the key when it was made: a dealer, who may have kept it, or nobody, as the members generated it together. */
export type KeyOrigin = 'dealt' | 'generated'

/**
 * What everybody knows of a shared key. Made by a key generation, found on a ledger: bytes that nobody has checked yet.
 */
export interface KeySet {
  /** How many shares give a value: f + 1 or n − f. */
  readonly threshold: number
  readonly publicKey: Uint8Array
  /** Of member 0 … n − 1, in this order. */
  readonly verificationKeys: readonly Uint8Array[]
  /** A statement of whoever made it, which no bytes prove. Left out, it is taken for dealt; only generated keys serve a network. */
  readonly origin?: KeyOrigin
}

/** Where a key set says that it came from; one that says nothing counts as dealt. */
export const originOf = ({ origin = 'dealt' }: Pick<KeySet, 'origin'>): KeyOrigin => origin

/** A key set whose elements are decoded and lie on one polynomial of degree threshold − 1. */
export interface OpenedKeySet<Element> {
  readonly threshold: number
  readonly publicKey: Element
  readonly verificationKeys: readonly Element[]
}

/**
 * Checks and decodes a key set; undefined if it is not one.
 *
 * It is one if all keys are elements of the group other than the identity, and they are the values of one polynomial of degree
 * below the threshold, the public key at 0. Only then do any two sets of valid shares give the same value. That is checked by
 * one product with a random word of the dual code; a wrong set passes with a chance of 1 in the order of the group.
 *
 * @see Cascudo, David: SCRAPE, ACNS 2017, section 2.1
 */
export function openKeySet<Element>(
  group: PrimeGroup<Element>,
  keys: KeySet,
): OpenedKeySet<Element> | undefined {
  const { threshold, verificationKeys } = keys
  const members = verificationKeys.length
  if (members < 1 || members > SHARERS_MAX) return undefined
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > members) return undefined
  const publicKey = group.decode(keys.publicKey)
  const decoded = verificationKeys.map(key => group.decode(key))
  if (publicKey === undefined || !decoded.every(key => key !== undefined)) return undefined
  const opened = { threshold, publicKey, verificationKeys: decoded }
  return isOnePolynomial(group, opened, keysTranscript(keys)) ? opened : undefined
}

/** Names a key set: members who use different ones must refuse each other. */
export const keySetDigest = (sha256: Sha256, keys: KeySet): Uint8Array =>
  domainHash(sha256, 'mc/key-set/v1', keysTranscript(keys))

const keysTranscript = ({ threshold, publicKey, verificationKeys }: KeySet): Uint8Array =>
  framed(String(threshold), publicKey, ...verificationKeys)

/** Σ v_x · q(x) · key_x = 0 over x = 0 … n, with v_x = ∏ 1 / (x − y) over the others and q random of degree n − threshold. */
function isOnePolynomial<Element>(
  group: PrimeGroup<Element>,
  { threshold, publicKey, verificationKeys }: OpenedKeySet<Element>,
  transcript: Uint8Array,
): boolean {
  const { order } = group
  const points = [0n, ...verificationKeys.map((_, member) => xOf(member))]
  const coefficients = Array.from({ length: points.length - threshold }, (_, at) =>
    group.hashToScalar(DUAL, framed(transcript, String(at))),
  )
  const word = points.map((x, at) =>
    reduce(dualWeight(at, points.length, order) * evaluate(coefficients, x, order), order),
  )
  return group.isIdentity(group.combine([publicKey, ...verificationKeys], word))
}

const DUAL = 'mc/key-set/dual/v1'

/** ∏ 1 / (x − y) over all other y in 0 … count − 1: (−1)^(count − 1 − x) / (x! · (count − 1 − x)!). */
function dualWeight(x: number, count: number, order: bigint): bigint {
  const rest = count - 1 - x
  const below = (factorial(x, order) * factorial(rest, order)) % order
  const weight = inverse(below, order)
  return rest % 2 === 0 ? weight : reduce(-weight, order)
}

function factorial(of: number, order: bigint): bigint {
  let product = 1n
  for (let factor = 2n; factor <= BigInt(of); factor += 1n) product = (product * factor) % order
  return product
}
