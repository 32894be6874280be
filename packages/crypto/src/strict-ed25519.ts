/**
 * The one rule by which all our providers verify Ed25519, and the part of it that is about bytes.
 *
 * RFC 8032 leaves room in which libraries differ, and a signature that only some members accept splits a network.
 * Ours is the strictest reading. A signature (R, S) of M under A is valid if and only if
 * 1. A and R are canonical encodings: y < p, and no sign on a point with x = 0;
 * 2. neither A nor R has small order (neither is one of the eight torsion points);
 * 3. S < L, so nobody can turn one signature into another;
 * 4. A decodes to a point of the curve, and R is the encoding of [S]B − [k]A with k = SHA-512(R ‖ A ‖ M) mod L
 *    (the equation without cofactor; A may still carry a torsion component).
 *
 * The equation without cofactor cannot be checked in batches, and we do not.
 *
 * @see RFC 8032, section 5.1.7; Chalkias, Garillot, Nikolaenko: Taming the many EdDSAs, SSR 2020
 */
import { fromHex } from '@mc/protocol/wire'

/** Names curve and rule: another rule is another scheme. */
export const STRICT_ED25519 = 'ed25519/strict'

/** Length of a secret key, which is the seed of RFC 8032. */
export const ED25519_SECRET_KEY_BYTES = 32

/** Length of a public key, an encoded point. */
export const ED25519_PUBLIC_KEY_BYTES = 32

/** Length of a signature: R ‖ S. */
export const ED25519_SIGNATURE_BYTES = 64

/** Rules 1 to 3, by length and bytes alone: a provider calls this before it touches the curve. */
export function isStrictEd25519(signature: Uint8Array, publicKey: Uint8Array): boolean {
  return (
    signature.length === ED25519_SIGNATURE_BYTES &&
    publicKey.length === ED25519_PUBLIC_KEY_BYTES &&
    isBelow(signature, 32, ORDER) &&
    isStrictPoint(signature) &&
    isStrictPoint(publicKey)
  )
}

/** @throws RangeError unless `secretKey` is a seed of 32 bytes. */
export function requireEd25519Secret(secretKey: Uint8Array): void {
  if (secretKey.length !== ED25519_SECRET_KEY_BYTES) {
    throw new RangeError(
      `ed25519: need a secret key of ${ED25519_SECRET_KEY_BYTES} bytes, got ${secretKey.length}`,
    )
  }
}

/** L, the order of the base point, little-endian like all that follows. */
const ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010')

/** p = 2^255 − 19. */
const FIELD = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')

/** The y of the eight torsion points: order 1, 2, 4 (two points), and 8 (two y, four points). */
const SMALL_ORDER = [
  fromHex('0100000000000000000000000000000000000000000000000000000000000000'),
  fromHex('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
  fromHex('0000000000000000000000000000000000000000000000000000000000000000'),
  fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
]

/**
 * Whether the first 32 bytes are canonical and not of small order, as far as bytes tell.
 *
 * The only points with x = 0 are those of order 1 and 2, so a sign on x = 0 is refused with them.
 */
function isStrictPoint(bytes: Uint8Array): boolean {
  // Not slice(): a Buffer of Node would share its memory, and the caller's key would change.
  const y = new Uint8Array(bytes.subarray(0, 32))
  y[31] = (y[31] as number) & 0x7f
  return isBelow(y, 0, FIELD) && !SMALL_ORDER.some(torsion => torsion.every((byte, at) => byte === y[at]))
}

/** Whether the 32 bytes from `at` are a smaller number than `bound`. Of public values only: it stops early. */
function isBelow(bytes: Uint8Array, at: number, bound: Uint8Array): boolean {
  for (let place = 31; place >= 0; place -= 1) {
    const difference = (bytes[at + place] as number) - (bound[place] as number)
    if (difference !== 0) return difference < 0
  }
  return false
}
