/**
 * Codecs made of codecs.
 */
import { type Codec, codec } from './codec.js'
import { lengthUpTo } from './primitives.js'
import { DecodeError, type Reader } from './reader.js'
import type { Writer } from './writer.js'

/** The fields of a struct, each with its codec, in the order of the wire. */
export type Fields = Readonly<Record<string, Codec<never> | Codec<unknown>>>

/** The value that a set of fields describes. */
export type Struct<F> = { readonly [K in keyof F]: F[K] extends Codec<infer T> ? T : never }

/** An object with fixed fields, one after the other, without names. */
export function struct<const F extends Fields>(fields: F): Codec<Struct<F>> {
  const row = rowOf(fields)
  return codec<Struct<F>>(
    (writer, value) => writeRow(row, writer, value),
    reader => readRow(row, reader, {}) as Struct<F>,
  )
}

/** The union that `union` describes: each kind's fields beside its `type`. */
export type Union<K extends Readonly<Record<string, Fields>>> = {
  [T in keyof K & string]: { readonly type: T } & Struct<K[T]>
}[keyof K & string]

/**
 * A tagged union: one byte for the kind, by its place in `kinds`, then the fields of that kind.
 *
 * @throws RangeError for more than 256 kinds, which one byte cannot tell apart.
 */
export function union<const K extends Readonly<Record<string, Fields>>>(kinds: K): Codec<Union<K>> {
  const names = Object.keys(kinds)
  if (names.length > 256) throw new RangeError(`union: need at most 256 kinds, got ${names.length}`)
  const tags = new Map(names.map((name, tag) => [name, tag]))
  const rows = names.map(name => rowOf(kinds[name] as Fields))
  return codec<Union<K>>(
    (writer, value) => {
      const tag = tags.get(value.type)
      if (tag === undefined) throw new RangeError(`union: unknown kind ${value.type}`)
      writer.u8(tag)
      writeRow(rows[tag] as Row, writer, value)
    },
    reader => {
      const tag = reader.u8()
      const row = rows[tag]
      if (row === undefined) throw new DecodeError(`unknown kind ${tag}`)
      return readRow(row, reader, { type: names[tag] }) as Union<K>
    },
  )
}

/** Names and codecs side by side: walking two arrays by index is what the engine does fastest. */
interface Row {
  readonly names: readonly string[]
  readonly codecs: readonly Codec<unknown>[]
}

const rowOf = (fields: Fields): Row => ({
  names: Object.keys(fields),
  codecs: Object.values(fields) as Codec<unknown>[],
})

function writeRow({ names, codecs }: Row, writer: Writer, value: object): void {
  for (let at = 0; at < names.length; at += 1) {
    codecs[at]?.write(writer, (value as Record<string, unknown>)[names[at] as string])
  }
}

function readRow({ names, codecs }: Row, reader: Reader, value: Record<string, unknown>): object {
  for (let at = 0; at < names.length; at += 1) value[names[at] as string] = codecs[at]?.read(reader)
  return value
}

/** Up to `max` values of one kind, behind their count. */
export const list = <T>(item: Codec<T>, { max }: { readonly max: number }): Codec<readonly T[]> =>
  codec<readonly T[]>(
    (writer, values) => {
      if (values.length > max) throw new RangeError(`list: need at most ${max} items, got ${values.length}`)
      writer.varint(values.length)
      for (const value of values) item.write(writer, value)
    },
    reader => {
      const length = lengthUpTo(reader, max)
      const values: T[] = []
      for (let at = 0; at < length; at += 1) values.push(item.read(reader))
      return values
    },
  )

/**
 * A value or nothing, behind one byte.
 *
 * `item` has no value that is itself nothing: two encodings of one value would not be canonical, so the second is refused.
 */
export const optional = <T>(item: Codec<T>): Codec<T | undefined> =>
  codec<T | undefined>(
    (writer, value) => {
      writer.u8(value === undefined ? 0 : 1)
      if (value !== undefined) item.write(writer, value)
    },
    reader => {
      const present = reader.u8()
      if (present > 1) throw new DecodeError(`presence byte ${present} over 1`)
      if (present === 0) return undefined
      const value = item.read(reader)
      if (value === undefined) throw new DecodeError('nothing, said to be something')
      return value
    },
  )

/**
 * The same bytes seen as another type; `to` may refuse with a DecodeError.
 *
 * Canonical only if `from(to(value))` is `value` for all that `to` accepts: what would be lost on the way, `to` must refuse.
 */
export const mapped = <A, B>(
  inner: Codec<A>,
  { to, from }: { readonly to: (value: A) => B; readonly from: (value: B) => A },
): Codec<B> =>
  codec(
    (writer, value) => inner.write(writer, from(value)),
    reader => to(inner.read(reader)),
  )
