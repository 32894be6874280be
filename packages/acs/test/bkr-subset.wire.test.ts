import { readFileSync } from 'node:fs'
import { type BkrSubsetMessage, bkrSubset } from '@mc/acs'
import { peer } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundTrips } from './round-trips.js'
import { abaMessage, anyPeer, rbcMessage } from './stub-messages.js'
import { type StubAbaMessage, type StubRbcMessage, stubAba, stubRbc } from './stub-parts.js'

type Message = BkrSubsetMessage<StubRbcMessage, StubAbaMessage>

const codec = (n: number): Codec<Message> => bkrSubset({ rbc: stubRbc(), aba: stubAba() }).codec({ n })

const vectors: readonly {
  readonly what: string
  readonly n: number
  readonly message: { readonly type: 'rbc' | 'aba'; readonly proposer: number }
  /** The inner message as the part itself encodes it. */
  readonly inner: string
  readonly bytes: string
}[] = JSON.parse(readFileSync(new URL('bkr-subset.vectors.json', import.meta.url), 'utf8'))

function messageOf({ n, message, inner }: (typeof vectors)[number]): Message {
  const proposer = peer(message.proposer)
  return message.type === 'rbc'
    ? { type: 'rbc', proposer, message: stubRbc().codec({ n }).decode(fromHex(inner)) }
    : { type: 'aba', proposer, message: stubAba().codec({ n }).decode(fromHex(inner)) }
}

const proposer = anyPeer(200)
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('rbc' as const), proposer, message: rbcMessage }),
  fc.record({ type: fc.constant('aba' as const), proposer, message: abaMessage }),
)

describe('wire: acs/bkr, version 1', () => {
  test.each(vectors.map(vector => [vector.what, vector] as const))('%s', (_, vector) => {
    expect(hex(codec(vector.n).encode(messageOf(vector)))).toBe(vector.bytes)
    expect(codec(vector.n).decode(fromHex(vector.bytes))).toEqual(messageOf(vector))
  })

  test('encode → decode → equal, and decode → encode → the same bytes', () => {
    roundTrips(codec(200), message)
  })

  test('unknown parts, proposers over n − 1 and trailing bytes are refused', () => {
    expect(() => codec(4).decode(fromHex('0200'))).toThrow('unknown part 2')
    expect(() => codec(4).decode(fromHex('000401'))).toThrow('integer 4 over 3')
    expect(() => codec(4).decode(fromHex('00030101'))).toThrow('1 trailing bytes')
    expect(() => codec(4).decode(fromHex('01'))).toThrow(DecodeError)
  })
})
