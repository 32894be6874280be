/**
 * Parameters of requests: each is read strictly, and a wrong one is named.
 */
import { fromHex } from '@mc/protocol/wire'
import { ApiError } from './api-error.js'

/** Query or path parameters, as they came. */
export type Parameters = Readonly<Record<string, unknown>>

/** 32 bytes in hexadecimal. @throws ApiError 400 */
export function digestParameter(parameters: Parameters, name: string): Uint8Array {
  const value = parameters[name]
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value))
    throw bad(name, 'need 64 hexadecimal digits in lower case')
  return fromHex(value)
}

/** A whole number from 0, or `fallback` if it is missing. @throws ApiError 400 */
export function numberParameter(parameters: Parameters, name: string, fallback?: number): number {
  const value = parameters[name] ?? (fallback === undefined ? undefined : String(fallback))
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) throw bad(name, 'need a whole number from 0')
  return Number(value)
}

/** How many items a page may have: 1 to `max`. @throws ApiError 400 */
export function limitParameter(parameters: Parameters, fallback: number, max: number): number {
  const limit = numberParameter(parameters, 'limit', fallback)
  if (limit < 1 || limit > max) throw bad('limit', `need 1 to ${max}`)
  return limit
}

const bad = (field: string, message: string): ApiError =>
  new ApiError(400, 'api/bad-parameter', `${field}: ${message}`, field)
