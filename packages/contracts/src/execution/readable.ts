/**
 * Values of the state as text for people, the same everywhere: fields in the order of their names, bytes in hexadecimal.
 */
import { hex } from '@mc/protocol/wire'
import { visible } from '../description/visible.js'

/** One value as text. */
export function readable(value: unknown): string {
  if (value === undefined) return 'none'
  if (value instanceof Uint8Array) return hex(value)
  if (Array.isArray(value)) return `[${value.map(readable).join(', ')}]`
  if (typeof value === 'object' && value !== null) return `{${linesOf(value).join(', ')}}`
  return typeof value === 'string' ? visible(JSON.stringify(value)) : String(value)
}

/** What two values of a table differ in: a field that both have alike is in neither text. */
export function difference(
  before: unknown,
  after: unknown,
): readonly [string | undefined, string | undefined] {
  const left = leaves(before)
  const right = leaves(after)
  const only = (mine: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string =>
    [...mine]
      .filter(([path, text]) => other.get(path) !== text)
      .map(([path, text]) => (path === '' ? text : `${path}: ${text}`))
      .join(', ')
  return [
    before === undefined ? undefined : only(left, right),
    after === undefined ? undefined : only(right, left),
  ]
}

function leaves(
  value: unknown,
  path = '',
  found: Map<string, string> = new Map(),
): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value)) {
    if (value !== undefined) found.set(path, readable(value))
    return found
  }
  for (const [name, field] of fieldsOf(value)) leaves(field, path === '' ? name : `${path}.${name}`, found)
  return found
}

const linesOf = (value: object): readonly string[] =>
  fieldsOf(value).map(([name, field]) => `${name}: ${readable(field)}`)

/** The order in which an object was put together differs between who computed it and who restored it. */
const fieldsOf = (value: object): readonly (readonly [string, unknown])[] =>
  Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
