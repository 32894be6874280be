import { readFileSync } from 'node:fs'
import { type RabaSubsetMessage, rabaSubset } from '@mc/acs'
import { peer } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type StubRabaMessage, type StubRbcMessage, stubRaba, stubRbc } from './stub-parts.js'

type Message = RabaSubsetMessage<StubRbcMessage, StubRabaMessage>

const codec = (n: number): Codec<Message> => rabaSubset({ rbc: stubRbc(), raba: stubRaba() }).codec({ n })

const vectors: readonly {
  readonly what: string
  readonly n: number
  readonly message: { readonly type: 'rbc' | 'raba'; readonly proposer: number }
  /** The inner message as the part itself encodes it. */
  readonly inner: string
  readonly bytes: string
}[] = JSON.parse(readFileSync(new URL('wire.vectors.json', import.meta.url), 'utf8'))

function messageOf({ n, message, inner }: (typeof vectors)[number]): Message {
  const proposer = peer(message.proposer)
  return message.type === 'rbc'
    ? { type: 'rbc', proposer, message: stubRbc().codec({ n }).decode(fromHex(inner)) }
    : { type: 'raba', proposer, message: stubRaba().codec({ n }).decode(fromHex(inner)) }
}

const rbcMessage: fc.Arbitrary<StubRbcMessage> = fc.oneof(
  fc.record({
    type: fc.constantFrom('deliver' as const, 'given' as const),
    payload: fc.uint8Array({ maxLength: 64 }),
  }),
  fc.constant({ type: 'spoil' as const }),
)
const rabaMessage: fc.Arbitrary<StubRabaMessage> = fc.oneof(
  fc.record({ type: fc.constant('decide' as const), bit: fc.constantFrom(0 as const, 1 as const) }),
  fc.record({ type: fc.constant('given' as const), input: fc.nat(2) }),
)
const proposer = fc.nat(199).map(peer)
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('rbc' as const), proposer, message: rbcMessage }),
  fc.record({ type: fc.constant('raba' as const), proposer, message: rabaMessage }),
)
const seeded = { seed: 20_232, numRuns: Number(process.env['MC_SEEDS'] ?? 300) }

describe('wire: acs/raba-subset, version 1', () => {
  test.each(vectors.map(vector => [vector.what, vector] as const))('%s', (_, vector) => {
    expect(hex(codec(vector.n).encode(messageOf(vector)))).toBe(vector.bytes)
    expect(codec(vector.n).decode(fromHex(vector.bytes))).toEqual(messageOf(vector))
  })

  test('encode → decode → equal, and decode → encode → the same bytes', () => {
    const { encode, decode } = codec(200)
    fc.assert(
      fc.property(message, value => {
        expect(decode(encode(value))).toEqual(value)
      }),
      seeded,
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), bytes => {
        try {
          expect(encode(decode(bytes))).toEqual(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
        }
      }),
      seeded,
    )
  })

  test('unknown parts, proposers over n − 1 and trailing bytes are refused', () => {
    expect(() => codec(4).decode(fromHex('0200'))).toThrow('unknown part 2')
    expect(() => codec(4).decode(fromHex('000401'))).toThrow('integer 4 over 3')
    expect(() => codec(4).decode(fromHex('00030101'))).toThrow('1 trailing bytes')
    expect(() => codec(4).decode(fromHex('01'))).toThrow(DecodeError)
  })
})
