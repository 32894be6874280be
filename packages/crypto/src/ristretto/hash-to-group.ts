import { utf8 } from '@mc/protocol/wire'
import { ristretto255_hasher as hasher, ristretto255 } from '@noble/curves/ed25519.js'

/**
 * An element that nobody knows the discrete logarithm of, encoded.
 *
 * @see RFC 9380, appendix B: `ristretto255_XMD:SHA-512_R255MAP_RO_` with `domain` as its DST
 */
export const hashToElement = (domain: string, message: Uint8Array): Uint8Array =>
  hasher.hashToCurve(message, { DST: utf8(domain) }).toBytes()

/** The generator of RFC 9496, encoded. */
export const generatorElement = (): Uint8Array => ristretto255.Point.BASE.toBytes()
