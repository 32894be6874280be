/**
 * BLS12-381 by @noble/curves: the two groups, and the signatures.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import {
  BLS_MIN_PK,
  BLS_PUBLIC_KEY_BYTES,
  BLS_SECRET_KEY_BYTES,
  BLS_SIGNATURE_BYTES,
  BLS_TAG,
  noBlsSecret,
} from '../bls/bls-scheme.js'
import type { SignatureScheme } from '../signature.js'
import type { PrimeGroup } from '../threshold/prime-group.js'
import { curveGroup } from './curve-group.js'

/** An element of G1, in the library's hands. */
export type G1Element = InstanceType<typeof bls12_381.G1.Point>

/** An element of G2, in the library's hands. */
export type G2Element = InstanceType<typeof bls12_381.G2.Point>

/** The first group, 48 bytes per element: where public keys live. Hash: RFC 9380, section 8.8.1. */
export const blsG1: PrimeGroup<G1Element> = curveGroup<G1Element>({
  name: 'bls12-381-g1/xmd-sha256',
  Point: bls12_381.G1.Point,
  elementBytes: BLS_PUBLIC_KEY_BYTES,
  littleEndian: false,
  hashToGroup: (message, DST) => bls12_381.G1.hashToCurve(message, { DST }),
  hashToScalar: (message, DST) => bls12_381.G1.hashToScalar(message, { DST }),
})

/** The second group, 96 bytes per element: where signatures live. Hash: RFC 9380, section 8.8.2. */
export const blsG2: PrimeGroup<G2Element> = curveGroup<G2Element>({
  name: 'bls12-381-g2/xmd-sha256',
  Point: bls12_381.G2.Point,
  elementBytes: BLS_SIGNATURE_BYTES,
  littleEndian: false,
  hashToGroup: (message, DST) => bls12_381.G2.hashToCurve(message, { DST }),
  hashToScalar: (message, DST) => bls12_381.G2.hashToScalar(message, { DST }),
})

/** BLS signatures in pure JavaScript: tens of milliseconds per verification. */
export const portableBls: SignatureScheme = {
  name: BLS_MIN_PK,
  secretKeyBytes: BLS_SECRET_KEY_BYTES,
  publicKeyBytes: BLS_PUBLIC_KEY_BYTES,
  signatureBytes: BLS_SIGNATURE_BYTES,

  publicKey: secretKey => blsG1.encode(blsG1.multiply(blsG1.generator, scalarOf(secretKey))),

  sign: (message, secretKey) =>
    blsG2.encode(blsG2.multiply(blsG2.hashToGroup(BLS_TAG, message), scalarOf(secretKey))),

  verify(signature, message, publicKey) {
    const key = blsG1.decode(publicKey)
    const point = blsG2.decode(signature)
    if (key === undefined || point === undefined) return false
    const generator = blsG1.generator
    return pairingsMatch([key, blsG2.hashToGroup(BLS_TAG, message)], [generator, point])
  },
}

/** One element of each group, to be paired. */
export type BlsPair = readonly [g1: G1Element, g2: G2Element]

/** Whether two pairs have the same pairing; none of the elements may be the identity. */
export function pairingsMatch(left: BlsPair, right: BlsPair): boolean {
  const { Fp12 } = bls12_381.fields
  const product = bls12_381.pairingBatch([
    { g1: left[0].negate(), g2: left[1] },
    { g1: right[0], g2: right[1] },
  ])
  return Fp12.eql(product, Fp12.ONE)
}

function scalarOf(secretKey: Uint8Array): bigint {
  const scalar = blsG1.decodeScalar(secretKey)
  if (scalar === undefined || scalar === 0n) throw noBlsSecret()
  return scalar
}
