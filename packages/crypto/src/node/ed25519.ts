/**
 * Ed25519 by node:crypto, under the strict rule.
 *
 * OpenSSL checks the equation without cofactor and S < L, but takes keys of small order and keys that are not
 * canonically encoded; `isStrictEd25519` refuses those first.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { SignatureScheme } from '../signature.js'
import {
  ED25519_PUBLIC_KEY_BYTES,
  ED25519_SECRET_KEY_BYTES,
  ED25519_SIGNATURE_BYTES,
  isStrictEd25519,
  requireEd25519Secret,
  STRICT_ED25519,
} from '../strict-ed25519.js'
import { KeyCache } from './key-cache.js'

/** How many imported public keys are kept: several committees of the largest size. */
const PUBLIC_KEYS_MAX = 1_024

/** How many imported secret keys are kept: a node has a few, a simulation one per node. */
const SECRET_KEYS_MAX = 256

/** PKCS #8 around the seed of an Ed25519 key (RFC 8410, section 7). */
const PKCS8_HEADER = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
])

/** Ed25519 in native code. */
export function nodeEd25519(): SignatureScheme {
  const publicKeys = new KeyCache(PUBLIC_KEYS_MAX, importPublicKey)
  const secretKeys = new KeyCache(SECRET_KEYS_MAX, importSecretKey)
  return {
    name: STRICT_ED25519,
    secretKeyBytes: ED25519_SECRET_KEY_BYTES,
    publicKeyBytes: ED25519_PUBLIC_KEY_BYTES,
    signatureBytes: ED25519_SIGNATURE_BYTES,

    publicKey(secretKey) {
      requireEd25519Secret(secretKey)
      return publicKeyOf(secretKeys.get(secretKey))
    },

    sign(message, secretKey) {
      requireEd25519Secret(secretKey)
      return new Uint8Array(sign(null, message, secretKeys.get(secretKey)))
    },

    verify(signature, message, publicKey) {
      if (!isStrictEd25519(signature, publicKey)) return false
      return verifyWith(publicKeys, signature, message, publicKey)
    },
  }
}

/** Some versions of OpenSSL refuse a key off the curve when it is imported, others when it is used: false either way. */
function verifyWith(
  keys: KeyCache<KeyObject>,
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    return verify(null, message, keys.get(publicKey), signature)
  } catch {
    return false
  }
}

function importPublicKey(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

function importSecretKey(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([PKCS8_HEADER, seed])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  der.fill(0)
  return key
}

/** The last 32 bytes of the SubjectPublicKeyInfo are the point. */
function publicKeyOf(secretKey: KeyObject): Uint8Array {
  const der = createPublicKey(secretKey).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(der.length - ED25519_PUBLIC_KEY_BYTES))
}
