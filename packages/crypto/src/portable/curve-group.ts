/**
 * Prime-order groups by @noble/curves: one engine, an instance per curve.
 */

import { utf8 } from '@mc/protocol/wire'
import { type CurvePoint, type CurvePointCons, interleavedMSMUnsafe } from '@noble/curves/abstract/curve.js'
import { equalBytes } from '../identifier.js'
import { bytesOf, integerOf } from '../threshold/prime-field.js'
import type { PrimeGroup } from '../threshold/prime-group.js'

/** What makes a curve of the library a group. */
export interface CurveGroupOptions<Point extends CurvePoint<unknown, Point>> {
  readonly name: string
  readonly Point: CurvePointCons<Point>
  readonly elementBytes: number
  /** Byte order of scalars, as the curve's own standard has it. */
  readonly littleEndian: boolean
  readonly hashToGroup: (message: Uint8Array, domain: Uint8Array) => Point
  readonly hashToScalar: (message: Uint8Array, domain: Uint8Array) => bigint
}

/** All four curves in use have an order of at most 256 bits. */
const SCALAR_BYTES = 32

/** Bits per window of a multi-scalar multiplication: the fastest from 2 to some hundred points. */
const WINDOW_BITS = 4

/** A curve of the library as a group of prime order. */
export function curveGroup<Point extends CurvePoint<unknown, Point>>(
  options: CurveGroupOptions<Point>,
): PrimeGroup<Point> {
  const { name, Point, elementBytes, littleEndian } = options
  const order = Point.Fn.ORDER
  const ordered = (bytes: Uint8Array): Uint8Array => (littleEndian ? Uint8Array.from(bytes).reverse() : bytes)
  return {
    name,
    order,
    elementBytes,
    scalarBytes: SCALAR_BYTES,
    generator: Point.BASE,
    add: (left, right) => left.add(right),
    // The library refuses zero and the identity: neither is a secret.
    multiply: (element, scalar) => (scalar === 0n || element.is0() ? Point.ZERO : element.multiply(scalar)),
    combine(elements, scalars) {
      if (elements.length !== scalars.length) {
        throw new RangeError(`group: ${elements.length} elements and ${scalars.length} scalars`)
      }
      return interleavedMSMUnsafe(Point, [...elements], WINDOW_BITS)([...scalars])
    },
    equals: (left, right) => left.equals(right),
    isIdentity: element => element.is0(),
    encode(element) {
      if (element.is0()) throw new RangeError('group: the identity is never encoded')
      return element.toBytes()
    },
    decode: bytes => (bytes.length === elementBytes ? decoded(Point, bytes) : undefined),
    encodeScalar: scalar => ordered(bytesOf(scalar, SCALAR_BYTES)),
    decodeScalar(bytes) {
      if (bytes.length !== SCALAR_BYTES) return undefined
      const scalar = integerOf(ordered(bytes))
      return scalar < order ? scalar : undefined
    },
    hashToGroup: (domain, message) => options.hashToGroup(message, utf8(domain)),
    hashToScalar: (domain, message) => options.hashToScalar(message, utf8(domain)),
  }
}

/** The point that these bytes encode: on the curve, of prime order, not the identity, in no other way than this one. */
function decoded<Point extends CurvePoint<unknown, Point>>(
  Point: CurvePointCons<Point>,
  bytes: Uint8Array,
): Point | undefined {
  try {
    // A copy, as a Buffer of Node is another class to the library, which checks the curve, the subgroup and the flags.
    const own = Uint8Array.from(bytes)
    const point = Point.fromBytes(own)
    if (point.is0()) return undefined
    return equalBytes(point.toBytes(), own) ? point : undefined
  } catch {
    return undefined
  }
}
