import { readFileSync } from 'node:fs'
import { fixedCoin } from '@mc/coin'
import { type Bit, peer, round } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import { brachaAba, cubicAba, cubicRaba } from '@mc/raba'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, text } from './borne-member.js'
import { parityCoin } from './common-coin.js'
import { idealRbc } from './ideal-rbc.js'

const parts = { coin: fixedCoin([0]), rbc: idealRbc, roundsAhead: 8 }
const size = { n: 4 }
type Message = ReturnType<typeof parse>

const numbers = fc.oneof(fc.nat(3), fc.nat(2 ** 20)).map(round)
const bits = fc.constantFrom<Bit>(0, 1)
const common = [
  fc.record({ type: fc.constant('term'), bit: bits }),
  fc.tuple(numbers, numbers).map(([a, b]) => ({
    type: 'sync-req',
    fromRound: round(Math.min(a, b)),
    toRound: round(Math.max(a, b)),
  })),
]
const borne = {
  round: numbers,
  proposer: fc.nat(3).map(peer),
  message: fc.uint8Array({ maxLength: 1 }),
}
const records = fc
  .tuple(fc.nat(3), fc.nat(2), fc.nat(3))
  .map(([prevotes, vote, main]) => prevotes | (vote << 2) | (main << 4))

const forms = [
  {
    name: 'bracha',
    codec: brachaAba(parts).codec(size) as Codec<unknown> as Codec<Message>,
    kinds: ['sync-req', 'term', 'vote1', 'vote2', 'vote3'],
    messages: fc.oneof(
      ...common,
      fc.record({ type: fc.constant('vote'), step: fc.constantFrom(1, 2, 3), ...borne }),
    ),
    rejected: [
      ['an unknown kind', '07'],
      ['a proposer outside the committee', '0000040101'],
      ['a payload of two bytes', '000001020101'],
      ['a request that ends above 2^20', '05808040ff01'],
      ['a coin message of a coin without messages', '0600'],
      ['trailing bytes', '0300'],
    ],
  },
  {
    name: 'cubic',
    codec: cubicRaba(parts).codec(size) as Codec<unknown> as Codec<Message>,
    kinds: ['final', 'main', 'pre', 'sync-rep', 'sync-req', 'term', 'vote'],
    messages: fc.oneof(
      ...common,
      fc.record({ type: fc.constantFrom('prevote', 'vote'), round: numbers, bit: bits }),
      fc.record({ type: fc.constant('mainvote'), round: numbers, value: fc.constantFrom(0, 1, '*') }),
      fc.record({ type: fc.constant('finalvote'), ...borne }),
      fc.record({
        type: fc.constant('sync-rep'),
        fromRound: numbers,
        records: fc.array(records, { maxLength: 9 }),
      }),
    ),
    rejected: [
      ['an unknown kind', '0d'],
      ['a proposer outside the committee', '0700040101'],
      ['a payload of two bytes', '070001020101'],
      ['a request that ends above 2^20', '0a808040ff01'],
      ['more records than a window', `0b000a${'01'.repeat(10)}`],
      ['a record over six bits', '0b000140'],
      ['a record with VOTE(*)', '0b00010c'],
      ['a coin message of a coin without messages', '0c00'],
      ['trailing bytes', '0800'],
    ],
  },
] as const

const decodes = (codec: Codec<Message>, bytes: Uint8Array): boolean => {
  try {
    codec.decode(bytes)
    return true
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

describe.each(forms)('the wire form of $name', ({ name, codec, kinds, messages, rejected }) => {
  test('golden vectors: a changed byte is a changed protocol', () => {
    const vectors: readonly { readonly message: string; readonly bytes: string }[] = JSON.parse(
      readFileSync(new URL(`./${name}.vectors.json`, import.meta.url), 'utf8'),
    )
    for (const { message, bytes } of vectors) {
      expect([message, hex(codec.encode(parse(message)))]).toEqual([message, bytes])
      expect(text(codec.decode(fromHex(bytes)))).toBe(message)
    }
    const found = new Set(vectors.map(({ message }) => message.replace(/^\d: /, '').replace(/[_(].*/, '')))
    expect([...found].sort()).toEqual(kinds)
  })

  test('encode → decode gives the same message', () => {
    fc.assert(
      fc.property(messages as fc.Arbitrary<Message>, message => {
        expect(codec.decode(codec.encode(message))).toEqual(message)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  test('decode → encode gives the same bytes, and what cannot be decoded is a DecodeError', () => {
    fc.assert(
      fc.property(fc.nat(15), fc.uint8Array({ maxLength: 7 }), (tag, rest) => {
        const bytes = Uint8Array.of(tag, ...rest)
        if (decodes(codec, bytes)) expect(hex(codec.encode(codec.decode(bytes)))).toBe(hex(bytes))
      }),
      { seed: 2, numRuns: 1_000 },
    )
  })

  test.each<readonly [string, string]>(rejected)('rejects %s', (_, bytes) => {
    expect(decodes(codec, fromHex(bytes))).toBe(false)
  })
})

describe('the parts of the wire forms', () => {
  test('messages of the coin travel inside, in the coin’s own codec', () => {
    const message = { type: 'coin', round: round(3), message: 7 } as const
    const rbc = idealRbc
    for (const [codec, bytes] of [
      [brachaAba({ coin: parityCoin, rbc }).codec(size), '060307'],
      [cubicAba({ coin: parityCoin, rbc }).codec(size), '0c0307'],
    ] as const) {
      expect(hex(codec.encode(message as never))).toBe(bytes)
      expect(codec.decode(fromHex(bytes))).toEqual(message)
    }
  })

  test('Cubic-ABA and Cubic-RABA speak alike', () => {
    const [aba, raba] = [cubicAba(parts).codec(size), cubicRaba(parts).codec(size)]
    fc.assert(
      fc.property(forms[1].messages as fc.Arbitrary<never>, message => {
        expect(hex(aba.encode(message))).toBe(hex(raba.encode(message)))
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  test('encoding a reply over the window is our own mistake', () => {
    const records = Array<number>(10).fill(1)
    expect(() =>
      cubicAba(parts)
        .codec(size)
        .encode({ type: 'sync-rep', fromRound: round(0), records }),
    ).toThrow(RangeError)
  })
})
