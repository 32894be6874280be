import { readFileSync } from 'node:fs'
import { fixedCoin } from '@mc/coin'
import { round } from '@mc/protocol'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import { quadraticAba, quadraticRaba } from '@mc/raba'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messagesOf } from './arbitraries.js'
import { parityCoin } from './common-coin.js'
import { parse, text } from './driven.js'

const vectors: readonly { readonly message: string; readonly bytes: string }[] = JSON.parse(
  readFileSync(new URL('./quadratic.vectors.json', import.meta.url), 'utf8'),
)

const codec = quadraticRaba({ coin: fixedCoin([0]), roundsAhead: 8 }).codec({ n: 4 })

const messages = messagesOf(fc.oneof(fc.nat(3), fc.nat(2 ** 20)))

const decodes = (shown: string): boolean => {
  try {
    codec.decode(fromHex(shown))
    return true
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

describe('the wire form', () => {
  test('golden vectors: a changed byte is a changed protocol', () => {
    for (const { message, bytes } of vectors) {
      expect([message, hex(codec.encode(parse(message)))]).toEqual([message, bytes])
      expect(text(codec.decode(fromHex(bytes)))).toBe(message)
    }
    const kinds = new Set(vectors.map(({ message }) => message.replace(/[_(].*/, '')))
    expect([...kinds].sort()).toEqual([
      'fast',
      'final',
      'fix',
      'main',
      'pre',
      'sync-rep',
      'sync-req',
      'term',
      'vote',
    ])
  })

  test('ABA and RABA speak alike', () => {
    const aba = quadraticAba({ coin: fixedCoin([0]) }).codec({ n: 7 })
    for (const { message, bytes } of vectors) expect(hex(aba.encode(parse(message)))).toBe(bytes)
  })

  test('encode → decode gives the same message; a vote takes at most four bytes', () => {
    fc.assert(
      fc.property(messages, message => {
        const bytes = codec.encode(message)
        expect(codec.decode(bytes)).toEqual(message)
        if ('round' in message) expect(bytes.length).toBeLessThanOrEqual(4)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('decode → encode gives the same bytes, and what cannot be decoded is a DecodeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), bytes => {
        if (decodes(hex(bytes))) expect(hex(codec.encode(codec.decode(bytes)))).toBe(hex(bytes))
      }),
      { seed: 2, numRuns: 2_000 },
    )
    for (let tag = 0; tag < 256; tag += 1) decodes(hex(Uint8Array.of(tag, 1, 1, 1)))
  })

  test.each([
    ['an unknown kind', 'ff00'],
    ['nothing', ''],
    ['no round', '00'],
    ['a round above 2^20', '00818040'],
    ['a round that is not minimal', '008000'],
    ['trailing bytes', '0d00'],
    ['a request that ends above 2^20', '10808040ff01'],
    ['more records than a window', `11000a${'0001'.repeat(10)}`],
    ['a record over ten bits', '1100010400'],
    ['a record with VOTE(*)', '110001000c'],
    ['a coin message of a coin without messages', '120000'],
  ])('rejects %s', (_, bytes) => {
    expect(decodes(bytes)).toBe(false)
  })

  test('encoding a reply over the window is our own mistake', () => {
    expect(() => codec.encode({ type: 'sync-rep', fromRound: round(0), records: Array(10).fill(1) })).toThrow(
      RangeError,
    )
  })

  test('messages of the coin travel inside, in the coin’s own codec', () => {
    const common = quadraticRaba({ coin: parityCoin }).codec({ n: 4 })
    const message = { type: 'coin', round: round(3), message: 7 } as const
    expect(hex(common.encode(message))).toBe('120307')
    expect(common.decode(fromHex('120307'))).toEqual(message)
    expect(() => common.decode(fromHex('120308'))).toThrow(DecodeError)
  })
})
