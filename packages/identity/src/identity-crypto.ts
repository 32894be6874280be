/**
 * What identity needs of cryptography, injected.
 */
import type { Sha256 } from '@mc/crypto'
import {
  decodeScalar,
  generatorElement,
  hashToElement,
  type Points,
  type RistrettoEngine,
} from '@mc/crypto/ristretto'
import { type Scope, scopeBytes } from './scope.js'

/** A hash and an engine. */
export interface IdentityCrypto {
  readonly sha256: Sha256
  readonly ristretto: RistrettoEngine
}

/** An element with its encoding: what is hashed, and what is computed with. */
export interface Element {
  readonly encoded: Uint8Array
  readonly point: Points
}

/** Total: undefined unless `encoded` is the only encoding of an element other than the identity. */
export function elementFrom(encoded: Uint8Array, { ristretto }: IdentityCrypto): Element | undefined {
  const point = encoded.length === 32 ? ristretto.decode(encoded) : undefined
  return point && { encoded, point }
}

/** What a key is a multiple of: the generator for member keys, a tag base for tags. */
export interface KeyBase extends Element {
  /** Names the base: empty for the generator, else the bytes of the scope. */
  readonly name: Uint8Array
}

/** G. */
export const generatorBase = (crypto: IdentityCrypto): KeyBase => ({
  ...knownElement(generatorElement(), crypto),
  name: new Uint8Array(0),
})

/**
 * U_σ = Hp('scope', σ): depends on the organisation and the scope alone, never on a ring.
 *
 * @throws RangeError as `scopeBytes`.
 */
export function tagBase(org: Uint8Array, scope: Scope, crypto: IdentityCrypto): KeyBase {
  const name = scopeBytes(org, scope)
  return { ...knownElement(hashToElement('MC-v1-scope', name), crypto), name }
}

/** Total: undefined if the scope cannot be rendered, as an identifier has the wrong length. */
export function tagBaseOf(org: Uint8Array, scope: Scope, crypto: IdentityCrypto): KeyBase | undefined {
  try {
    return tagBase(org, scope, crypto)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** An element of our own making. @throws RangeError for the identity, which no hash gives in practice. */
export function knownElement(encoded: Uint8Array, crypto: IdentityCrypto): Element {
  const element = elementFrom(encoded, crypto)
  if (element === undefined) throw new RangeError('identity: not an element')
  return element
}

/** @throws RangeError unless `secretKey` is the encoding of a scalar 1 … order − 1. */
export function secretScalar(secretKey: Uint8Array): bigint {
  const secret = decodeScalar(secretKey)
  if (secret === undefined || secret === 0n) {
    throw new RangeError('identity: need a secret key of 32 bytes, below the order and not zero')
  }
  return secret
}

/** secret · base, encoded. */
export const multiple = (base: Element, secret: bigint, { ristretto }: IdentityCrypto): Uint8Array =>
  ristretto.combineSecret(base.point, [secret])

/** Four bytes, most significant first. */
export const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
