/**
 * Values of a state as JSON: bytes in hexadecimal, what is not there left out.
 */
import { hex } from '@mc/protocol/wire'

/** JSON, as people and programs read it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** The JSON form of a value made of records, lists, texts, whole numbers and bytes. */
export function plainJson(value: unknown): Json {
  if (value instanceof Uint8Array) return hex(value)
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(plainJson)
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    return Object.fromEntries(fields.map(([name, field]) => [name, plainJson(field)]))
  }
  return (value ?? null) as Json
}
