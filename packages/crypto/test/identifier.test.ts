import {
  asDigest,
  compareBytes,
  digestKey,
  equalBytes,
  equalSecret,
  IDENTIFIER_BYTES_MAX,
  keyDigest,
} from '@mc/crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const bytes = fc.uint8Array({ maxLength: 40 })
const similar = fc
  .tuple(bytes, bytes, bytes)
  .map(([shared, left, right]) => [
    Uint8Array.from([...shared, ...left]),
    Uint8Array.from([...shared, ...right]),
  ])
const options = { seed: 20_261, numRuns: 500 }

test('keys, equality, secret equality and order agree on what is the same', () => {
  fc.assert(
    fc.property(similar, ([left, right]) => {
      const same = Buffer.compare(left!, right!) === 0
      expect(equalBytes(left!, right!)).toBe(same)
      expect(equalSecret(left!, right!)).toBe(same)
      expect(digestKey(left!) === digestKey(right!)).toBe(same)
      expect(compareBytes(left!, right!) === 0).toBe(same)
    }),
    options,
  )
})

test('a key of any length leads back to its bytes, one character for each', () => {
  for (let length = 0; length <= 100; length += 1) {
    const identifier = Uint8Array.from({ length }, (_, at) => 255 - ((at * 7 + length) % 256))
    const key = digestKey(identifier)
    expect(key).toHaveLength(length)
    expect(keyDigest(key)).toEqual(identifier)
  }
})

test('a copy is the same, one flipped bit anywhere is not', () => {
  const original = Uint8Array.from({ length: 32 }, (_, at) => at * 8)
  expect(equalSecret(original, Uint8Array.from(original))).toBe(true)
  for (let bit = 0; bit < 256; bit += 1) {
    const other = original.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    expect(equalBytes(original, other)).toBe(false)
    expect(equalSecret(original, other)).toBe(false)
    expect(digestKey(original)).not.toBe(digestKey(other))
  }
})

test('bytes are ordered by the first difference, a prefix before its extensions', () => {
  fc.assert(
    fc.property(similar, ([left, right]) => {
      expect(Math.sign(compareBytes(left!, right!))).toBe(Buffer.compare(left!, right!))
      expect(Math.sign(compareBytes(right!, left!))).toBe(-Buffer.compare(left!, right!) + 0)
    }),
    options,
  )
})

test('a key has one character per byte, and no key stands for content', () => {
  expect(digestKey(Uint8Array.of(0, 255))).toBe('\u0000\u00ff')
  expect(digestKey(new Uint8Array(IDENTIFIER_BYTES_MAX))).toHaveLength(IDENTIFIER_BYTES_MAX)
  expect(() => digestKey(new Uint8Array(IDENTIFIER_BYTES_MAX + 1))).toThrow(RangeError)
})

test('a digest has 32 bytes and is not copied', () => {
  const digest = new Uint8Array(32)
  expect(asDigest(digest)).toBe(digest)
  expect(() => asDigest(new Uint8Array(31))).toThrow(RangeError)
  expect(() => asDigest(new Uint8Array(33))).toThrow(RangeError)
})

test('long ones are compared to their last byte, wherever they lie in memory', () => {
  const memory = Uint8Array.from({ length: 600 }, (_, at) => at % 251)
  for (const length of [255, 256, 257, 258, 259, 260, 500]) {
    const original = memory.subarray(3, 3 + length)
    expect(equalBytes(original, original.slice())).toBe(true)
    for (const wrong of [0, 1, 5, length - 5, length - 2, length - 1]) {
      const other = original.map((byte, at) => (at === wrong ? byte ^ 1 : byte))
      expect(equalBytes(original, other)).toBe(false)
    }
  }
})
