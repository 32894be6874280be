/**
 * A person's key: x random, X = xG, and its tags T_σ = x·U_σ.
 *
 * @see identity.md, sections 3 and 4
 */
import { domainHash, type Rng } from '@mc/crypto'
import { encodeScalar, randomScalar } from '@mc/crypto/ristretto'
import { generatorBase, type IdentityCrypto, multiple, secretScalar, tagBase } from './identity-crypto.js'
import { type Signing, signSchnorr, verifySchnorr } from './schnorr.js'
import type { Scope } from './scope.js'

/** Length of secrets, member keys and tags. */
export const KEY_BYTES = 32

/**
 * A new secret key: independent of every other.
 *
 * Never derive one person's keys from each other by adding something public: their tags would be linked.
 */
export const newMemberSecret = (rng: Rng): Uint8Array => encodeScalar(randomScalar(rng))

/** X = xG. @throws RangeError unless `secretKey` is a scalar. */
export const memberKey = (secretKey: Uint8Array, crypto: IdentityCrypto): Uint8Array =>
  multiple(generatorBase(crypto), secretScalar(secretKey), crypto)

/** T = x·U_σ. @throws RangeError unless `secretKey` is a scalar and the scope can be rendered. */
export const tagOf = (
  org: Uint8Array,
  scope: Scope,
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): Uint8Array => multiple(tagBase(org, scope, crypto), secretScalar(secretKey), crypto)

/**
 * Proves that whoever registers X knows x: a signature on H('mc/pop', org, X), for this purpose alone.
 *
 * Without it, somebody could register a key made of other people's keys.
 */
export const provePossession = (org: Uint8Array, secretKey: Uint8Array, crypto: IdentityCrypto): Uint8Array =>
  signSchnorr(possession(org, memberKey(secretKey, crypto), crypto), secretKey, crypto)

/** What a proof of possession signs. */
export const possession = (org: Uint8Array, key: Uint8Array, crypto: IdentityCrypto): Signing => ({
  purpose: 'possession',
  org,
  base: generatorBase(crypto),
  message: domainHash(crypto.sha256, 'mc/pop', org, key),
})

/** What other key a member has. */
export type SecondaryKind = 'consensus' | 'network'

/** A key of another kind, which X signs once. */
export interface SecondaryKey {
  readonly kind: SecondaryKind
  readonly key: Uint8Array
}

/** Binds a consensus or network key to the member key. @throws RangeError unless `secretKey` is a scalar. */
export const signSecondaryKey = (
  org: Uint8Array,
  secondary: SecondaryKey,
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): Uint8Array => signSchnorr(secondarySigning(org, secondary, crypto), secretKey, crypto)

/** Whether the holder of the member key `by` has this other key. Total. */
export const verifySecondaryKey = (
  org: Uint8Array,
  secondary: SecondaryKey,
  { by, signature }: { readonly by: Uint8Array; readonly signature: Uint8Array },
  crypto: IdentityCrypto,
): boolean => verifySchnorr({ signing: secondarySigning(org, secondary, crypto), key: by, signature }, crypto)

const secondarySigning = (org: Uint8Array, { kind, key }: SecondaryKey, crypto: IdentityCrypto): Signing => ({
  purpose: 'secondary-key',
  org,
  base: generatorBase(crypto),
  message: domainHash(crypto.sha256, `mc/key/${kind}/v1`, key),
})

/** Signs an operation with the member key, or with the tag of a scope. */
export function signOperation(
  {
    org,
    base,
    message,
  }: { readonly org: Uint8Array; readonly base: 'generator' | Scope; readonly message: Uint8Array },
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): Uint8Array {
  const own = base === 'generator' ? generatorBase(crypto) : tagBase(org, base, crypto)
  return signSchnorr({ purpose: 'operation', org, base: own, message }, secretKey, crypto)
}
