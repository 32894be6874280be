import { peer } from '@mc/protocol'
import {
  bit,
  bool,
  bytes,
  type Codec,
  DecodeError,
  digest,
  epochNumber,
  fixedBytes,
  fromHex,
  hex,
  list,
  mapped,
  nothing,
  optional,
  peerIndex,
  Reader,
  roundNumber,
  struct,
  text,
  u8,
  uint,
  union,
  Writer,
} from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'

const refusal = (codec: Codec<unknown>, encoded: string): string => {
  try {
    return `accepted ${String(codec.decode(fromHex(encoded)))}`
  } catch (error) {
    return error instanceof DecodeError ? error.message : `not a DecodeError: ${String(error)}`
  }
}

describe('integers', () => {
  test.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [16_383, 'ff7f'],
    [16_384, '808001'],
    [2 ** 31, '8080808008'],
    [2 ** 32 + 1, '8180808010'],
    [2 ** 49 - 1, 'ffffffffffff7f'],
    [2 ** 49, '8080808080808001'],
    [2 ** 53 - 1, 'ffffffffffffff0f'],
  ])('%d is %s, seven bits a byte, least significant first', (value, encoded) => {
    expect(hex(uint().encode(value))).toBe(encoded)
    expect(uint().decode(fromHex(encoded))).toBe(value)
  })

  test.each([
    ['8000', 'varint not minimal at byte 2'],
    ['ff00', 'varint not minimal at byte 2'],
    ['808000', 'varint not minimal at byte 3'],
    ['8080808080808000', 'varint not minimal at byte 8'],
    ['8080808080808010', 'varint over 2^53 − 1 at byte 8'],
    ['ffffffffffffff7f', 'varint over 2^53 − 1 at byte 8'],
    ['808080808080808001', 'varint too long at byte 8'],
    ['ffffffffffffffff', 'varint too long at byte 8'],
    ['80', 'truncated at byte 1'],
    ['', 'truncated at byte 0'],
    ['0000', '1 trailing bytes'],
  ])('%s is refused: %s', (encoded, reason) => {
    expect(refusal(uint(), encoded)).toBe(reason)
  })

  test('2^53 is the first integer that is no value', () => {
    expect(() => uint().encode(2 ** 53)).toThrow(RangeError)
    expect(refusal(uint(), '8080808080808010')).toContain('over 2^53')
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('%d has no encoding', value => {
    expect(() => uint().encode(value)).toThrow(RangeError)
    expect(() => u8().encode(value)).toThrow(RangeError)
  })

  test('the bound holds in both directions', () => {
    const codec = uint({ max: 300 })
    expect(codec.decode(codec.encode(300))).toBe(300)
    expect(() => codec.encode(301)).toThrow(new RangeError('uint: need 0..300, got 301'))
    expect(refusal(codec, 'ad02')).toBe('integer 301 over 300')
  })

  test('a bound that bounds nothing is refused when the codec is made', () => {
    for (const max of [Number.NaN, -1, 2 ** 53]) expect(() => uint({ max })).toThrow(RangeError)
  })

  test('a byte holds 0..max', () => {
    expect(refusal(u8({ max: 7 }), '08')).toBe('byte 8 over 7')
    expect(() => u8({ max: 7 }).encode(8)).toThrow(new RangeError('u8: need 0..7, got 8'))
    expect(u8().decode(u8().encode(255))).toBe(255)
  })

  test('a member outside of the committee cannot be decoded', () => {
    expect(peerIndex(4).decode(Uint8Array.of(3))).toBe(3)
    expect(refusal(peerIndex(4), '04')).toBe('integer 4 over 3')
    expect(() => peerIndex(4).encode(peer(4))).toThrow(RangeError)
  })

  test('epochs go to 2^53 − 1, rounds to 2^20', () => {
    expect(epochNumber.decode(fromHex('ffffffffffffff0f'))).toBe(2 ** 53 - 1)
    expect(roundNumber().decode(fromHex('808040'))).toBe(2 ** 20)
    expect(refusal(roundNumber(), '818040')).toBe('integer 1048577 over 1048576')
    expect(refusal(roundNumber({ max: 5 }), '06')).toBe('integer 6 over 5')
  })

  test('bits and truth values are 0 or 1, not anything that is true', () => {
    expect([bit.decode(Uint8Array.of(1)), bool.decode(Uint8Array.of(1))]).toEqual([1, true])
    expect([hex(bool.encode(false)), hex(bool.encode(true))]).toEqual(['00', '01'])
    expect([refusal(bit, '02'), refusal(bool, '02')]).toEqual(['byte 2 over 1', 'byte 2 over 1'])
  })
})

describe('byte strings and texts: caps before allocation', () => {
  const tooLong = 'ffffffffffffff0f'

  test('a length over the cap is refused before anything is read', () => {
    expect(refusal(bytes({ max: 4 }), `05${'00'.repeat(5)}`)).toBe('length 5 over 4')
    expect(refusal(text({ bytesMax: 4 }), tooLong)).toBe('length 9007199254740991 over 4')
    expect(refusal(list(u8(), { max: 4 }), tooLong)).toBe('length 9007199254740991 over 4')
  })

  test('a length within the cap but over what is there is refused before anything is allocated', () => {
    expect(refusal(bytes({ max: 2 ** 40 }), '8080808001ff')).toBe('truncated: need 268435456 bytes, 1 left')
    expect(refusal(list(u8(), { max: 2 ** 40 }), '8080808001ff')).toBe('truncated at byte 6')
  })

  test('what is over its cap has no encoding', () => {
    expect(() => bytes({ max: 1 }).encode(Uint8Array.of(1, 2))).toThrow(RangeError)
    expect(() => fixedBytes(2).encode(Uint8Array.of(1))).toThrow(RangeError)
    expect(() => digest.encode(new Uint8Array(31))).toThrow('need 32 bytes, got 31')
    expect(() => list(u8(), { max: 1 }).encode([1, 2])).toThrow(RangeError)
  })

  test('the cap of a text counts bytes, not characters', () => {
    const codec = text({ bytesMax: 4 })
    expect(codec.decode(codec.encode('éé'))).toBe('éé')
    expect(() => codec.encode('éé€')).toThrow(RangeError)
  })

  test('a decoded byte string is a view into the input, not a copy', () => {
    const input = Uint8Array.of(2, 7, 8)
    const view = bytes({ max: 2 }).decode(input)
    input[1] = 9
    expect([...view]).toEqual([9, 8])
  })

  test('whatever subclass the input is, a copy of a part is a copy', () => {
    const input = Buffer.from([2, 7, 8])
    const view = bytes({ max: 2 }).decode(input)
    const copy = view.slice()
    input[1] = 9
    expect(Object.getPrototypeOf(view)).toBe(Uint8Array.prototype)
    expect([...copy]).toEqual([7, 8])
  })
})

describe('combinators', () => {
  const vote = union({ bval: { value: bit }, echo: { digest: fixedBytes(2) }, stop: {} })

  test('the kind is the place in the union, then come the fields in their order', () => {
    expect(hex(vote.encode({ type: 'echo', digest: Uint8Array.of(0xab, 0xcd) }))).toBe('01abcd')
    expect(vote.decode(Uint8Array.of(2))).toEqual({ type: 'stop' })
  })

  test('an unknown kind is refused in both directions', () => {
    expect(refusal(vote, '03')).toBe('unknown kind 3')
    expect(() => vote.encode({ type: 'toString' } as never)).toThrow('union: unknown kind toString')
  })

  test('a union has at most 256 kinds, as many as one byte tells apart', () => {
    const kinds = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, {}]))
    expect(hex(union(kinds(256)).encode({ type: 'k255' }))).toBe('ff')
    expect(() => union(kinds(257))).toThrow(RangeError)
  })

  test('a presence byte is 0 or 1', () => {
    const codec = optional(u8())
    expect([hex(codec.encode(undefined)), hex(codec.encode(5))]).toEqual(['00', '0105'])
    expect(refusal(codec, '02')).toBe('presence byte 2 over 1')
  })

  test('nothing has one encoding, even inside of another option', () => {
    expect(refusal(optional(optional(u8())), '0100')).toBe('nothing, said to be something')
  })

  test('a list stands behind its count', () => {
    expect(hex(list(u8(), { max: 3 }).encode([1, 2]))).toBe('020102')
    expect(refusal(list(u8(), { max: 3 }), '04')).toBe('length 4 over 3')
  })

  test('the same bytes seen as another type, which may refuse', () => {
    const even = mapped(u8(), {
      to: value => {
        if (value % 2 === 1) throw new DecodeError(`odd ${value}`)
        return value / 2
      },
      from: (half: number) => half * 2,
    })
    expect([even.decode(even.encode(21)), refusal(even, '03')]).toEqual([21, 'odd 3'])
  })

  test('a protocol without messages has no encoding and accepts no bytes', () => {
    expect(() => nothing.encode('x' as never)).toThrow('nothing: there is no message to encode, got x')
    expect(refusal(nothing, '')).toBe('this protocol has no messages')
  })

  test('a row of fields has no names on the wire', () => {
    const row = struct({ b: u8(), a: u8() })
    expect(hex(row.encode({ a: 1, b: 2 }))).toBe('0201')
    expect(row.decode(Uint8Array.of(2, 1))).toEqual({ a: 1, b: 2 })
  })
})

describe('writer and reader', () => {
  test('a writer grows as needed and hands out exactly what was written', () => {
    const writer = new Writer(0)
    writer.u8(1)
    writer.u32(0xfffefdfc)
    writer.varint(300)
    writer.raw(new Uint8Array(1_000).fill(7))
    expect([writer.length, hex(writer.finish().subarray(0, 8))]).toEqual([1_007, '01fffefdfcac0207'])
  })

  test('a finished copy stays, a view follows', () => {
    const writer = new Writer()
    writer.u8(1)
    const [copy, view] = [writer.finish(), writer.view()]
    writer.clear()
    writer.u8(2)
    expect([writer.length, [...copy], [...view]]).toEqual([1, [1], [2]])
  })

  test('numbers that do not fit are refused instead of cut', () => {
    const writer = new Writer()
    for (const value of [-1, 256, 0.5, Number.NaN]) expect(() => writer.u8(value)).toThrow(RangeError)
    for (const value of [-1, 2 ** 32, 0.5, Number.NaN]) expect(() => writer.u32(value)).toThrow(RangeError)
    for (const value of [-1, 2 ** 53, 0.5, Number.NaN]) expect(() => writer.varint(value)).toThrow(RangeError)
    expect(writer.length).toBe(0)
  })

  test('four bytes are one unsigned number, big-endian', () => {
    expect(new Reader(fromHex('fffefdfc')).u32()).toBe(0xfffefdfc)
    expect(() => new Reader(fromHex('fffefd')).u32()).toThrow(DecodeError)
  })

  test('a reader knows how much is left, and whether it is at the end', () => {
    const reader = new Reader(Uint8Array.of(1, 2))
    expect([reader.remaining, reader.u8(), reader.remaining]).toEqual([2, 1, 1])
    expect(() => reader.end()).toThrow('1 trailing bytes')
    expect(reader.raw(1)).toEqual(Uint8Array.of(2))
    expect(() => reader.end()).not.toThrow()
  })
})
