import { readFileSync } from 'node:fs'
import { round } from '@mc/protocol'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import { crainAba } from '@mc/raba'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scriptedCoin, shareCoin } from '../ideal-coin.js'
import { crainMessagesOf } from './arbitraries.js'
import { crainMember, type Member, parse, sharing, text } from './driven.js'

const vectors: readonly { readonly message: string; readonly bytes: string }[] = JSON.parse(
  readFileSync(new URL('./crain.vectors.json', import.meta.url), 'utf8'),
)

const codec = crainAba({ coin: shareCoin, roundsAhead: 8 }).codec({ n: 4 })
const messages = crainMessagesOf(fc.oneof(fc.nat(3), fc.nat(2 ** 20)))

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
    expect([...kinds].sort()).toEqual(
      ['aux', 'aux2', 'coin', 'conf', 'est', 'est2', 'sync-rep', 'sync-req', 'term'].sort(),
    )
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
    ['trailing bytes', '0d00'],
    ['a request that ends above 2^20', '0f808040ff01'],
    ['more records than a window', `10000a${'0001'.repeat(10)}`],
    ['a record over eleven bits', '1000010800'],
    ['a record with AUX(*)', '100001000c'],
    ['a share that the coin does not know', '110308'],
  ])('rejects %s', (_, bytes) => {
    expect(decodes(bytes)).toBe(false)
  })

  test('a coin without messages leaves its kind without values', () => {
    const silent = crainAba({ coin: scriptedCoin(1) }).codec({ n: 4 })
    expect(() => silent.decode(fromHex('110307'))).toThrow(DecodeError)
  })

  test('encoding a reply over the window is our own mistake', () => {
    expect(() => codec.encode({ type: 'sync-rep', fromRound: round(0), records: Array(10).fill(1) })).toThrow(
      RangeError,
    )
  })
})

const runs = Number(process.env['MC_SEEDS'] ?? 60)
const roundsAhead = 4

/** Few rounds often, so that sequences lead somewhere. */
const heard = crainMessagesOf(
  fc.oneof({ weight: 8, arbitrary: fc.nat(1) }, { weight: 2, arbitrary: fc.nat(8) }, fc.nat(2 ** 20)),
)
const scripts = fc.record({
  proposeAt: fc.nat(60),
  bit: fc.constantFrom<0 | 1>(0, 1),
  heard: fc.array(fc.tuple(fc.constantFrom(1, 2, 3), heard), { minLength: 20, maxLength: 120 }),
})
type Script = typeof scripts extends fc.Arbitrary<infer T> ? T : never

/** Plays a script and returns all that was sent, step by step. */
function play(member: Member, { proposeAt, bit, heard }: Script): string[][] {
  return heard.map(([from, said], at) => {
    const first = at === proposeAt ? member.propose(bit) : []
    return [...first, ...member.hear([from], text(said))]
  })
}

const make = () => crainMember(4, { ...sharing, roundsAhead })

describe('any decodable messages, in any order, from anybody', () => {
  test('return normally, decide at most once, stay within the bounds of memory, and say nothing twice', () => {
    fc.assert(
      fc.property(scripts, script => {
        const member = make()
        const broadcasts = play(member, script)
          .flat()
          .filter(sent => !sent.startsWith('to '))
        const slots = broadcasts.map(sent => (sent.startsWith('est') ? sent : sent.replace(/\(.*/, '')))
        expect(new Set(slots).size).toBe(slots.length)
        expect(member.outputs.length).toBeLessThanOrEqual(1)
        const { round: current, slotBytes } = member.view
        expect(slotBytes).toBeLessThanOrEqual(4 * 2 * (roundsAhead + 1 + current))
      }),
      { seed: 3, numRuns: runs },
    )
  })

  test('replayed after a restart they cause the same messages, step by step', () => {
    fc.assert(
      fc.property(scripts, script => {
        expect(play(make(), script)).toEqual(play(make(), script))
      }),
      { seed: 5, numRuns: runs },
    )
  })
})
