import { readFileSync } from 'node:fs'
import { round } from '@mc/protocol'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import { cobaltAba, mmrAba, paceRaba } from '@mc/raba'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cobaltMessagesOf } from './cobalt-arbitraries.js'
import { parse, text } from './cobalt-driven.js'
import { scriptedCoin, shareCoin } from './ideal-coin.js'

const vectors: readonly { readonly message: string; readonly bytes: string }[] = JSON.parse(
  readFileSync(new URL('./cobalt.vectors.json', import.meta.url), 'utf8'),
)

const codec = cobaltAba({ coin: shareCoin, roundsAhead: 8 }).codec({ n: 4 })

const messages = cobaltMessagesOf(fc.oneof(fc.nat(3), fc.nat(2 ** 20)))

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
    expect([...kinds].sort()).toEqual(['aux', 'bval', 'coin', 'conf', 'fast', 'sync-rep', 'sync-req', 'term'])
  })

  test('Cobalt, MMR and PACE speak alike', () => {
    const size = { n: 7 }
    for (const other of [
      mmrAba({ coin: shareCoin }).codec(size),
      paceRaba({ coin: shareCoin }).codec(size),
    ]) {
      for (const { message, bytes } of vectors) expect(hex(other.encode(parse(message)))).toBe(bytes)
    }
  })

  test('encode → decode gives the same message; a vote takes at most four bytes', () => {
    fc.assert(
      fc.property(messages, message => {
        const bytes = codec.encode(message)
        expect(codec.decode(bytes)).toEqual(message)
        if ('round' in message && message.type !== 'coin') expect(bytes.length).toBeLessThanOrEqual(4)
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
    ['trailing bytes', '0700'],
    ['a request that ends above 2^20', '0a808040ff01'],
    ['more records than a window', `0b000a${'01'.repeat(10)}`],
    ['a record over six bits', '0b000140'],
    ['a record with AUX(*)', '0b00010c'],
    ['a share that the coin does not know', '0c0308'],
  ])('rejects %s', (_, bytes) => {
    expect(decodes(bytes)).toBe(false)
  })

  test('a coin without messages leaves its kind without values', () => {
    const silent = cobaltAba({ coin: scriptedCoin(1) }).codec({ n: 4 })
    expect(() => silent.decode(fromHex('0c0307'))).toThrow(DecodeError)
  })

  test('encoding a reply over the window is our own mistake', () => {
    expect(() => codec.encode({ type: 'sync-rep', fromRound: round(0), records: Array(10).fill(1) })).toThrow(
      RangeError,
    )
  })
})
