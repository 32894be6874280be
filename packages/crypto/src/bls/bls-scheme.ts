/**
 * BLS signatures over BLS12-381 with public keys in G1 (48 bytes) and signatures in G2 (96 bytes).
 *
 * The rule of verification, the same for every provider:
 * 1. key and signature are canonical compressed encodings, of their length;
 * 2. both are points of the curve, in the subgroup of prime order, and neither is the identity;
 * 3. e(key, H(message)) = e(generator, signature), with H the hash to G2 of RFC 9380 under the tag below.
 *
 * A signature is unique: for one key and message there is exactly one, whoever made it from whichever shares.
 *
 * @see draft-irtf-cfrg-bls-signature, section 4.2.3; RFC 9380, section 8.8.2
 */

/** Names curve, variant and tag: another one is another scheme. */
export const BLS_MIN_PK = 'bls12-381/min-pk/pop'

/** The domain separation tag: that of Ethereum, so that its vectors and tools apply. */
export const BLS_TAG = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

/** Length of a secret key: a scalar, most significant byte first, 1 … order − 1. */
export const BLS_SECRET_KEY_BYTES = 32

/** Length of a public key. */
export const BLS_PUBLIC_KEY_BYTES = 48

/** Length of a signature. */
export const BLS_SIGNATURE_BYTES = 96

/** What every provider says to a secret key that is none. */
export const noBlsSecret = (): RangeError =>
  new RangeError('bls: need a secret key of 32 bytes, 1 … order − 1')
