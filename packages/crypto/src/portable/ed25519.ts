/**
 * Ed25519 by @noble/curves, under the strict rule.
 *
 * Signing is the library's. Verification is the equation without cofactor on the library's points, because the
 * library's own verification multiplies by the cofactor and so accepts what other libraries refuse.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { equalBytes } from '../identifier.js'
import type { SignatureScheme } from '../signature.js'
import {
  ED25519_PUBLIC_KEY_BYTES,
  ED25519_SECRET_KEY_BYTES,
  ED25519_SIGNATURE_BYTES,
  isStrictEd25519,
  requireEd25519Secret,
  STRICT_ED25519,
} from '../strict-ed25519.js'

const { Point } = ed25519

/** Ed25519 in pure JavaScript. */
export const portableEd25519: SignatureScheme = {
  name: STRICT_ED25519,
  secretKeyBytes: ED25519_SECRET_KEY_BYTES,
  publicKeyBytes: ED25519_PUBLIC_KEY_BYTES,
  signatureBytes: ED25519_SIGNATURE_BYTES,

  publicKey(secretKey) {
    requireEd25519Secret(secretKey)
    return ed25519.getPublicKey(secretKey)
  },

  sign(message, secretKey) {
    requireEd25519Secret(secretKey)
    return ed25519.sign(message, secretKey)
  },

  verify(signature, message, publicKey) {
    if (!isStrictEd25519(signature, publicKey)) return false
    const key = decoded(publicKey)
    if (key === undefined) return false
    const commitment = signature.subarray(0, 32)
    const challenge = challengeOf(commitment, publicKey, message)
    const response = bytesToNumberLE(signature.subarray(32))
    const expected = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge))
    return equalBytes(expected.toBytes(), commitment)
  },
}

type Point = typeof Point.BASE

/** The point that these bytes encode, if there is one. */
function decoded(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes)
  } catch {
    return undefined
  }
}

/** k = SHA-512(R ‖ A ‖ M) mod L. */
function challengeOf(commitment: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  const hash = sha512.create().update(commitment).update(publicKey).update(message).digest()
  return Point.Fn.create(bytesToNumberLE(hash))
}
