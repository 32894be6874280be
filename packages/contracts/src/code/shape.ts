/**
 * Shapes: how a value becomes a field of an action, where bytes are written in hexadecimal and nothing is written as null.
 */
import { fromHex, hex } from '@mc/protocol/wire'
import type { Value } from './value.js'

/** What a value is not. */
export class ShapeMismatch extends Error {
  override readonly name = 'ShapeMismatch'
}

/** Reads a value as something else. @throws ShapeMismatch if it is none. */
export type Shape = (value: Value) => unknown

type Fields = Readonly<Record<string, Shape>>

/** A text, an integer, a truth value. */
export const words: Shape = value => expected('string', value)
export const integer: Shape = value => expected('number', value)
export const truth: Shape = value => expected('boolean', value)

/** A byte string. */
export const binary: Shape = value => {
  if (typeof value !== 'string' || !/^(?:[0-9a-f]{2})*$/.test(value))
    throw new ShapeMismatch('need bytes in hex')
  return fromHex(value)
}

/** Something or nothing. */
export const maybe =
  (shape: Shape): Shape =>
  value =>
    value === null ? undefined : shape(value)

/** A list. */
export const many =
  (shape: Shape): Shape =>
  value => {
    if (!Array.isArray(value)) throw new ShapeMismatch('need a list')
    return value.map(shape)
  }

/** A record of exactly these fields; one that may be nothing may be left out. */
export const record =
  (fields: Fields): Shape =>
  value => {
    const given = recordOf(value)
    const unknown = Object.keys(given).find(name => !Object.hasOwn(fields, name))
    if (unknown !== undefined) throw new ShapeMismatch(`no field ${unknown.slice(0, 40)} here`)
    return Object.fromEntries(
      Object.entries(fields).map(([name, shape]) => [name, shape(given[name] ?? null)]),
    )
  }

/** A record whose `type` says which fields it has. */
export const kinds =
  (shapes: Readonly<Record<string, Fields>>): Shape =>
  value => {
    const { type } = recordOf(value)
    const fields = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined
    if (fields === undefined) throw new ShapeMismatch('no such type')
    return record({ type: words, ...fields })(value)
  }

/** A shape that is not known before it is used: for what may stand in itself. */
export const later =
  (shape: () => Shape): Shape =>
  value =>
    shape()(value)

/** The other way: bytes in hexadecimal, nothing as null, fields that are functions not at all. */
export function toValue(thing: unknown): Value {
  if (thing === undefined || thing === null) return null
  if (thing instanceof Uint8Array) return hex(thing)
  if (Array.isArray(thing)) return thing.map(toValue)
  if (typeof thing !== 'object') return thing as boolean | number | string
  return Object.fromEntries(Object.entries(thing).map(([name, field]) => [name, toValue(field)]))
}

function expected(type: 'string' | 'number' | 'boolean', value: Value): Value {
  // A codec does not ask what it is given, so a number in the place of a text would pass as an empty one.
  if (typeof value !== type) throw new ShapeMismatch(`need a ${type}`)
  return value
}

function recordOf(value: Value): { readonly [name: string]: Value } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeMismatch('need a record')
  }
  return value as { readonly [name: string]: Value }
}
