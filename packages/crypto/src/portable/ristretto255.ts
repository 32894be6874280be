/**
 * The group of RFC 9496: order about 2^252, no cofactor, one encoding per element.
 */
import { ristretto255_hasher as hasher, ristretto255 as ristretto } from '@noble/curves/ed25519.js'
import type { PrimeGroup } from '../threshold/prime-group.js'
import { curveGroup } from './curve-group.js'

/** An element of ristretto255, in the library's hands. */
export type RistrettoElement = InstanceType<typeof ristretto.Point>

/**
 * ristretto255 with `hash_to_ristretto255` over SHA-512; scalars little-endian.
 *
 * @see RFC 9496 (the group); RFC 9380, appendix B (the hash); RFC 9497, section 4.1 (the hash to scalars)
 */
export const ristretto255: PrimeGroup<RistrettoElement> = curveGroup<RistrettoElement>({
  name: 'ristretto255/xmd-sha512',
  Point: ristretto.Point,
  elementBytes: 32,
  littleEndian: true,
  hashToGroup: (message, DST) => hasher.hashToCurve(message, { DST }),
  hashToScalar: (message, DST) => hasher.hashToScalar(message, { DST }),
})
