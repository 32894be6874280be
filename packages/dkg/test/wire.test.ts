import { readFileSync } from 'node:fs'
import type { CoinShareMessage } from '@mc/coin'
import { sealedBoxes } from '@mc/crypto/dkg'
import { type DyxMessage, dyxAdkg } from '@mc/dkg'
import { peer } from '@mc/protocol'
import { type Codec, DecodeError, hex } from '@mc/protocol/wire'
import { type QuadraticMessage, quadraticAba } from '@mc/raba'
import { type BrachaMessage, brachaRbc } from '@mc/rbc'
import { expect, test } from 'vitest'
import { fastGroup as group, isDealing, Log, rngOf, sha256 } from './log.js'

const vectors = JSON.parse(readFileSync(new URL('dkg.vectors.json', import.meta.url), 'utf8'))
const boxes = sealedBoxes({ group, sha256 })

type Message = DyxMessage<BrachaMessage, QuadraticMessage<CoinShareMessage>>

const dyx: Codec<Message> = dyxAdkg({
  group,
  sha256,
  boxes,
  boxSecretKey: boxes.generate(rngOf('key')).secretKey,
  rng: rngOf('rng'),
  rbc: brachaRbc({ sha256, payloadBytesMax: 1_000 }),
  aba: coin => quadraticAba({ coin }),
}).codec({ n: 4 }) as Codec<Message>

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (17 * at + 3) & 0xff)

const messages: Readonly<Record<string, Message>> = {
  dealing: {
    type: 'sharing',
    dealer: peer(2),
    message: { type: 'rbc', message: { type: 'send', payload: bytes(5) } },
  },
  ok: { type: 'sharing', dealer: peer(0), message: { type: 'ok' } },
  ready: { type: 'sharing', dealer: peer(3), message: { type: 'ready' } },
  implicate: {
    type: 'sharing',
    dealer: peer(1),
    message: { type: 'implicate', disclosed: bytes(boxes.disclosureBytes) },
  },
  reveal: { type: 'sharing', dealer: peer(1), message: { type: 'reveal', share: bytes(8) } },
  'key-set': { type: 'key-set', proposer: peer(1), message: { type: 'send', payload: bytes(1) } },
  aba: { type: 'aba', proposer: peer(1), message: { type: 'prevote', round: 0 as never, bit: 1 } },
  coin: {
    type: 'aba',
    proposer: peer(3),
    message: { type: 'coin', round: 1 as never, message: { share: bytes(32) } },
  },
  derive: { type: 'derive', element: bytes(8), proof: bytes(24) },
}

test('every message has the bytes that it always had, and comes back from them', () => {
  const encoded = Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [name, hex(dyx.encode(message))]),
  )
  expect(encoded).toEqual(vectors.messages)
  for (const message of Object.values(messages)) expect(dyx.decode(dyx.encode(message))).toEqual(message)
})

test('what is cut short or goes on is no message', () => {
  for (const message of Object.values(messages)) {
    const whole = dyx.encode(message)
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => dyx.decode(whole.subarray(0, length))).toThrow(DecodeError)
    }
    expect(() => dyx.decode(Uint8Array.of(...whole, 0))).toThrow(DecodeError)
  }
})

test('kinds that are none and members outside the committee are refused', () => {
  for (const bad of [
    [4, 0],
    [0, 4, 1],
    [0, 0, 5],
    [1, 4],
    [2, 4],
  ]) {
    expect(() => dyx.decode(Uint8Array.from(bad))).toThrow(DecodeError)
  }
})

test('operations have the bytes that they always had', () => {
  const log = new Log({ group, boxes })
  log.generate()
  log.run()
  const operations = log.history.flat()
  const first = (wanted: boolean): Uint8Array =>
    operations.find(operation => isDealing(operation) === wanted)?.bytes as Uint8Array
  expect({ dealing: hex(first(true)), acknowledgement: hex(first(false)) }).toEqual(vectors.operations)
})

test('operations are as long as was said, and no longer: what a proposal must have room for', () => {
  for (const n of [4, 7, 10]) {
    const log = new Log({ group, boxes, n })
    log.generate()
    log.run()
    const longest = Math.max(...log.history.flat().map(({ bytes: one }) => one.length))
    expect(longest).toBeLessThanOrEqual(log.operationBytesMax)
    expect(longest).toBeGreaterThan(0.9 * log.operationBytesMax)
  }
})
