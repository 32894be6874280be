import { readFileSync } from 'node:fs'
import { epochs } from '@mc/abc'
import { epoch } from '@mc/protocol'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stubAcs } from '../stub-acs.js'
import { announce, type Message, payload, ping, pong } from './member.js'

const vectors: Record<string, string> = JSON.parse(
  readFileSync(new URL('messages.vectors.json', import.meta.url), 'utf8'),
)

const codec = epochs({ acs: stubAcs(), senderQueueBytesMax: 0 }).codec({ n: 4 })

const named: Record<string, Message> = {
  'announce 0': announce(0),
  'announce 300': announce(300),
  'announce 2^53 − 1': announce(2 ** 53 - 1),
  'payload of epoch 1': payload(1, 'abc'),
  'ping of epoch 128': ping(128),
  'pong of epoch 0': pong(0),
}

test('the wire format is kind, epoch, message of the common subset', () => {
  expect(
    Object.fromEntries(Object.entries(named).map(([name, message]) => [name, hex(codec.encode(message))])),
  ).toEqual(vectors)
  for (const [name, bytes] of Object.entries(vectors))
    expect(codec.decode(fromHex(bytes))).toEqual(named[name])
})

test.each([
  ['an unknown kind', '0200'],
  ['an epoch that is not minimal', '008000'],
  ['an epoch over 2^53 − 1', '00ffffffffffffff7f'],
  ['trailing bytes', '000000'],
  ['an epoch without a message', '0101'],
  ['nothing', ''],
])('%s is not decoded', (_, bytes) => {
  expect(() => codec.decode(fromHex(bytes))).toThrow(DecodeError)
})

test('what is decoded is its own encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), bytes => {
      let message: Message
      try {
        message = codec.decode(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
        return
      }
      expect(hex(codec.encode(message))).toBe(hex(bytes))
    }),
    { seed: 2, numRuns: 5000 },
  )
})

test('an epoch is encoded up to 2^53 − 1', () => {
  expect(codec.decode(codec.encode(announce(2 ** 53 - 1))).epoch).toBe(epoch(2 ** 53 - 1))
})
