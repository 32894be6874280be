/**
 * Reads fields out of JSON that a person wrote, and says which field is wrong and what is wanted there.
 */
import { fromHex, utf8 } from '@mc/protocol/wire'

/** Makes the error of whoever reads, from the path of the field and what is wanted. */
export type Complaint = (field: string, wanted: string) => Error

/** Where an object stands in its document. */
export interface Place {
  /** The path that its fields are named by; empty at the top. */
  readonly path: string
  /** What to call the object itself, where that is not its path. */
  readonly what?: string
  /** What is wanted in its place. */
  readonly wanted?: string
}

/** The bounds of a whole number, and how to say them. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
  readonly wanted?: string
}

/** One object of a JSON document. Every method throws the reader's complaint. */
export class JsonFields {
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #path: string
  readonly #complaint: Complaint

  /** The fields of `value`. */
  constructor(value: unknown, complaint: Complaint, { path, what = path, wanted = 'an object' }: Place) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw complaint(what, `need ${wanted}, got ${kindOf(value)}`)
    }
    this.#fields = value as Readonly<Record<string, unknown>>
    this.#path = path
    this.#complaint = complaint
  }

  /** Whatever stands there. */
  value(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined
  }

  /** A text of 1 to `bytesMax` bytes in UTF-8. */
  text(name: string, bytesMax: number): string {
    const value = this.value(name)
    const length = typeof value === 'string' ? utf8Length(value, bytesMax) : 0
    if (length < 1 || length > bytesMax) throw this.#wrong(name, `a text of 1 to ${bytesMax} bytes`, value)
    return value as string
  }

  /** Exactly `length` bytes as lower-case hexadecimal. */
  bytes(name: string, length: number): Uint8Array {
    const value = this.value(name)
    if (typeof value !== 'string' || value.length !== 2 * length || !/^[0-9a-f]*$/.test(value)) {
      throw this.#wrong(name, `${2 * length} hexadecimal digits in lower case`, value)
    }
    return fromHex(value)
  }

  /** At most `max` bytes as lower-case hexadecimal. */
  bytesUpTo(name: string, max: number): Uint8Array {
    const value = this.value(name)
    if (typeof value !== 'string' || value.length > 2 * max || !/^([0-9a-f]{2})*$/.test(value)) {
      throw this.#wrong(name, `at most ${max} bytes as hexadecimal digits in lower case`, value)
    }
    return fromHex(value)
  }

  /** A whole number from `min` to `max`. */
  natural(name: string, { min = 0, max = Number.MAX_SAFE_INTEGER, wanted }: Bounds = {}): number {
    const value = this.value(name)
    if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
      throw this.#wrong(name, wanted ?? `a whole number ${min} to ${max}`, value)
    }
    return value as number
  }

  /** A list of `min` to `max` items, each read by `item`, which is told where it stands. */
  list<T>(
    name: string,
    { min = 0, max }: { readonly min?: number; readonly max: number },
    item: (value: unknown, path: string) => T,
  ): readonly T[] {
    const value = this.value(name)
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      throw this.#wrong(name, `a list of ${min} to ${max} items`, value)
    }
    return value.map((one, at) => item(one, `${this.#at(name)}[${at}]`))
  }

  /** The object that stands there. */
  object(name: string): JsonFields {
    return new JsonFields(this.value(name), this.#complaint, { path: this.#at(name) })
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }

  #wrong(name: string, wanted: string, got: unknown): Error {
    return this.#complaint(this.#at(name), `need ${wanted}, got ${kindOf(got)}`)
  }
}

/** Bytes of a text in UTF-8; 0, which no field allows, if it holds half of a surrogate pair. */
function utf8Length(text: string, bytesMax: number): number {
  if (text.length > bytesMax) return text.length
  return hasLoneSurrogate(text) ? 0 : utf8(text).length
}

/** Whether a text holds half of a surrogate pair, which has no encoding. */
export const hasLoneSurrogate = (text: string): boolean => /\p{Surrogate}/u.test(text)

/** What was found, short enough for a message. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`
  return typeof value === 'object' ? 'an object' : String(value)
}
