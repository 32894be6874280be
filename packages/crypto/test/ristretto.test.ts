import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import {
  blindForOprf,
  decodeScalar,
  deriveOprfKey,
  encodeScalar,
  evaluateOprf,
  finalizeOprf,
  GROUP_ORDER,
  generatorElement,
  hashToElement,
  hashToScalar,
  joinPoints,
  pointAt,
  pointCount,
  portableRistretto,
  randomScalar,
  ristrettoEngine,
  SECRET_POINTS_MAX,
  scalarOf,
  scalarStream,
  wasmRistretto,
} from '@mc/crypto/ristretto'
import { ristretto255 } from '@mc/crypto/threshold'
import { fromHex, hex, utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto
const rng = seededRng('ristretto', sha256)
const wasm = wasmRistretto()!
const portable = portableRistretto()
const engines = [wasm, portable]

/** RFC 9496, appendix A.1: multiples 1 … 4 of the generator. */
const MULTIPLES = [
  'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
  '6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919',
  '94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259',
  'da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57',
]

/** RFC 9496, appendix A.2, a selection: not canonical, negative, no square, negative xy, y = 0. */
const BAD = [
  '00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20',
  '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
  '3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

const elements = (count: number): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: count }, (_, at) => [
      ...hashToElement('test', Uint8Array.of(at & 255, at >> 8)),
    ]).flat(),
  )

/** What @noble/curves says of a sum. */
function byNoble(encodings: Uint8Array, scalars: readonly bigint[]): string {
  const points = scalars.map((_, at) => ristretto255.decode(encodings.slice(32 * at, 32 * at + 32))!)
  const sum = ristretto255.combine(points, scalars)
  return ristretto255.isIdentity(sum) ? '00'.repeat(32) : hex(ristretto255.encode(sum))
}

const EDGES = [
  0n,
  1n,
  2n,
  8n,
  15n,
  16n,
  GROUP_ORDER - 1n,
  GROUP_ORDER - 2n,
  2n ** 252n,
  2n ** 128n - 1n,
  2n ** 251n,
]

describe.each(engines.map(engine => [engine.name, engine] as const))('the %s engine', (_, engine) => {
  const generator = engine.decode(generatorElement())!

  test('RFC 9496, A.1: multiples of the generator', () => {
    expect(MULTIPLES.map((_, at) => hex(engine.combine(generator, [BigInt(at + 1)])))).toEqual(MULTIPLES)
    expect(MULTIPLES.map((_, at) => hex(engine.combineSecret(generator, [BigInt(at + 1)])))).toEqual(
      MULTIPLES,
    )
  })

  test.each(BAD)('RFC 9496, A.2: refuses %s', encoding =>
    expect(engine.decode(fromHex(encoding))).toBeUndefined(),
  )

  test('refuses the identity, other lengths, and a list with one bad among good', () => {
    expect(engine.decode(new Uint8Array(32))).toBeUndefined()
    expect(engine.decode(new Uint8Array(31))).toBeUndefined()
    expect(engine.decode(Uint8Array.from([...elements(3), ...fromHex(BAD[7]!)]))).toBeUndefined()
    expect(engine.decode(new Uint8Array(0))?.length).toBe(0)
  })

  test('takes what @noble/curves takes, of random bytes', () => {
    for (let count = 0; count < 200; count += 1) {
      const bytes = rng.bytes(32)
      bytes[31]! &= 0x7f
      bytes[0]! &= 0xfe
      expect(engine.decode(bytes) !== undefined).toBe(ristretto255.decode(bytes) !== undefined)
    }
  })

  test.each([1, 2, 3, 7, 24, 25, 40, 130])('sums of %i are those of @noble/curves', count => {
    const encodings = elements(count)
    const points = engine.decode(encodings)!
    const scalars = Array.from({ length: count }, (_, at) => EDGES[at % 20] ?? randomScalar(rng))
    expect(hex(engine.combine(points, scalars))).toBe(byNoble(encodings, scalars))
    if (count <= SECRET_POINTS_MAX)
      expect(hex(engine.combineSecret(points, scalars))).toBe(byNoble(encodings, scalars))
  })

  test.each(EDGES)('one multiple: %s', scalar => {
    const encoding = elements(1)
    expect(hex(engine.combine(engine.decode(encoding)!, [scalar]))).toBe(byNoble(encoding, [scalar]))
  })

  test('the same point many times, and sums that vanish', () => {
    const same = joinPoints(...new Array<typeof generator>(60).fill(generator))
    expect(hex(engine.combine(same, new Array<bigint>(60).fill(1n)))).toBe(
      hex(engine.combine(generator, [60n])),
    )
    const signs = Array.from({ length: 60 }, (_, at) => (at % 2 ? 5n : GROUP_ORDER - 5n))
    expect(hex(engine.combine(same, signs))).toBe('00'.repeat(32))
    expect(hex(engine.combine(generator, [0n]))).toBe('00'.repeat(32))
    expect(hex(engine.combine(joinPoints(), []))).toBe('00'.repeat(32))
  })

  test('misuse throws: other numbers of scalars, too many secrets or none', () => {
    expect(() => engine.combine(generator, [])).toThrow(RangeError)
    expect(() => engine.combineSecret(joinPoints(), [])).toThrow(RangeError)
    const many = joinPoints(...new Array<typeof generator>(65).fill(generator))
    expect(() => engine.combineSecret(many, new Array<bigint>(65).fill(1n))).toThrow(RangeError)
  })
})

test('both engines give the same bytes, also inside', () => {
  const encodings = elements(30)
  expect(wasm.decode(encodings)).toEqual(portable.decode(encodings))
  for (let round = 0; round < 20; round += 1) {
    const count = 1 + rng.below(30)
    const part = encodings.slice(0, 32 * count)
    const scalars = Array.from({ length: count }, () => randomScalar(rng) >> BigInt(rng.below(250)))
    expect(wasm.combine(wasm.decode(part)!, scalars)).toEqual(
      portable.combine(portable.decode(part)!, scalars),
    )
  }
})

test('a sum that is longer than the kernel’s memory passes through in parts', () => {
  const encoding = elements(1)
  const one = wasm.decode(encoding)!
  const many = joinPoints(...new Array<typeof one>(4_100).fill(one))
  expect(pointCount(many)).toBe(4_100)
  expect(wasm.combine(many, new Array<bigint>(4_100).fill(3n))).toEqual(wasm.combine(one, [12_300n]))
  expect(wasm.decode(Uint8Array.from({ length: 32 * 4_100 }, (_, at) => encoding[at % 32]!))).toEqual(many)
  expect(pointAt(many, 4_099)).toEqual(one)
})

test('the engine of choice is the fast one where WebAssembly runs', () =>
  expect(ristrettoEngine().name).toBe('wasm'))

test('RFC 9380: the hash is that of @mc/crypto/threshold', () => {
  const [domain, message] = ['MC-v1-scope', utf8('abc')]
  expect(hashToElement(domain, message)).toEqual(
    ristretto255.encode(ristretto255.hashToGroup(domain, message)),
  )
})

describe('scalars', () => {
  test('have one encoding', () => {
    expect(decodeScalar(encodeScalar(GROUP_ORDER - 1n))).toBe(GROUP_ORDER - 1n)
    expect(decodeScalar(encodeScalar(GROUP_ORDER))).toBeUndefined()
    expect(decodeScalar(new Uint8Array(31))).toBeUndefined()
    expect(scalarOf(-1n)).toBe(GROUP_ORDER - 1n)
  })

  test('hashes bind the domain and where a part ends', () => {
    const all = [
      hashToScalar('a', utf8('bc'), utf8('d')),
      hashToScalar('a', utf8('b'), utf8('cd')),
      hashToScalar('a', utf8('bcd')),
      hashToScalar('ab', utf8('c'), utf8('d')),
      hashToScalar('a', utf8('bc'), utf8('d'), utf8('')),
    ]
    expect(new Set(all).size).toBe(5)
  })

  test('a stream repeats with its seed, and never within itself', () => {
    const [one, same, other] = [
      scalarStream('s', utf8('x')),
      scalarStream('s', utf8('x')),
      scalarStream('s', utf8('y')),
    ]
    const first = Array.from({ length: 50 }, one)
    expect(Array.from({ length: 50 }, same)).toEqual(first)
    expect(new Set([...first, ...Array.from({ length: 50 }, other)]).size).toBe(100)
  })
})

describe('the oblivious function', () => {
  const key = deriveOprfKey(fromHex('a3'.repeat(32)), utf8('test key'))
  const input = fromHex('00')

  test('RFC 9497, A.1.2: the key of a seed', () => {
    expect(hex(key.secretKey)).toBe('e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909')
    expect(hex(key.publicKey)).toBe('c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e')
  })

  test('RFC 9497, A.1.2: the value does not depend on how the input was hidden', () => {
    for (const label of ['one', 'two']) {
      const blinding = blindForOprf(input, rng.fork(label))
      const answer = evaluateOprf(key, blinding.blinded, rng)!
      const output = finalizeOprf({ input, ...blinding, ...answer, publicKey: key.publicKey })!
      expect(hex(output)).toMatch(/^b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d/)
    }
  })

  test('an answer by another key, or altered, gives nothing', () => {
    const other = deriveOprfKey(fromHex('a4'.repeat(32)), utf8('test key'))
    const blinding = blindForOprf(input, rng)
    const answer = evaluateOprf(key, blinding.blinded, rng)!
    const wrong = evaluateOprf(other, blinding.blinded, rng)!
    const asked = { input, ...blinding, publicKey: key.publicKey }
    expect(finalizeOprf({ ...asked, ...wrong })).toBeUndefined()
    expect(finalizeOprf({ ...asked, ...answer, evaluated: wrong.evaluated })).toBeUndefined()
    expect(finalizeOprf({ ...asked, ...answer, proof: answer.proof.slice(1) })).toBeUndefined()
    expect(evaluateOprf(key, new Uint8Array(32), rng)).toBeUndefined()
    expect(evaluateOprf(key, fromHex(BAD[7]!), rng)).toBeUndefined()
    expect(() => evaluateOprf({ ...key, secretKey: new Uint8Array(32) }, blinding.blinded, rng)).toThrow(
      RangeError,
    )
  })
})
