import { readFileSync } from 'node:fs'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { type KeyStatement, keyOperations, PART_BYTES_MAX, readKeyStatement, signKeyStatement } from '@mc/dkg'
import { BODY_BYTES_MAX, operationCodec, signOperation } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import { expect, test } from 'vitest'
import { type GenerationEvent, generationEventCodec } from '../../src/network/generation.js'
import { REALM, secretOf } from './keyed-network.js'

const vectors = JSON.parse(readFileSync(new URL('network.vectors.json', import.meta.url), 'utf8'))
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (17 * at + 3) & 0xff)
const isAboutKeys = keyOperations(REALM)

const statements: Readonly<Record<string, KeyStatement>> = {
  box: { type: 'box', generation: bytes(32), boxKey: bytes(32) },
  part: { type: 'part', generation: bytes(32), need: 1, bytes: bytes(9) },
}

const events: Readonly<Record<string, GenerationEvent>> = {
  box: { type: 'box', member: 2, clock: 300, key: bytes(32) },
  open: { type: 'open' },
  part: { type: 'part', member: 3, need: 1, bytes: bytes(9) },
}

const signed = (statement: KeyStatement): Uint8Array =>
  signKeyStatement(statement, { realm: REALM, created: 7 }, secretOf('ann'), crypto)

test('operations about keys have these bytes', () => {
  const encoded = Object.fromEntries(
    Object.entries(statements).map(([name, one]) => [name, hex(signed(one))]),
  )
  expect(encoded).toEqual(vectors.statements)
})

test('what happened in a generation has these bytes', () => {
  const encoded = Object.entries(events).map(([name, one]) => [name, hex(generationEventCodec.encode(one))])
  expect(Object.fromEntries(encoded)).toEqual(vectors.events)
})

test('what was said is what is read', () => {
  for (const statement of Object.values(statements)) {
    expect(readKeyStatement(operationCodec.decode(signed(statement)))).toEqual(statement)
  }
})

test('an operation about keys is told by how it begins: for this network, and of these kinds', () => {
  const { body } = operationCodec.decode(signed(statements['box'] as KeyStatement))
  const of = (realm: string, kind: string) =>
    signOperation({ realm, kind, created: 0, body }, secretOf('ann'), crypto)
  expect(isAboutKeys(of(REALM, 'key.box'))).toBe(true)
  expect(isAboutKeys(of(REALM, 'key.part'))).toBe(true)
  expect(isAboutKeys(of(REALM, 'key.parts'))).toBe(false)
  expect(isAboutKeys(of(REALM, 'comment'))).toBe(false)
  expect(isAboutKeys(of('town', 'key.box'))).toBe(false)
  expect(isAboutKeys(new Uint8Array(3))).toBe(false)
})

test('a body that says nothing is read as nothing', () => {
  const operation = operationCodec.decode(signed(statements['part'] as KeyStatement))
  for (let length = 0; length < operation.body.length; length += 1) {
    expect(readKeyStatement({ ...operation, body: operation.body.subarray(0, length) })).toBeUndefined()
  }
  expect(readKeyStatement({ ...operation, body: bytes(200) })).toBeUndefined()
})

test('the largest part of a generation fits the body of an operation', () => {
  const part = signed({
    type: 'part',
    generation: bytes(32),
    need: 255,
    bytes: new Uint8Array(PART_BYTES_MAX),
  })
  expect(operationCodec.decode(part).body.length).toBeLessThanOrEqual(BODY_BYTES_MAX)
})
