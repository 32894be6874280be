import { peer } from '@mc/protocol'
import {
  bit,
  bool,
  bytes,
  type Codec,
  DecodeError,
  epochNumber,
  fixedBytes,
  list,
  mapped,
  optional,
  peerIndex,
  roundNumber,
  struct,
  text,
  u8,
  uint,
  union,
} from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** Every combinator, with any of its values. */
const anyText = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter(value => Buffer.byteLength(value) <= 40 && !/\p{Surrogate}/u.test(value))
const anyBytes = (maxLength: number) => fc.uint8Array({ maxLength })
const anyVote = fc.oneof(
  fc.record({ type: fc.constant('bval' as const), round: fc.nat(9), value: fc.constantFrom<0 | 1>(0, 1) }),
  fc.record({ type: fc.constant('echo' as const), root: fc.uint8Array({ minLength: 4, maxLength: 4 }) }),
  fc.record({ type: fc.constant('stop' as const) }),
)
const vote = union({ bval: { round: uint({ max: 9 }), value: bit }, echo: { root: fixedBytes(4) }, stop: {} })

interface Sample {
  readonly name: string
  readonly codec: Codec<never> | Codec<unknown>
  readonly values: fc.Arbitrary<unknown>
}

const sample = <T>(name: string, codec: Codec<T>, values: fc.Arbitrary<T>): Sample => ({
  name,
  codec: codec as Codec<unknown>,
  values,
})

const SAMPLES: readonly Sample[] = [
  sample('uint', uint(), fc.maxSafeNat()),
  sample('u8', u8({ max: 9 }), fc.nat(9)),
  sample('bit', bit, fc.constantFrom<0 | 1>(0, 1)),
  sample('bool', bool, fc.boolean()),
  sample('peerIndex', peerIndex(200), fc.nat(199).map(peer)),
  sample('epochNumber', epochNumber, fc.maxSafeNat() as fc.Arbitrary<never>),
  sample('roundNumber', roundNumber(), fc.nat(2 ** 20) as fc.Arbitrary<never>),
  sample('fixedBytes', fixedBytes(5), fc.uint8Array({ minLength: 5, maxLength: 5 })),
  sample('bytes', bytes({ max: 200 }), anyBytes(200)),
  sample('text', text({ bytesMax: 40 }), anyText),
  sample('optional', optional(uint({ max: 500 })), fc.option(fc.nat(500), { nil: undefined })),
  sample('list', list(bytes({ max: 3 }), { max: 5 }), fc.array(anyBytes(3), { maxLength: 5 })),
  sample('struct', struct({ a: u8(), b: bool }), fc.record({ a: fc.nat(255), b: fc.boolean() })),
  sample('union', vote, anyVote),
  sample(
    'mapped',
    mapped(uint({ max: 1_000 }), { to: value => ({ value }), from: ({ value }: { value: number }) => value }),
    fc.record({ value: fc.nat(1_000) }),
  ),
  sample(
    'all of them nested',
    struct({
      votes: list(vote, { max: 3 }),
      note: optional(text({ bytesMax: 40 })),
      at: struct({ epoch: uint() }),
    }),
    fc.record({
      votes: fc.array(anyVote, { maxLength: 3 }),
      note: fc.option(anyText, { nil: undefined }),
      at: fc.record({ epoch: fc.maxSafeNat() }),
    }),
  ),
]

const same = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0

/** What `decode` makes of the bytes; anything but a DecodeError goes on up and fails the test. */
function accepted(codec: Codec<unknown>, input: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: codec.decode(input) }
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

describe.each(SAMPLES.map(one => [one.name, one] as const))('%s', (_, { codec: anyCodec, values }) => {
  const codec = anyCodec as Codec<unknown>

  test('encode, then decode, is the value', () => {
    fc.assert(
      fc.property(values, value => {
        expect(codec.decode(codec.encode(value))).toEqual(value)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('whatever is accepted is the encoding of its value', () => {
    fc.assert(
      fc.property(
        values,
        fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        (value, changes) => {
          const input = codec.encode(value)
          for (const [at, byte] of changes) if (at < input.length) input[at] = byte
          const result = accepted(codec, input)
          if (result !== undefined) expect(same(codec.encode(result.value), input)).toBe(true)
        },
      ),
      { seed: 2, numRuns: 200 },
    )
  })

  test('cut off at any byte, or with a byte behind it, it is refused', () => {
    fc.assert(
      fc.property(values, fc.nat(255), (value, extra) => {
        const whole = codec.encode(value)
        for (let length = 0; length < whole.length; length += 1) {
          expect(() => codec.decode(whole.subarray(0, length))).toThrow(DecodeError)
        }
        expect(() => codec.decode(Uint8Array.of(...whole, extra))).toThrow('trailing bytes')
      }),
      { seed: 3, numRuns: 60 },
    )
  })
})

/** A small generator for bytes by the hundred thousand: xorshift32. */
function bytesFrom(seed: number): () => Uint8Array {
  let state = seed
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  return () => {
    const input = new Uint8Array(next() % 24)
    // Half of the bytes are small: as lengths, kinds and flags these come further than random ones.
    for (let at = 0; at < input.length; at += 1) input[at] = next() % (next() % 2 === 0 ? 5 : 256)
    return input
  }
}

test('200,000 random byte strings never throw anything but a DecodeError, and what is accepted is canonical', () => {
  const next = bytesFrom(0x2545f491)
  const count = Number(process.env['MC_SEEDS'] ?? 200_000)
  let acceptedCount = 0
  for (let run = 0; run < count; run += 1) {
    const input = next()
    const codec = SAMPLES[run % SAMPLES.length]?.codec as Codec<unknown>
    const result = accepted(codec, input)
    if (result === undefined) continue
    acceptedCount += 1
    if (!same(codec.encode(result.value), input)) {
      expect.fail(`${SAMPLES[run % SAMPLES.length]?.name}: ${Buffer.from(input).toString('hex')}`)
    }
  }
  expect(acceptedCount).toBeGreaterThan(count / 200)
})
