/**
 * BLS signatures and their threshold form, over BLS12-381.
 *
 * Loads the pairing of @noble/curves: imported by those alone who use it. The fast provider is in `@mc/crypto/bls/node`.
 *
 * @packageDocumentation
 */
export {
  BLS_MIN_PK,
  BLS_PUBLIC_KEY_BYTES,
  BLS_SECRET_KEY_BYTES,
  BLS_SIGNATURE_BYTES,
  BLS_TAG,
} from './bls/bls-scheme.js'
export { type PairingEncryptionOptions, pairingEncryption } from './bls/pairing-encryption.js'
export {
  type SignatureCombination,
  type ThresholdBlsOptions,
  type ThresholdSignature,
  thresholdBls,
} from './bls/threshold-bls.js'
export { blsG1, blsG2, type G1Element, type G2Element, portableBls } from './portable/bls.js'
