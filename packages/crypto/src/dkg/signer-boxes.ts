/**
 * Boxes for somebody of whom only a signature key is known.
 *
 * An Ed25519 key is a point of the curve that ristretto255 is made of. Eight times that point lies in the subgroup of prime
 * order, whatever the key was, and its owner knows eight times the scalar. Boxes and signatures hash under different domains,
 * so neither tells anything of the other; but whoever gets the signature key later opens all boxes of the past. Keys that are
 * made for boxes alone, and erased, are better where there is time to announce them.
 *
 * @see RFC 8032 (the scalar of a secret key); RFC 9496 (the group)
 */
import { ed25519, ristretto255 as ristretto } from '@noble/curves/ed25519.js'
import { ristretto255 } from '../portable/ristretto255.js'
import { requireEd25519Secret } from '../strict-ed25519.js'

const COFACTOR = 8n

/** The box key, over `ristretto255`, of whoever signs with this Ed25519 key. Total: undefined if it is no key of anybody. */
export function signerBoxKey(publicKey: Uint8Array): Uint8Array | undefined {
  try {
    // A copy, as a Buffer of Node is another class to the library.
    const point = ed25519.Point.fromBytes(Uint8Array.from(publicKey)).multiplyUnsafe(COFACTOR)
    const element = new ristretto.Point(point)
    return element.is0() ? undefined : element.toBytes()
  } catch {
    return undefined
  }
}

/** The secret half, from an Ed25519 secret key of 32 bytes. @throws TypeError or RangeError if it is none. */
export function signerBoxSecretKey(secretKey: Uint8Array): Uint8Array {
  requireEd25519Secret(secretKey)
  const { scalar } = ed25519.utils.getExtendedPublicKey(Uint8Array.from(secretKey))
  return ristretto255.encodeScalar((scalar * COFACTOR) % ristretto255.order)
}
