import { readFileSync } from 'node:fs'
import { type FinMvbaMessage, type FinSubsetMessage, finSubset, type GatherMessage } from '@mc/acs'
import { peer } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundTrips } from './round-trips.js'
import { anyPeer, electionMessage, rabaMessage, rbcMessage } from './stub-messages.js'
import {
  type StubElectionMessage,
  type StubRabaMessage,
  type StubRbcMessage,
  stubElection,
  stubRaba,
  stubRbc,
} from './stub-parts.js'

type MvbaMessage = FinMvbaMessage<StubRbcMessage, StubRabaMessage, StubElectionMessage>
type Message = FinSubsetMessage<StubRbcMessage, StubRabaMessage, StubElectionMessage>

const codec = (n: number): Codec<Message> =>
  finSubset({ rbc: stubRbc(), raba: stubRaba(), election: stubElection() }).codec({ n })

const vectors: readonly {
  readonly what: string
  readonly n: number
  readonly message: Message
  readonly bytes: string
}[] = JSON.parse(readFileSync(new URL('fin-subset.vectors.json', import.meta.url), 'utf8'))

const members = fc.uniqueArray(fc.nat(199)).map(all => all.sort((a, b) => a - b).map(peer))
const gatherMessage: fc.Arbitrary<GatherMessage> = fc.record({
  type: fc.constantFrom('s' as const, 't' as const, 'u' as const),
  members,
})
const proposer = anyPeer(200)
const iteration = fc.nat(66)
const mvbaMessage: fc.Arbitrary<MvbaMessage> = fc.oneof(
  fc.record({ type: fc.constant('rbc' as const), proposer, message: rbcMessage }),
  fc.record({ type: fc.constant('gather' as const), message: gatherMessage }),
  fc.record({ type: fc.constant('election' as const), iteration, message: electionMessage }),
  fc.record({ type: fc.constant('raba' as const), iteration, message: rabaMessage }),
)
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ type: fc.constant('rbc' as const), proposer, message: rbcMessage }),
  fc.record({ type: fc.constant('mvba' as const), message: mvbaMessage }),
)

describe('wire: acs/fin and mvba/fin, version 1', () => {
  test.each(vectors.map(vector => [vector.what, vector] as const))('%s', (_, vector) => {
    expect(hex(codec(vector.n).encode(vector.message))).toBe(vector.bytes)
    expect(codec(vector.n).decode(fromHex(vector.bytes))).toEqual(vector.message)
  })

  test('encode → decode → equal, and decode → encode → the same bytes', () => {
    roundTrips(codec(200), message)
    roundTrips(
      codec(10),
      fc.constant<Message>({
        type: 'mvba',
        message: { type: 'gather', message: { type: 's', members: [] } },
      }),
    )
  })

  test('bits over n − 1, iterations over f, unknown parts and trailing bytes are refused', () => {
    expect(() => codec(10).decode(fromHex('0101000004'))).toThrow('member 10 over 9')
    expect(() => codec(4).decode(fromHex('0102020002'))).toThrow('integer 2 over 1')
    expect(() => codec(4).decode(fromHex('02'))).toThrow('unknown kind 2')
    expect(() => codec(4).decode(fromHex('0104'))).toThrow('unknown kind 4')
    expect(() => codec(4).decode(fromHex('01010003ff'))).toThrow('1 trailing bytes')
    expect(() => codec(10).decode(fromHex('01010003'))).toThrow(DecodeError)
  })

  test('encoding a member outside the committee is the caller’s mistake', () => {
    const outside: Message = {
      type: 'mvba',
      message: { type: 'gather', message: { type: 's', members: [peer(4)] } },
    }
    expect(() => codec(4).encode(outside)).toThrow(RangeError)
  })
})
