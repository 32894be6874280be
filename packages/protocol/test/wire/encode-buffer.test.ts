import { bytes, type Codec, codec, list, uint } from '@mc/protocol/wire'
import { expect, test } from 'vitest'

const text = bytes({ max: 100_000 })

test('an encoding is the caller’s own: what is encoded next does not change it', () => {
  for (const length of [0, 10, 60, 61, 64, 500, 1_021, 1_022, 1_023, 5_000]) {
    const first = text.encode(new Uint8Array(length).fill(1))
    const copy = first.slice()
    const second = text.encode(new Uint8Array(length).fill(2))
    expect(first).toEqual(copy)
    expect(text.decode(second)).toEqual(new Uint8Array(length).fill(2))
  }
})

test('an encoding that failed half-way leaves nothing in the next one', () => {
  const numbers = list(uint({ max: 9 }), { max: 10 })
  expect(() => numbers.encode([1, 2, 99])).toThrow(RangeError)
  expect(numbers.encode([3])).toEqual(Uint8Array.of(1, 3))
})

test('a codec may encode with itself while it writes', () => {
  type Nested = { readonly inner?: Nested; readonly tag: number }
  const nested: Codec<Nested> = codec<Nested>(
    (writer, { tag, inner }) => {
      writer.u8(tag)
      if (inner !== undefined) writer.raw(nested.encode(inner))
    },
    reader => {
      const tag = reader.u8()
      return reader.remaining > 0 ? { tag, inner: nested.read(reader) } : { tag }
    },
  )
  const value = { tag: 1, inner: { tag: 2, inner: { tag: 3 } } }
  expect(nested.encode(value)).toEqual(Uint8Array.of(1, 2, 3))
  expect(nested.encode(value)).toEqual(Uint8Array.of(1, 2, 3))
  expect(nested.decode(nested.encode(value))).toEqual(value)
})
