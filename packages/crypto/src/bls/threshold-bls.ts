/**
 * Threshold BLS signatures of Boldyreva: a coin and a certificate in one.
 *
 * Member i signs with its share x_i of the key; the product of `threshold` shares, each to its Lagrange weight, is the signature
 * under the shared key. There is only one such signature, so nobody can choose it, and anybody can verify it.
 *
 * Guarantees in the random oracle model under the computational co-Diffie–Hellman assumption, against adversaries that choose whom
 * to corrupt beforehand (static). Not safe against quantum computers.
 *
 * @see Boldyreva, Threshold Signatures, Multisignatures and Blind Signatures Based on the Gap-Diffie-Hellman-Group, PKC 2003
 */
import { invariant } from '@mc/protocol'
import { domainHash } from '../domain-hash.js'
import { equalBytes } from '../identifier.js'
import { blsG1, blsG2, type G2Element } from '../portable/bls.js'
import type { Sha256 } from '../sha256.js'
import type { SignatureScheme } from '../signature.js'
import { type KeyOrigin, type KeySet, keySetDigest, openKeySet, originOf } from '../threshold/key-set.js'
import { lagrangeAtZero } from '../threshold/shamir.js'
import {
  isMember,
  requireShares,
  type ThresholdFunction,
  type ValueShare,
} from '../threshold/threshold-function.js'
import { BLS_MIN_PK, noBlsSecret } from './bls-scheme.js'

/** What `thresholdBls` is made from. */
export interface ThresholdBlsOptions {
  /** Who signs and verifies: `portableBls`, or `nodeBls()` where it loads. */
  readonly bls: SignatureScheme
  readonly sha256: Sha256
  readonly keys: KeySet
}

/** What shares came to: the signature, or the members whose shares are not valid. */
export type SignatureCombination =
  | { readonly type: 'signature'; readonly signature: Uint8Array }
  | { readonly type: 'bad-shares'; readonly members: readonly number[] }

/** A threshold signature; as a function, its value is a hash of the signature. */
export interface ThresholdSignature extends ThresholdFunction {
  /** The key under which combined signatures verify. */
  readonly publicKey: Uint8Array

  /**
   * The signature from exactly `threshold` shares of different members.
   *
   * Combines first and checks the result, at the cost of one verification; only if that fails, share by share, except those
   * that are marked as verified. Every signature that comes out verifies.
   *
   * @throws RangeError unless there are exactly `threshold` shares of different members.
   */
  combineSignature(message: Uint8Array, shares: readonly ValueShare[]): SignatureCombination

  /** Whether this is the signature under the shared key. Total. */
  verify(signature: Uint8Array, message: Uint8Array): boolean
}

/**
 * The threshold signature of one key set.
 *
 * @throws RangeError if `keys` is not a key set in `blsG1`, or `bls` is another scheme.
 */
export function thresholdBls(options: ThresholdBlsOptions): ThresholdSignature {
  if (options.bls.name !== BLS_MIN_PK) {
    throw new RangeError(`threshold bls: need the scheme ${BLS_MIN_PK}, got ${options.bls.name}`)
  }
  if (openKeySet(blsG1, options.keys) === undefined) {
    throw new RangeError('threshold bls: these keys are no key set of bls12-381')
  }
  return new ThresholdBls(options)
}

class ThresholdBls implements ThresholdSignature {
  readonly name: string
  readonly members: number
  readonly threshold: number
  readonly shareBytes: number
  readonly keySet: Uint8Array
  readonly origin: KeyOrigin
  readonly publicKey: Uint8Array
  readonly #bls: SignatureScheme
  readonly #sha256: Sha256
  readonly #verificationKeys: readonly Uint8Array[]

  constructor({ bls, sha256, keys }: ThresholdBlsOptions) {
    this.#bls = bls
    this.#sha256 = sha256
    this.#verificationKeys = keys.verificationKeys.map(key => Uint8Array.from(key))
    this.name = `boldyreva/${bls.name}`
    this.members = keys.verificationKeys.length
    this.threshold = keys.threshold
    this.shareBytes = bls.signatureBytes
    this.keySet = keySetDigest(sha256, keys)
    this.origin = originOf(keys)
    this.publicKey = Uint8Array.from(keys.publicKey)
  }

  holdersOf(secretShare: Uint8Array): readonly number[] {
    const secret = blsG1.decodeScalar(secretShare)
    if (secret === undefined || secret === 0n) return []
    const key = this.#bls.publicKey(secretShare)
    return this.#verificationKeys.flatMap((other, member) => (equalBytes(other, key) ? [member] : []))
  }

  share(input: Uint8Array, secretShare: Uint8Array): Uint8Array {
    if (blsG1.decodeScalar(secretShare) === undefined) throw noBlsSecret()
    return this.#bls.sign(input, secretShare)
  }

  verifyShare(input: Uint8Array, member: number, share: Uint8Array): boolean {
    if (!isMember(member, this.members)) return false
    return this.#bls.verify(share, input, this.#verificationKeys[member] as Uint8Array)
  }

  combine(input: Uint8Array, shares: readonly ValueShare[]): ReturnType<ThresholdFunction['combine']> {
    const combined = this.combineSignature(input, shares)
    if (combined.type === 'bad-shares') return combined
    return { type: 'value', value: domainHash(this.#sha256, VALUE, combined.signature) }
  }

  combineSignature(message: Uint8Array, shares: readonly ValueShare[]): SignatureCombination {
    requireShares(this, shares)
    const signature = interpolated(shares)
    if (signature !== undefined && this.verify(signature, message)) return { type: 'signature', signature }
    const bad = shares.filter(
      ({ member, share, verified }) => !verified && !this.verifyShare(message, member, share),
    )
    invariant(bad.length > 0, 'valid shares of one key set combine to a valid signature')
    return { type: 'bad-shares', members: bad.map(({ member }) => member) }
  }

  verify(signature: Uint8Array, message: Uint8Array): boolean {
    return this.#bls.verify(signature, message, this.publicKey)
  }
}

const VALUE = 'mc/threshold-bls/value/v1'

/** σ = ∏ σ_i^(λ_i); undefined if a share is no element of the group, or all together are the identity. */
function interpolated(shares: readonly ValueShare[]): Uint8Array | undefined {
  const elements: G2Element[] = []
  for (const { share } of shares) {
    const element = blsG2.decode(share)
    if (element === undefined) return undefined
    elements.push(element)
  }
  const weights = lagrangeAtZero(
    shares.map(({ member }) => member),
    blsG2.order,
  )
  const sigma = blsG2.combine(elements, weights)
  return blsG2.isIdentity(sigma) ? undefined : blsG2.encode(sigma)
}
