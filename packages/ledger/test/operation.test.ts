import {
  BODY_BYTES_MAX,
  checkOperation,
  encodeBody,
  OPERATION_BYTES_MAX,
  OperationJsonError,
  operationCodec,
  operationFromJson,
  operationId,
  operationIds,
  operationToJson,
  signedOperations,
  signOperation,
  type UnsignedOperation,
} from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crypto, publicOf, secretOf, sha256, signed } from './network-of.js'
import { vectors } from './vectors.js'

const note: UnsignedOperation = {
  realm: 'village',
  kind: 'topic.open',
  created: 1_700_000_000_000,
  body: encodeBody({ title: '修桥', budget: 1_200, tags: ['road'] }),
}
const encoded = signOperation(note, secretOf('ann'), crypto)
const ruleOf = (bytes: Uint8Array, realm = 'village'): string => {
  const checked = checkOperation(bytes, realm, crypto)
  return 'refusal' in checked ? checked.refusal.rule : 'taken'
}
const resigned = (change: Partial<UnsignedOperation>): Uint8Array =>
  signOperation({ ...note, ...change }, secretOf('ann'), crypto)

describe('signing', () => {
  test('a signed operation is taken, and says who its author is', () => {
    const checked = checkOperation(encoded, 'village', crypto)
    expect('operation' in checked && checked.operation).toEqual(operationCodec.decode(encoded))
    expect('operation' in checked && checked.operation.author).toEqual(publicOf('ann'))
  })

  test('the golden vector: bytes, id, JSON', () => {
    expect(hex(encoded)).toBe(vectors.operation.encoded)
    expect(hex(operationId(encoded, sha256))).toBe(vectors.operation.id)
    expect(operationToJson(operationCodec.decode(encoded))).toEqual(vectors.operation.json)
    expect(hex(operationFromJson(vectors.operation.json))).toBe(vectors.operation.encoded)
  })

  test('the id does not depend on the signature: one intent has one id', () => {
    const other = encoded.slice()
    other.fill(7, other.length - 64)
    expect(operationId(other, sha256)).toEqual(operationId(encoded, sha256))
  })

  test('the id depends on every other byte', () => {
    const id = hex(operationId(encoded, sha256))
    for (let at = 0; at < encoded.length - 64; at += 1) {
      const other = encoded.slice()
      other[at] = other[at]! ^ 1
      expect(hex(operationId(other, sha256))).not.toBe(id)
    }
  })

  test('any bytes have an id, and many ids cost the domain once', () => {
    for (const length of [0, 1, 63, 64, 65])
      expect(operationId(new Uint8Array(length), sha256)).toHaveLength(32)
    expect(operationIds(sha256)(encoded)).toEqual(operationId(encoded, sha256))
  })

  test('a field over its bound is the caller’s mistake', () => {
    for (const change of [
      { realm: 'r'.repeat(65) },
      { kind: 'k'.repeat(33) },
      { created: -1 },
      { body: new Uint8Array(BODY_BYTES_MAX + 1) },
    ]) {
      expect(() => resigned(change)).toThrow(RangeError)
    }
  })

  test('the largest operation is within its bound', () => {
    const largest = signOperation(
      {
        realm: 'r'.repeat(64),
        kind: 'k'.repeat(32),
        created: Number.MAX_SAFE_INTEGER,
        body: new Uint8Array(BODY_BYTES_MAX),
      },
      secretOf('ann'),
      crypto,
    )
    expect(largest.length).toBeLessThanOrEqual(OPERATION_BYTES_MAX)
    expect(ruleOf(largest, 'r'.repeat(64))).toBe('taken')
  })
})

describe('refusals', () => {
  test('bytes that are no operation are malformed', () => {
    expect(ruleOf(Uint8Array.of())).toBe('ledger/malformed-operation')
    expect(ruleOf(encoded.subarray(1))).toBe('ledger/malformed-operation')
    expect(ruleOf(Uint8Array.of(...encoded, 0))).toBe('ledger/malformed-operation')
  })

  test('an operation for another network has the wrong realm', () => {
    expect(ruleOf(encoded, 'city')).toBe('ledger/wrong-realm')
  })

  test.each(['', 'Vote', '9lives', 'a b', 'a/b', 'é', '.x', '-x'])('%j is no kind', kind => {
    expect(ruleOf(resigned({ kind }))).toBe('ledger/bad-kind')
  })

  test.each(['a', 'topic.open', 'vote-2'])('%j is a kind', kind => {
    expect(ruleOf(resigned({ kind }))).toBe('taken')
  })

  test('a signature is the author’s under this operation, or it is wrong', () => {
    const stolen = encoded.slice()
    expect(ruleOf(stolen)).toBe('taken')
    stolen.set(publicOf('bob'), hex(stolen).indexOf(hex(publicOf('ann'))) / 2)
    expect(ruleOf(stolen)).toBe('ledger/wrong-signature')
    const altered = encoded.slice()
    altered[altered.length - 65] = altered[altered.length - 65]! ^ 1
    expect(ruleOf(altered)).toBe('ledger/wrong-signature')
  })

  test('no single changed byte is ever taken', () => {
    for (let at = 0; at < encoded.length; at += 1) {
      const other = encoded.slice()
      other[at] = other[at]! ^ 0x01
      expect(ruleOf(other)).not.toBe('taken')
    }
  })

  test('any bytes at all give an operation or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => ruleOf(bytes).startsWith('ledger/')),
      { seed: 4, numRuns: 500 },
    )
  })
})

describe('signed operations as a format', () => {
  test('a verified operation is not verified again, and an altered signature is never taken for it', () => {
    let verifications = 0
    const counting = {
      sha256,
      ed25519: {
        ...crypto.ed25519,
        verify: (...args: Parameters<typeof crypto.ed25519.verify>) => {
          verifications += 1
          return crypto.ed25519.verify(...args)
        },
      },
    }
    const format = signedOperations({ realm: 'village', crypto: counting })
    expect(format.check(encoded)).toEqual({ author: publicOf('ann') })
    expect(format.check(encoded)).toEqual({ author: publicOf('ann') })
    expect(verifications).toBe(1)
    const forged = encoded.slice()
    forged[forged.length - 1] = forged[forged.length - 1]! ^ 1
    expect(format.check(forged)).toHaveProperty('refusal.rule', 'ledger/wrong-signature')
    expect(verifications).toBe(2)
  })
})

describe('operations in JSON', () => {
  const json = operationToJson(operationCodec.decode(encoded))

  test('JSON and bytes are the same operation', () => {
    expect(operationFromJson(json)).toEqual(encoded)
    expect(operationFromJson(JSON.parse(JSON.stringify(json)))).toEqual(encoded)
  })

  test('the order of keys does not matter: a value has one encoding', () => {
    expect(encodeBody({ b: 1, a: [true, null] })).toEqual(encodeBody({ a: [true, null], b: 1 }))
  })

  test('any JSON survives', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), body => {
        const bytes = signOperation({ ...note, body: encodeBody(body) }, secretOf('ann'), crypto)
        const shown = operationToJson(operationCodec.decode(bytes))
        expect(hex(operationFromJson(shown))).toBe(hex(bytes))
      }),
      { seed: 5, numRuns: 100 },
    )
  })

  test.each([
    ['realm', { realm: 7 }, 'need a text of 1 to 64 bytes, got 7'],
    ['realm', { realm: '' }, 'need a text of 1 to 64 bytes, got the text ""'],
    ['realm', { realm: '村'.repeat(22) }, 'need a text of 1 to 64 bytes, got the text'],
    ['realm', { realm: '\ud800' }, 'need a text of 1 to 64 bytes, got the text'],
    ['kind', { kind: 'k'.repeat(33) }, 'need a text of 1 to 32 bytes'],
    ['kind', { kind: undefined }, 'got nothing'],
    ['author', { author: 'AB'.repeat(32) }, 'need 64 hexadecimal digits in lower case'],
    ['author', { author: 'ab' }, 'need 64 hexadecimal digits in lower case, got the text "ab"'],
    ['created', { created: '2024' }, 'need milliseconds since 1970 as a whole number, got the text "2024"'],
    ['created', { created: 1.5 }, 'got 1.5'],
    ['created', { created: -1 }, 'got -1'],
    ['created', { created: null }, 'got null'],
    ['signature', { signature: [] }, 'need 128 hexadecimal digits in lower case, got a list of 0'],
    ['body', { body: undefined }, 'need a JSON value, got undefined'],
    ['body', { body: Number.NaN }, 'need a JSON value, got number'],
    ['body', { body: 'x'.repeat(BODY_BYTES_MAX + 1) }, 'shorten or split it'],
    ['body', { body: { note: '\udc00' } }, 'need whole characters, got half of one'],
    ['body', { body: { '\udc00': 1 } }, 'need whole characters, got half of one'],
  ])('a wrong %s is named (%#)', (field, change, message) => {
    const error = errorOf(() => operationFromJson({ ...json, ...change }))
    expect(error).toBeInstanceOf(OperationJsonError)
    expect(error).toMatchObject({ field, message: expect.stringContaining(message) })
    expect(error.message.length).toBeLessThan(200)
  })

  test('nesting ends somewhere', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
    expect(() => encodeBody(nested(32))).not.toThrow()
    expect(() => encodeBody(nested(33))).toThrow('body: nested deeper than 32')
  })

  test.each([undefined, null, 7, 'text', []])('%j is no object', value => {
    expect(() => operationFromJson(value)).toThrow(/^operation: need an object with realm, kind/)
  })

  test('a body that is not JSON shows as hexadecimal', () => {
    const bytes = signOperation({ ...note, body: utf8('not cbor') }, secretOf('ann'), crypto)
    expect(operationToJson(operationCodec.decode(bytes)).body).toEqual({ $hex: hex(utf8('not cbor')) })
  })

  test('what the test network signs is taken', () => {
    expect(ruleOf(signed('bob', 'hello'))).toBe('taken')
  })
})

function errorOf(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
