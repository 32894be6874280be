import { fromHex } from '@mc/protocol/wire'
import { DIGEST_BYTES, type Sha256 } from '../sha256.js'
import { type ConformanceRunner, pattern, requireBytes, requireLaw } from './runner.js'
import { SHA256_CHAIN, SHA256_VECTORS } from './sha256-vectors.js'

/** Lengths at the borders of blocks (64 bytes), of pages and of the buffers that implementations use. */
const LENGTHS = [
  ...Array.from({ length: 131 }, (_, length) => length),
  ...[
    255, 256, 257, 1_023, 1_024, 1_025, 4_086, 4_087, 4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 65_535,
    65_537,
  ],
]

/** The digest of each length together with the digest before, so that one value stands for all lengths. */
export function sha256Chain(sha256: Sha256): Uint8Array {
  return LENGTHS.reduce<Uint8Array>((chain, length) => sha256(chain, pattern(length, length)), sha256())
}

/** The laws of `Sha256`. */
export function describeSha256(sha256: Sha256, { describe, test }: ConformanceRunner): void {
  describe('sha256', () => {
    for (const { name, input, digest } of SHA256_VECTORS) {
      test(`FIPS 180-4: ${name}`, () => requireBytes(sha256(input), fromHex(digest), name))
    }
    test('inputs of all lengths around the borders of blocks and buffers', () =>
      requireBytes(sha256Chain(sha256), fromHex(SHA256_CHAIN), 'chain over lengths'))
    test('parts are hashed as their concatenation', () => requireConcatenation(sha256))
    test('a digest is a fresh array of 32 bytes, which later hashes leave alone', () => requireFresh(sha256))
    test('parts are not changed', () => {
      const part = pattern(100, 7)
      sha256(part, part)
      requireBytes(part, pattern(100, 7), 'parts are read only')
    })
  })
}

function requireConcatenation(sha256: Sha256): void {
  for (const length of LENGTHS) {
    const whole = pattern(length, length)
    const third = Math.floor(length / 3)
    const parts = [whole.subarray(0, third), whole.subarray(third, 2 * third), whole.subarray(2 * third)]
    requireBytes(sha256(...parts), sha256(whole), `three parts of ${length} bytes`)
    requireBytes(sha256(new Uint8Array(0), whole, new Uint8Array(0)), sha256(whole), 'empty parts')
  }
}

function requireFresh(sha256: Sha256): void {
  const first = sha256(pattern(3, 1))
  const copy = Uint8Array.from(first)
  const second = sha256(pattern(3, 2))
  requireBytes(first, copy, 'a digest stays as it is')
  second.fill(0)
  requireBytes(sha256(pattern(3, 2), new Uint8Array(0)), sha256(pattern(3, 2)), 'a digest is the caller’s')
  requireLaw(first.length === DIGEST_BYTES && first.buffer.byteLength === DIGEST_BYTES, 'own 32 bytes')
  requireLaw(first.constructor === Uint8Array, 'a plain Uint8Array, no subclass')
}
