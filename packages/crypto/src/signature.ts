/**
 * Signatures as the protocols see them: a scheme of pure, synchronous functions that somebody injects.
 */

/**
 * A deterministic signature scheme.
 *
 * Every implementation of one name must accept exactly the same signatures: two members who disagree on one
 * signature disagree on a block.
 */
export interface SignatureScheme {
  /** Names the scheme and its rule of verification. */
  readonly name: string
  readonly secretKeyBytes: number
  readonly publicKeyBytes: number
  readonly signatureBytes: number

  /** @throws RangeError unless `secretKey` has the right length. */
  publicKey(secretKey: Uint8Array): Uint8Array

  /**
   * The same signature for the same message and key, always.
   *
   * @throws RangeError unless `secretKey` has the right length.
   */
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array

  /** Total: wrong lengths, broken encodings, keys off the curve give false, never an exception. */
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
}
