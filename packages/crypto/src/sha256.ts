/**
 * SHA-256 as the protocols see it: a synchronous function that somebody injects.
 */

/** Length of a SHA-256 digest. */
export const DIGEST_BYTES = 32

/**
 * SHA-256 of the concatenation of `parts`; without parts, of nothing.
 *
 * Returns 32 fresh bytes that the caller owns. The parts are read, never kept or changed.
 *
 * @see FIPS 180-4
 */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array
