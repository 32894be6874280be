/**
 * BLS signatures by @chainsafe/blst, native code: about twenty times as fast as the portable ones.
 */
import { createRequire } from 'node:module'
import {
  BLS_MIN_PK,
  BLS_PUBLIC_KEY_BYTES,
  BLS_SECRET_KEY_BYTES,
  BLS_SIGNATURE_BYTES,
  noBlsSecret,
} from '../bls/bls-scheme.js'
import type { SignatureScheme } from '../signature.js'
import { KeyCache } from './key-cache.js'

type Blst = typeof import('@chainsafe/blst')
type PublicKey = InstanceType<Blst['PublicKey']>
type SecretKey = InstanceType<Blst['SecretKey']>

/** How many imported public keys are kept: several committees of the largest size. */
const PUBLIC_KEYS_MAX = 1_024

/** How many imported secret keys are kept: a node has a few, a simulation one per node. */
const SECRET_KEYS_MAX = 256

/**
 * The same signatures as `portableBls`, in native code; undefined where the optional package @chainsafe/blst is not installed or
 * has no binary for this platform.
 */
export function nodeBls(): SignatureScheme | undefined {
  const blst = loaded()
  return blst === undefined ? undefined : nativeBls(blst)
}

function loaded(): Blst | undefined {
  try {
    return createRequire(import.meta.url)('@chainsafe/blst')
  } catch {
    return undefined
  }
}

function nativeBls(blst: Blst): SignatureScheme {
  // Importing a public key checks the subgroup, and that it is not the identity.
  const publicKeys = new KeyCache<PublicKey>(PUBLIC_KEYS_MAX, bytes => blst.PublicKey.fromBytes(bytes, true))
  const secretKeys = new KeyCache<SecretKey>(SECRET_KEYS_MAX, bytes => blst.SecretKey.fromBytes(bytes))
  return {
    name: BLS_MIN_PK,
    secretKeyBytes: BLS_SECRET_KEY_BYTES,
    publicKeyBytes: BLS_PUBLIC_KEY_BYTES,
    signatureBytes: BLS_SIGNATURE_BYTES,
    publicKey: secretKey => new Uint8Array(secretOf(secretKeys, secretKey).toPublicKey().toBytes()),
    sign: (message, secretKey) => new Uint8Array(secretOf(secretKeys, secretKey).sign(message).toBytes()),
    verify(signature, message, publicKey) {
      // The library also takes uncompressed points, which would be a second encoding.
      if (signature.length !== BLS_SIGNATURE_BYTES || publicKey.length !== BLS_PUBLIC_KEY_BYTES) return false
      try {
        const point = blst.Signature.fromBytes(signature, true, true)
        // Both have been validated already; the library would check the subgroups again.
        return blst.verify(message, publicKeys.get(publicKey), point, false, false)
      } catch {
        return false
      }
    },
  }
}

function secretOf(keys: KeyCache<SecretKey>, secretKey: Uint8Array): SecretKey {
  if (secretKey.length !== BLS_SECRET_KEY_BYTES) throw noBlsSecret()
  try {
    return keys.get(secretKey)
  } catch {
    throw noBlsSecret()
  }
}
