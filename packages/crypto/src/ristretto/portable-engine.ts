/**
 * The engine in plain TypeScript: runs everywhere, some ten times slower than the WebAssembly one, same bytes.
 *
 * Big integers take a time that depends on their values, so here even a multiplication by a secret is constant in its number of
 * steps only.
 */
import {
  ELEMENT_BYTES,
  POINT_BYTES,
  type Points,
  type RistrettoEngine,
  requireScalars,
  SECRET_POINTS_MAX,
} from './engine.js'
import {
  CURVE_D,
  ENCHANT,
  FIELD_PRIME,
  fieldAbsolute,
  fieldOf,
  inverseRoot,
  littleEndian,
  ROOT_OF_MINUS_ONE,
  readLittleEndian,
} from './field.js'
import { FEW_POINTS, windowsFor } from './window.js'

/** X, Y, Z, T with x = X/Z, y = Y/Z, T = XY/Z; any representatives modulo p. */
type Extended = readonly [bigint, bigint, bigint, bigint]

/** y + x, y − x, 2dxy. */
type Affine = readonly [bigint, bigint, bigint]

/** The engine that runs everywhere. */
export const portableRistretto = (): RistrettoEngine => ({
  name: 'portable',
  decode: decodeAll,
  combine(points, scalars) {
    requireScalars(points, scalars)
    const sum = scalars.length <= FEW_POINTS ? bySteps : byBuckets
    return encode(sum(unpack(points), scalars))
  },
  combineSecret(points, scalars) {
    requireScalars(points, scalars)
    if (scalars.length < 1 || scalars.length > SECRET_POINTS_MAX) {
      throw new RangeError(`ristretto: need 1 to ${SECRET_POINTS_MAX} secret scalars, got ${scalars.length}`)
    }
    return encode(bySteps(unpack(points), scalars))
  },
})

const D2 = fieldOf(2n * CURVE_D)
const IDENTITY: Extended = [0n, 1n, 1n, 0n]

function decodeAll(encodings: Uint8Array): Points | undefined {
  if (encodings.length % ELEMENT_BYTES !== 0) return undefined
  const count = encodings.length / ELEMENT_BYTES
  const points = new Uint8Array(POINT_BYTES * count)
  for (let index = 0; index < count; index += 1) {
    const point = decode(readLittleEndian(encodings, ELEMENT_BYTES * index))
    if (point === undefined) return undefined
    for (const [at, part] of point.entries()) points.set(littleEndian(part), POINT_BYTES * index + 32 * at)
  }
  return points as Points
}

/** RFC 9496, section 4.3.1; the identity, which is encoded as 0, is refused too. */
function decode(s: bigint): Affine | undefined {
  if (s >= FIELD_PRIME || s & 1n || s === 0n) return undefined
  const ss = fieldOf(s * s)
  const u1 = fieldOf(1n - ss)
  const u2 = fieldOf(1n + ss)
  const u2Squared = fieldOf(u2 * u2)
  const v = fieldOf(-CURVE_D * fieldOf(u1 * u1) - u2Squared)
  const { isSquare, root } = inverseRoot(fieldOf(v * u2Squared))
  const denominatorX = fieldOf(root * u2)
  const denominatorY = fieldOf(fieldOf(root * denominatorX) * v)
  const x = fieldAbsolute(fieldOf(2n * s * denominatorX))
  const y = fieldOf(u1 * denominatorY)
  const t = fieldOf(x * y)
  if (!isSquare || t & 1n || y === 0n) return undefined
  return [fieldOf(y + x), fieldOf(y - x), fieldOf(D2 * t)]
}

/** RFC 9496, section 4.3.2. */
function encode([X, Y, Z, T]: Extended): Uint8Array {
  const u1 = fieldOf((Z + Y) * (Z - Y))
  const u2 = fieldOf(X * Y)
  const { root } = inverseRoot(fieldOf(u1 * fieldOf(u2 * u2)))
  const denominator1 = fieldOf(root * u1)
  const denominator2 = fieldOf(root * u2)
  const inverseOfZ = fieldOf(denominator1 * fieldOf(denominator2 * T))
  const rotate = (fieldOf(T * inverseOfZ) & 1n) === 1n
  const x = rotate ? fieldOf(Y * ROOT_OF_MINUS_ONE) : X
  const y = rotate ? fieldOf(X * ROOT_OF_MINUS_ONE) : Y
  const denominator = rotate ? fieldOf(denominator1 * ENCHANT) : denominator2
  const turned = fieldOf(x * inverseOfZ) & 1n ? -y : y
  return littleEndian(fieldAbsolute(fieldOf(denominator * (Z - turned))))
}

function unpack(points: Points): readonly Affine[] {
  return Array.from({ length: points.length / POINT_BYTES }, (_, index): Affine => {
    const at = POINT_BYTES * index
    return [
      readLittleEndian(points, at),
      readLittleEndian(points, at + 32),
      readLittleEndian(points, at + 64),
    ]
  })
}

/** The unified addition for a = −1 with a point whose Z is 1; a digit's sign turns that point. */
function addAffine([X, Y, Z, T]: Extended, [sum, difference, t]: Affine, negative: boolean): Extended {
  const A = ((Y - X) * (negative ? sum : difference)) % FIELD_PRIME
  const B = ((Y + X) * (negative ? difference : sum)) % FIELD_PRIME
  const C = (T * (negative ? -t : t)) % FIELD_PRIME
  return finish(A, B, C, 2n * Z)
}

function add([X, Y, Z, T]: Extended, [X2, Y2, Z2, T2]: Extended): Extended {
  const A = ((Y - X) * (Y2 - X2)) % FIELD_PRIME
  const B = ((Y + X) * (Y2 + X2)) % FIELD_PRIME
  const C = (T * ((T2 * D2) % FIELD_PRIME)) % FIELD_PRIME
  return finish(A, B, C, (2n * Z * Z2) % FIELD_PRIME)
}

const finish = (A: bigint, B: bigint, C: bigint, D: bigint): Extended => product(B - A, D - C, D + C, B + A)

const product = (E: bigint, F: bigint, G: bigint, H: bigint): Extended => [
  (E * F) % FIELD_PRIME,
  (G * H) % FIELD_PRIME,
  (F * G) % FIELD_PRIME,
  (E * H) % FIELD_PRIME,
]

function double([X, Y, Z]: Extended): Extended {
  const A = (X * X) % FIELD_PRIME
  const B = (Y * Y) % FIELD_PRIME
  const sum = X + Y
  const G = A - B
  return product(A + B - ((sum * sum) % FIELD_PRIME), 2n * Z * Z + G, G, A + B)
}

function doubled(point: Extended, times: number): Extended {
  let result = point
  for (let done = 0; done < times; done += 1) result = double(result)
  return result
}

/** The bucket method of Pippenger with signed digits. */
function byBuckets(points: readonly Affine[], scalars: readonly bigint[]): Extended {
  const { width, count } = windowsFor(points.length)
  const digits = scalars.map(scalar => signedDigits(scalar, width, count))
  let total = IDENTITY
  for (let window = count - 1; window >= 0; window -= 1) {
    const buckets = new Array<Extended | undefined>(2 ** (width - 1))
    points.forEach((point, index) => {
      const digit = (digits[index] as Int16Array)[window] as number
      if (digit === 0) return
      const bucket = Math.abs(digit) - 1
      buckets[bucket] = addAffine(buckets[bucket] ?? IDENTITY, point, digit < 0)
    })
    total = add(doubled(total, width), weighted(buckets))
  }
  return total
}

/** Σ (place + 1) · buckets[place], by running sums from the top. */
function weighted(buckets: readonly (Extended | undefined)[]): Extended {
  let [running, sum] = [IDENTITY, IDENTITY]
  for (let place = buckets.length - 1; place >= 0; place -= 1) {
    const bucket = buckets[place]
    if (bucket !== undefined) running = add(running, bucket)
    if (running !== IDENTITY) sum = add(sum, running)
  }
  return sum
}

/** Four bits at a time, each step an addition, also of nothing. */
function bySteps(points: readonly Affine[], scalars: readonly bigint[]): Extended {
  const tables = points.map(point => multiplesUpTo(8, point))
  const digits = scalars.map(scalar => signedDigits(scalar, 4, 64))
  let total = IDENTITY
  for (let window = 63; window >= 0; window -= 1) {
    total = doubled(total, 4)
    for (let index = 0; index < points.length; index += 1) {
      const digit = (digits[index] as Int16Array)[window] as number
      const [X, Y, Z, T] = (tables[index] as readonly Extended[])[Math.abs(digit)] as Extended
      total = add(total, digit < 0 ? [-X, Y, Z, -T] : [X, Y, Z, T])
    }
  }
  return total
}

function multiplesUpTo(count: number, point: Affine): readonly Extended[] {
  const multiples = [IDENTITY]
  for (let made = 0; made < count; made += 1)
    multiples.push(addAffine(multiples[made] as Extended, point, false))
  return multiples
}

/** Digits −2^(width−1) + 1 … 2^(width−1), least significant first. */
function signedDigits(scalar: bigint, width: number, count: number): Int16Array {
  const digits = new Int16Array(count)
  const bytes = littleEndian(scalar)
  const half = 2 ** (width - 1)
  let carry = 0
  for (let window = 0; window < count; window += 1) {
    const digit = bitsAt(bytes, window * width, width) + carry
    carry = digit > half ? 1 : 0
    digits[window] = digit - carry * 2 * half
  }
  return digits
}

function bitsAt(bytes: Uint8Array, from: number, width: number): number {
  const at = from >> 3
  const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
  return (word >> (from & 7)) & (2 ** width - 1)
}
