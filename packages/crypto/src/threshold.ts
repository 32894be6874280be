/**
 * Threshold cryptography over a prime-order group: secret sharing, proofs, the threshold PRF, threshold encryption.
 *
 * Loads the curves of @noble/curves: imported by those alone who use a common coin or hide what they propose.
 *
 * @packageDocumentation
 */
export { type RistrettoElement, ristretto255 } from './portable/ristretto255.js'
export { type DealKeysOptions, type DealtKeys, dealKeys } from './threshold/dealer.js'
export {
  type DleqClaim,
  type DleqProof,
  type DleqStatement,
  decodeDleqProof,
  dleqProofBytes,
  proveDleq,
  verifyDleq,
  verifyDleqs,
} from './threshold/dleq.js'
export {
  type KeyOrigin,
  type KeySet,
  keySetDigest,
  type OpenedKeySet,
  openKeySet,
  originOf,
} from './threshold/key-set.js'
export type { PrimeGroup } from './threshold/prime-group.js'
export {
  type DealOptions,
  dealShares,
  lagrangeAtZero,
  recoverSecret,
  type SecretShare,
  SHARERS_MAX,
} from './threshold/shamir.js'
export {
  type Opening,
  type Sealed,
  type ThresholdEncryption,
  type ThresholdEncryptionOptions,
  thresholdEncryption,
} from './threshold/threshold-encryption.js'
export type { Combination, ThresholdFunction, ValueShare } from './threshold/threshold-function.js'
export { type ThresholdPrfOptions, thresholdPrf } from './threshold/threshold-prf.js'
