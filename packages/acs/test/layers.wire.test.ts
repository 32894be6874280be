import { readFileSync } from 'node:fs'
import {
  type DispersedSubsetMessage,
  dispersedSubset,
  type EncryptedSubsetMessage,
  type EncryptionKey,
  encryptedSubset,
  type RitasMvcMessage,
  ritasMvc,
  type VectorConsensusMessage,
  vectorConsensus,
} from '@mc/acs'
import {
  type AvidMMessage,
  type AvidMRetrievalMessage,
  avidMDispersal,
  avidMRetrieval,
  merkleCommitment,
} from '@mc/avid'
import { nodeCrypto } from '@mc/crypto/node'
import { peer } from '@mc/protocol'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encryptionKeys } from './encryption-keys.js'
import { type PlainMessage, plainSubset } from './plain-subset.js'
import { roundTrips } from './round-trips.js'
import { abaMessage, anyPeer, rbcMessage } from './stub-messages.js'
import { type StubAbaMessage, type StubRbcMessage, stubAba, stubRbc } from './stub-parts.js'

const { sha256 } = nodeCrypto
const vectors: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('layers.vectors.json', import.meta.url), 'utf8'),
)

type Mvc = RitasMvcMessage<StubRbcMessage, StubAbaMessage>

const key = encryptionKeys(4)[0] as EncryptionKey
const commitment = merkleCommitment({ sha256, payloadBytesMax: 64 })
const mvcPart = ritasMvc({ rbc: stubRbc(), aba: stubAba() })

const encrypted: Codec<EncryptedSubsetMessage<PlainMessage>> = encryptedSubset({
  acs: plainSubset(64),
  key,
  sha256,
}).codec({ n: 4 })
const mvc: Codec<Mvc> = mvcPart.codec({ n: 4 })
const vector: Codec<VectorConsensusMessage<StubRbcMessage, Mvc>> = vectorConsensus({
  rbc: stubRbc(),
  mvc: mvcPart,
}).codec({ n: 7 })
const dispersed: Codec<DispersedSubsetMessage<AvidMMessage, AvidMRetrievalMessage, StubAbaMessage>> =
  dispersedSubset({
    dispersal: avidMDispersal({ commitment }),
    retrieval: avidMRetrieval({ commitment }),
    aba: stubAba(),
  }).codec({ n: 4 })

const spoil: StubRbcMessage = { type: 'spoil' }
const decide: StubAbaMessage = { type: 'decide', bit: 1 }
const root = new Uint8Array(32).fill(7)

const examples: Readonly<Record<string, readonly (readonly [Codec<never>, unknown])[]>> = {
  'acs/encrypted': [
    [encrypted as Codec<never>, { type: 'acs', message: { payload: Uint8Array.of(1, 2) } }],
    [encrypted as Codec<never>, { type: 'shares', shares: [] }],
    [encrypted as Codec<never>, { type: 'shares', shares: [new Uint8Array(key.scheme.shareBytes).fill(9)] }],
  ],
  'mvc/ritas': [
    [mvc as Codec<never>, { type: 'init', proposer: peer(2), message: spoil }],
    [mvc as Codec<never>, { type: 'vect', proposer: peer(3), message: spoil }],
    [mvc as Codec<never>, { type: 'aba', message: decide }],
  ],
  'acs/vector': [
    [vector as Codec<never>, { type: 'rbc', proposer: peer(6), message: spoil }],
    [vector as Codec<never>, { type: 'mvc', iteration: 2, message: { type: 'aba', message: decide } }],
  ],
  'acs/dispersed': [
    [dispersed as Codec<never>, { type: 'dispersal', proposer: peer(1), message: { type: 'ready', root } }],
    [dispersed as Codec<never>, { type: 'retrieval', proposer: peer(2), message: { type: 'requestchunk' } }],
    [dispersed as Codec<never>, { type: 'aba', proposer: peer(3), message: decide }],
  ],
}

describe.each(Object.keys(examples))('wire: %s, version 1', name => {
  test('golden vectors: one of each kind', () => {
    const cases = examples[name] as readonly (readonly [Codec<never>, unknown])[]
    expect(cases.map(([codec, message]) => hex(codec.encode(message as never)))).toEqual(vectors[name])
    for (const [codec, message] of cases) {
      expect(codec.decode(codec.encode(message as never))).toEqual(message)
    }
  })
})

test('encode → decode → equal, and decode → encode → the same bytes', () => {
  const four = anyPeer(4)
  const word: fc.Arbitrary<Mvc> = fc.oneof(
    fc.record({
      type: fc.constantFrom('init' as const, 'vect' as const),
      proposer: four,
      message: rbcMessage,
    }),
    fc.record({ type: fc.constant('aba' as const), message: abaMessage }),
  )
  roundTrips(mvc, word)
  roundTrips(
    vector,
    fc.oneof(
      fc.record({ type: fc.constant('rbc' as const), proposer: anyPeer(7), message: rbcMessage }),
      fc.record({ type: fc.constant('mvc' as const), iteration: fc.nat(2), message: word }),
    ),
  )
  const share = fc.uint8Array({ minLength: key.scheme.shareBytes, maxLength: key.scheme.shareBytes })
  roundTrips(
    encrypted,
    fc.oneof(
      fc.record({
        type: fc.constant('acs' as const),
        message: fc.record({ payload: fc.uint8Array({ maxLength: 64 }) }),
      }),
      fc.record({ type: fc.constant('shares' as const), shares: fc.array(share, { maxLength: 4 }) }),
    ),
  )
})

test('unknown kinds, too many shares, and iterations over f are refused', () => {
  expect(() => encrypted.decode(fromHex('02'))).toThrow('unknown kind 2')
  expect(() => encrypted.decode(fromHex('0105'))).toThrow('length 5 over 4')
  expect(() => vector.decode(fromHex('0103'))).toThrow('integer 3 over 2')
  expect(() => mvc.decode(fromHex('0004'))).toThrow('integer 4 over 3')
  expect(() => dispersed.decode(fromHex('03'))).toThrow(DecodeError)
})
