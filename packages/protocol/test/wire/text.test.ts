import { DecodeError, fromHex, fromUtf8, hex, utf8 } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const runs = { seed: 8, numRuns: Number(process.env['MC_SEEDS'] ?? 2_000) }
const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes that are nearly UTF-8: pieces of good sequences, broken ones and the boundaries of the tables. */
const nearlyUtf8 = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }).map(one => [...encoder.encode(one)]),
      fc.array(
        fc.constantFrom(0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed),
        {
          maxLength: 3,
        },
      ),
      fc.array(fc.constantFrom(0xef, 0xf0, 0xf4, 0xf5, 0xf7, 0xf8, 0xff, 0x80, 0x8f, 0x90, 0xbf), {
        maxLength: 4,
      }),
    ),
    { maxLength: 8 },
  )
  .map(pieces => Uint8Array.from(pieces.flat()))

function decoded(decode: () => string): string | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof DecodeError || error instanceof TypeError) return undefined
    throw error
  }
}

describe('UTF-8 as the platform has it', () => {
  test('encoding any well-formed text gives the platform’s bytes, and they decode to the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), value => {
        const expected = encoder.encode(value)
        expect(utf8(value)).toEqual(expected)
        expect(fromUtf8(expected)).toBe(value)
      }),
      runs,
    )
  })

  test('decoding accepts exactly what the strict platform decoder accepts, and gives the same text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 12 }), nearlyUtf8), input => {
        expect(decoded(() => fromUtf8(input))).toBe(decoded(() => strict.decode(input)))
      }),
      { ...runs, numRuns: runs.numRuns * 3 },
    )
  })

  test('every character there is survives', () => {
    for (let first = 0; first < 0x110000; first += 0x1000) {
      const points = Array.from({ length: 0x1000 }, (_, at) => first + at).filter(
        point => point < 0xd800 || point >= 0xe000,
      )
      const value = points.map(point => String.fromCodePoint(point)).join('')
      expect(fromUtf8(utf8(value)) === value).toBe(true)
    }
  })

  test.each([
    ['a lone high half', '\ud800'],
    ['a lone low half', 'a\udc00'],
    ['halves in the wrong order', '\udc00\ud800'],
    ['a high half before a letter', '\ud83da'],
  ])('%s is half of a surrogate pair and has no encoding', (_, value) => {
    expect(() => utf8(value)).toThrow(RangeError)
  })

  test.each([
    ['c080', 'overlong form at byte 0'],
    ['e09fbf', 'overlong form at byte 0'],
    ['f08fbfbf', 'overlong form at byte 0'],
    ['eda080', 'no such character at byte 0'],
    ['61edbfbf', 'no such character at byte 1'],
    ['f4908080', 'no such character at byte 0'],
    ['80', 'no character starts at byte 0'],
    ['f8888080', 'no character starts at byte 0'],
    ['61c3', 'broken sequence at byte 1'],
    ['e28261', 'broken sequence at byte 0'],
  ])('%s is refused: %s', (encoded, reason) => {
    expect(() => fromUtf8(fromHex(encoded))).toThrow(new DecodeError(`utf8: ${reason}`))
  })

  test('long texts are whole at the edges of the pieces they are built from', () => {
    for (const length of [4_094, 4_095, 4_096, 4_097, 8_192, 65_536]) {
      for (const value of ['x'.repeat(length), `${'x'.repeat(length - 1)}𝄞é`, '会'.repeat(length)]) {
        expect(fromUtf8(utf8(value)) === value).toBe(true)
      }
    }
  })
})

describe('hexadecimal', () => {
  test('bytes survive, in the platform’s lower-case digits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), input => {
        expect(hex(input)).toBe(Buffer.from(input).toString('hex'))
        expect(fromHex(hex(input))).toEqual(input)
      }),
      { ...runs, numRuns: 500 },
    )
  })

  test('all bytes, many times over', () => {
    const many = Uint8Array.from({ length: 65_536 }, (_, at) => at)
    expect(hex(many) === Buffer.from(many).toString('hex')).toBe(true)
    expect(Buffer.compare(fromHex(hex(many)), many)).toBe(0)
  })

  test.each(['0', 'AB', '0x', 'zz', ' 00', '00\n', '０0', 'g0'])(
    '%j is refused, and the message says what is wanted',
    value => {
      expect(() => fromHex(value)).toThrow(/^hex: need an even number of the digits 0-9 a-f, got /)
    },
  )

  test('the message about a long text stays short', () => {
    expect(() => fromHex('x'.repeat(1_000_000))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{1,200}$/) }),
    )
  })
})
