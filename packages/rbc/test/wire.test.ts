import { readFileSync } from 'node:fs'
import { merkleCommitment } from '@mc/avid'
import { nodeCrypto } from '@mc/crypto/node'
import { type Codec, DecodeError, fromHex, hex } from '@mc/protocol/wire'
import {
  type BrachaMessage,
  brachaRbc,
  type CtMessage,
  ctRbc,
  type HashBrachaMessage,
  hashBrachaRbc,
} from '@mc/rbc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const { sha256 } = nodeCrypto
const payloadBytesMax = 64

interface Vector {
  readonly what: string
  readonly n: number
  /** The message, its byte strings in hexadecimal. */
  readonly message: Readonly<Record<string, string>>
  readonly bytes: string
}
const vectors: Readonly<Record<'bracha' | 'hash-bracha' | 'ct', readonly Vector[]>> = JSON.parse(
  readFileSync(new URL('wire.vectors.json', import.meta.url), 'utf8'),
)
const messageOf = ({ message }: Vector): unknown =>
  Object.fromEntries(
    Object.entries(message).map(([name, field]) => [name, name === 'type' ? field : fromHex(field)]),
  )

const bracha = (): Codec<BrachaMessage> => brachaRbc({ sha256, payloadBytesMax }).codec({ n: 4 })
const hashBracha = (): Codec<HashBrachaMessage> => hashBrachaRbc({ sha256, payloadBytesMax }).codec({ n: 4 })
const ct = (n: number): Codec<CtMessage> => ctRbc({ sha256, payloadBytesMax }).codec({ n })

const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const seeded = { seed: 20_231, numRuns: Number(process.env['MC_SEEDS'] ?? 300) }

const brachaMessage: fc.Arbitrary<BrachaMessage> = fc.oneof(
  fc.record({ type: fc.constantFrom('send' as const, 'echo' as const), payload: bytes(payloadBytesMax) }),
  fc.record({ type: fc.constant('ready' as const), digest: exactly(32) }),
)
/** Four members: k = 2, shards of at most ⌈(4 + 64) / 2⌉ bytes, proofs of two siblings. */
const ctMessage: fc.Arbitrary<CtMessage> = fc.oneof(
  fc.record({
    type: fc.constantFrom('val' as const, 'echo' as const),
    root: exactly(32),
    shard: bytes(34),
    proof: exactly(64),
  }),
  fc.record({ type: fc.constant('ready' as const), root: exactly(32) }),
)

/** Both ways, and no byte string is accepted that is not the encoding of what it decodes to. */
function isStrict<Message>(codec: Codec<Message>, message: fc.Arbitrary<Message>): void {
  fc.assert(
    fc.property(message, value => {
      expect(codec.decode(codec.encode(value))).toEqual(value)
    }),
    seeded,
  )
  fc.assert(
    fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, mask) => {
      const encoded = codec.encode(value)
      encoded[at % encoded.length] = (encoded[at % encoded.length] as number) ^ mask
      let decoded: Message
      try {
        decoded = codec.decode(encoded)
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
        return
      }
      expect(codec.encode(decoded)).toEqual(encoded)
    }),
    seeded,
  )
}

describe('wire: rbc/bracha, version 1', () => {
  test.each(vectors.bracha.map(vector => [vector.what, vector] as const))('%s', (_, vector) => {
    expect(hex(bracha().encode(messageOf(vector) as BrachaMessage))).toBe(vector.bytes)
    expect(bracha().decode(fromHex(vector.bytes))).toEqual(messageOf(vector))
  })

  test('encode → decode → equal, and decode → encode → the same bytes', () => {
    isStrict(bracha(), brachaMessage)
  })

  test('a payload over payloadBytesMax is refused before anything is read', () => {
    for (const kind of ['00', '01'])
      expect(() => bracha().decode(fromHex(`${kind}41`))).toThrow('length 65 over 64')
  })

  test('unknown kinds, truncation and trailing bytes are refused', () => {
    expect(() => bracha().decode(fromHex('0300'))).toThrow('unknown kind 3')
    expect(() => bracha().decode(fromHex('000201'))).toThrow(DecodeError)
    expect(() => bracha().decode(fromHex('00010102'))).toThrow('1 trailing bytes')
    expect(() => bracha().decode(fromHex('02'.repeat(32)))).toThrow(DecodeError)
  })
})

describe('wire: rbc/hash-bracha, version 1', () => {
  test.each(vectors['hash-bracha'].map(vector => [vector.what, vector] as const))('%s', (_, vector) => {
    expect(hex(hashBracha().encode(messageOf(vector) as HashBrachaMessage))).toBe(vector.bytes)
    expect(hashBracha().decode(fromHex(vector.bytes))).toEqual(messageOf(vector))
  })

  test('encode → decode → equal, and decode → encode → the same bytes', () => {
    const message: fc.Arbitrary<HashBrachaMessage> = fc.oneof(
      fc.record({ type: fc.constantFrom('send' as const, 'body' as const), payload: bytes(payloadBytesMax) }),
      fc.record({ type: fc.constantFrom('echo' as const, 'ready' as const), digest: exactly(32) }),
      fc.record({ type: fc.constant('pull' as const) }),
    )
    isStrict(hashBracha(), message)
  })

  test('a payload over its cap, unknown kinds, truncation and trailing bytes are refused', () => {
    for (const kind of ['00', '04']) {
      expect(() => hashBracha().decode(fromHex(`${kind}41`))).toThrow('length 65 over 64')
    }
    expect(() => hashBracha().decode(fromHex('05'))).toThrow('unknown kind 5')
    expect(() => hashBracha().decode(fromHex('0300'))).toThrow('1 trailing bytes')
    expect(() => hashBracha().decode(fromHex('01'.repeat(32)))).toThrow(DecodeError)
  })
})

describe('wire: rbc/ct, version 1', () => {
  test.each(vectors.ct.map(vector => [vector.what, vector] as const))('%s', (_, vector) => {
    expect(hex(ct(vector.n).encode(messageOf(vector) as CtMessage))).toBe(vector.bytes)
    expect(ct(vector.n).decode(fromHex(vector.bytes))).toEqual(messageOf(vector))
  })

  test('encode → decode → equal, and decode → encode → the same bytes', () => {
    isStrict(ct(4), ctMessage)
  })

  test('a shard longer than that of the largest payload with the fewest data shards is refused before it is read', () => {
    const root = '00'.repeat(32)
    // k = n − 2f is 2 of 4, 3 of 5 and 5 of 13, with f the most that n can tolerate.
    for (const [n, shardBytes] of [
      [4, 34],
      [5, 23],
      [13, 14],
    ] as const) {
      const over = (shardBytes + 1).toString(16).padStart(2, '0')
      expect(() => ct(n).decode(fromHex(`00${root}${over}`))).toThrow(`over ${shardBytes}`)
    }
  })

  test('the largest payload fits the codec at every size', () => {
    for (let n = 1; n <= 16; n += 1) {
      for (let f = 0; n >= 3 * f + 1; f += 1) {
        const coding = merkleCommitment({ sha256, payloadBytesMax }).among({ n, f })
        const shard = coding.encode(new Uint8Array(payloadBytesMax)).shardOf(n - 1)
        expect(ct(n).decode(ct(n).encode({ type: 'val', ...shard }))).toEqual({ type: 'val', ...shard })
      }
    }
  })

  test('a proof has exactly the length that n asks for', () => {
    const message = {
      type: 'echo' as const,
      root: new Uint8Array(32),
      shard: Uint8Array.of(1),
      proof: new Uint8Array(64),
    }
    expect(() => ct(8).encode(message)).toThrow(RangeError)
    expect(() => ct(8).decode(ct(4).encode(message))).toThrow(DecodeError)
  })
})
