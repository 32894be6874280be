import {
  type Bit,
  drive,
  type Epoch,
  epoch,
  type PeerIndex,
  peer,
  type Round,
  unreachable,
} from '@mc/protocol'
import { bit, type Codec, type Decoded, list, optional, struct, u8, union } from '@mc/protocol/wire'
import { expect, expectTypeOf, test } from 'vitest'
import { FOUR, spoken } from './recording.js'

const vote = union({ bval: { round: u8(), value: bit }, term: { value: bit }, stop: {} })
type Vote = Decoded<typeof vote>

test('a codec knows the type of its values, without a type written by hand', () => {
  expectTypeOf<Vote['type']>().toEqualTypeOf<'bval' | 'term' | 'stop'>()
  expectTypeOf<Extract<Vote, { type: 'bval' }>['round']>().toEqualTypeOf<number>()
  expectTypeOf<Extract<Vote, { type: 'term' }>['value']>().toEqualTypeOf<Bit>()
  const row = struct({ seen: list(bit, { max: 4 }), maybe: optional(u8()) })
  expectTypeOf<Decoded<typeof row>>().toEqualTypeOf<{
    readonly seen: readonly Bit[]
    readonly maybe: number | undefined
  }>()
  expect(vote.decode(vote.encode({ type: 'bval', round: 3, value: 1 }))).toEqual({
    type: 'bval',
    round: 3,
    value: 1,
  })
})

test('a number is no member, a member is no epoch, an epoch is no round', () => {
  // @ts-expect-error: whoever has a plain number has not checked it
  const index: PeerIndex = 3
  // @ts-expect-error: brands do not mix
  const number: Epoch = peer(3)
  // @ts-expect-error: brands do not mix
  const other: Round = epoch(3)
  expect([index, number, other]).toEqual([3, 3, 3])
})

test('a forgotten kind of message does not compile', () => {
  const half = (message: Vote): number => {
    switch (message.type) {
      case 'bval':
        return message.round
      case 'term':
        return message.value
      default:
        // @ts-expect-error: 'stop' was forgotten
        return unreachable(message)
    }
  }
  expect(half({ type: 'bval', round: 2, value: 0 })).toBe(2)
})

test('a message of the wrong type does not compile', () => {
  const driven = drive(
    spoken(() => ({ handleInput: () => {}, handleMessage: () => {} })),
    FOUR,
  )
  // @ts-expect-error: this protocol speaks words
  expect(driven.message(peer(0), 7).faults).toEqual([])
  // @ts-expect-error: and hears them from members
  expect(driven.message(0, 'word').faults).toEqual([])
})

test('a value outside of a codec’s type does not compile', () => {
  const codec: Codec<Bit> = bit
  // @ts-expect-error: two is no bit
  expect(() => codec.encode(2)).toThrow(RangeError)
})
