/**
 * Operations as people and web pages write them: JSON with hexadecimal keys and a body of any JSON value.
 *
 * The body becomes dag-cbor, which gives each value exactly one encoding, so what is signed does not depend on spaces or
 * on the order of keys.
 */
import * as dagCbor from '@ipld/dag-cbor'
import { fromHex, hex } from '@mc/protocol/wire'
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OperationJsonError(
      'operation',
      'need an object with realm, kind, author, created, body, signature',
    )
  }
  const fields = value as Readonly<Record<string, unknown>>
  const operation: Operation = {
    realm: string(fields, 'realm', 64),
    kind: string(fields, 'kind', 32),
    author: hexadecimal(fields, 'author', 32),
    created: moment(fields, 'created'),
    body: encodeBody(fields['body']),
    signature: hexadecimal(fields, 'signature', 64),
  }
  return encoded(operation)
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
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (Array.isArray(value)) {
    for (const item of value) requireJson(item, depth + 1)
  } else if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const item of Object.values(value)) requireJson(item, depth + 1)
  } else throw new OperationJsonError('body', `need a JSON value, got ${typeof value}`)
}

type Fields = Readonly<Record<string, unknown>>

function string(fields: Fields, name: string, max: number): string {
  const value = fields[name]
  if (typeof value !== 'string' || value.length === 0 || value.length > max) {
    throw new OperationJsonError(name, `need a text of 1 to ${max} characters`)
  }
  return value
}

function hexadecimal(fields: Fields, name: string, length: number): Uint8Array {
  const value = fields[name]
  if (typeof value !== 'string' || value.length !== 2 * length || !/^[0-9a-f]*$/.test(value)) {
    throw new OperationJsonError(name, `need ${2 * length} hexadecimal digits in lower case`)
  }
  return fromHex(value)
}

function moment(fields: Fields, name: string): number {
  const value = fields[name]
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new OperationJsonError(name, 'need milliseconds since 1970 as a whole number')
  }
  return value as number
}

function encoded(operation: Operation): Uint8Array {
  try {
    return operationCodec.encode(operation)
  } catch (error) {
    throw new OperationJsonError('operation', error instanceof Error ? error.message : String(error))
  }
}
