/**
 * Operations as people and web pages write them: JSON with hexadecimal keys and a body of any JSON value.
 *
 * The body becomes dag-cbor, which gives each value exactly one encoding, so what is signed does not depend on spaces or
 * on the order of keys.
 */
import * as dagCbor from '@ipld/dag-cbor'
import { hex } from '@mc/protocol/wire'
import { hasLoneSurrogate, JsonFields } from './json-fields.js'
import { BODY_BYTES_MAX, type Operation, operationCodec } from './operation.js'

/** An operation in JSON. `author` and `signature` are lower-case hexadecimal. */
export interface OperationJson {
  readonly realm: string
  readonly kind: string
  readonly author: string
  readonly created: number
  readonly body: unknown
  readonly signature: string
}

/** What is wrong with JSON that should be an operation, and in which field. */
export class OperationJsonError extends Error {
  override readonly name = 'OperationJsonError'
  readonly field: string

  constructor(field: string, message: string) {
    super(`${field}: ${message}`)
    this.field = field
  }
}

/** Deepest nesting of a body. */
const DEPTH_MAX = 32

/**
 * The encoded operation that a JSON value describes.
 *
 * @throws OperationJsonError that names the field, what was wrong, and what is wanted.
 */
export function operationFromJson(value: unknown): Uint8Array {
  const fields = new JsonFields(value, (field, wanted) => new OperationJsonError(field, wanted), {
    path: '',
    what: 'operation',
    wanted: 'an object with realm, kind, author, created, body, signature',
  })
  return operationCodec.encode({
    realm: fields.text('realm', 64),
    kind: fields.text('kind', 32),
    author: fields.bytes('author', 32),
    created: fields.natural('created', { wanted: 'milliseconds since 1970 as a whole number' }),
    body: encodeBody(fields.value('body')),
    signature: fields.bytes('signature', 64),
  })
}

/** The JSON form of an operation. A body that is not JSON shows as `{ "$hex": "…" }`. */
export function operationToJson({ realm, kind, author, created, body, signature }: Operation): OperationJson {
  return { realm, kind, author: hex(author), created, body: decodeBody(body), signature: hex(signature) }
}

/**
 * A JSON value as the body of an operation.
 *
 * @throws OperationJsonError if it is not JSON, nested too deep, or over 64 KiB.
 */
export function encodeBody(value: unknown): Uint8Array {
  requireJson(value, 0)
  const body = dagCbor.encode(value)
  if (body.length > BODY_BYTES_MAX) {
    throw new OperationJsonError(
      'body',
      `${body.length} bytes, need at most ${BODY_BYTES_MAX}: shorten or split it`,
    )
  }
  return body
}

function decodeBody(body: Uint8Array): unknown {
  try {
    const value: unknown = dagCbor.decode(body)
    requireJson(value, 0)
    return value
  } catch {
    return { $hex: hex(body) }
  }
}

function requireJson(value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new OperationJsonError('body', `nested deeper than ${DEPTH_MAX}`)
  if (typeof value === 'string') return requireText(value)
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (Array.isArray(value)) {
    for (const item of value) requireJson(item, depth + 1)
  } else if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) {
      requireText(key)
      requireJson(item, depth + 1)
    }
  } else throw new OperationJsonError('body', `need a JSON value, got ${typeof value}`)
}

// Encoders replace half of a surrogate pair by a mark, so what is signed would not be what was written.
function requireText(text: string): void {
  if (hasLoneSurrogate(text)) throw new OperationJsonError('body', 'need whole characters, got half of one')
}
