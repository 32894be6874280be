import { readFileSync } from 'node:fs'
import { type RabaSubsetMessage, rabaSubset } from '@mc/acs'
import { peer } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundTrips } from './round-trips.js'
import { anyPeer, rabaMessage, rbcMessage } from './stub-messages.js'
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
}[] = JSON.parse(readFileSync(new URL('raba-subset.vectors.json', import.meta.url), 'utf8'))

function messageOf({ n, message, inner }: (typeof vectors)[number]): Message {
  const proposer = peer(message.proposer)
  return message.type === 'rbc'
    ? { type: 'rbc', proposer, message: stubRbc().codec({ n }).decode(fromHex(inner)) }
    : { type: 'raba', proposer, message: stubRaba().codec({ n }).decode(fromHex(inner)) }
}

const proposer = anyPeer(200)
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('rbc' as const), proposer, message: rbcMessage }),
  fc.record({ type: fc.constant('raba' as const), proposer, message: rabaMessage }),
)
describe('wire: acs/raba-subset, version 1', () => {
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
