/**
 * Codecs made of codecs.
 */
import { type Codec, codec } from './codec.js'
import { lengthUpTo } from './primitives.js'
import { DecodeError } from './reader.js'

/** The fields of a struct, each with its codec, in the order of the wire. */
export type Fields = Readonly<Record<string, Codec<never> | Codec<unknown>>>

/** The value that a set of fields describes. */
export type Struct<F> = { readonly [K in keyof F]: F[K] extends Codec<infer T> ? T : never }

/** An object with fixed fields, one after the other, without names. */
export function struct<const F extends Fields>(fields: F): Codec<Struct<F>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][]
  return codec<Struct<F>>(
    (writer, value) => {
      for (const [name, field] of entries) field.write(writer, (value as Record<string, unknown>)[name])
    },
    reader => {
      const value: Record<string, unknown> = {}
      for (const [name, field] of entries) value[name] = field.read(reader)
      return value as Struct<F>
    },
  )
}

/** The union that `union` describes: each kind's fields beside its `type`. */
export type Union<K extends Readonly<Record<string, Fields>>> = {
  [T in keyof K & string]: { readonly type: T } & Struct<K[T]>
}[keyof K & string]

/** A tagged union: one byte for the kind, by its place in `kinds`, then the fields of that kind. */
export function union<const K extends Readonly<Record<string, Fields>>>(kinds: K): Codec<Union<K>> {
  const names = Object.keys(kinds)
  const tags = new Map(names.map((name, tag) => [name, tag]))
  const entries = names.map(name => Object.entries(kinds[name] ?? {}) as [string, Codec<unknown>][])
  return codec<Union<K>>(
    (writer, value) => {
      const tag = tags.get(value.type)
      if (tag === undefined) throw new RangeError(`union: unknown kind ${value.type}`)
      writer.u8(tag)
      for (const [name, field] of entries[tag] ?? []) {
        field.write(writer, (value as Record<string, unknown>)[name])
      }
    },
    reader => {
      const tag = reader.u8()
      const fields = entries[tag]
      if (fields === undefined) throw new DecodeError(`unknown kind ${tag}`)
      const value: Record<string, unknown> = { type: names[tag] }
      for (const [name, field] of fields) value[name] = field.read(reader)
      return value as Union<K>
    },
  )
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

/** A value or nothing, behind one byte. */
export const optional = <T>(item: Codec<T>): Codec<T | undefined> =>
  codec<T | undefined>(
    (writer, value) => {
      writer.u8(value === undefined ? 0 : 1)
      if (value !== undefined) item.write(writer, value)
    },
    reader => {
      const present = reader.u8()
      if (present > 1) throw new DecodeError(`presence byte ${present} over 1`)
      return present === 1 ? item.read(reader) : undefined
    },
  )

/** The same bytes seen as another type; `to` may refuse with a DecodeError. */
export const mapped = <A, B>(
  inner: Codec<A>,
  { to, from }: { readonly to: (value: A) => B; readonly from: (value: B) => A },
): Codec<B> =>
  codec(
    (writer, value) => inner.write(writer, from(value)),
    reader => to(inner.read(reader)),
  )
