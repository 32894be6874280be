/**
 * What crosses the border of a sandbox: nothing, truth values, integers, strings, lists and records.
 *
 * The text is JSON, read strictly: no fractions, no exponents, no lone surrogates, no key twice, nothing deep. It is what somebody's code
 * said, so reading it is total and bounded.
 */

/** A value without functions, fractions or identity. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value }

/** Nesting of lists and records. */
export const VALUE_DEPTH_MAX = 16

/** Characters of a value's text. */
export const VALUE_TEXT_MAX = 262_144

/** The value that a text says; nothing if it says none. Total. */
export function parseValue(text: string): Value | undefined {
  if (text.length > VALUE_TEXT_MAX) return undefined
  const parser = new ValueParser(text)
  try {
    return parser.whole()
  } catch (error) {
    if (error instanceof NoValue) return undefined
    throw error
  }
}

/** A value as text, with its fields in the order of their names. */
export function valueText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${valueText(field)}`).join(',')}}`
}

class NoValue extends Error {}

/** Recursion is bounded by VALUE_DEPTH_MAX. */
class ValueParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Value {
    const value = this.#value(VALUE_DEPTH_MAX)
    this.#space()
    if (this.#at < this.#text.length) throw new NoValue()
    return value
  }

  #value(depth: number): Value {
    if (depth < 0) throw new NoValue()
    this.#space()
    switch (this.#text[this.#at]) {
      case '[':
        return this.#list(depth)
      case '{':
        return this.#record(depth)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#integer()
    }
  }

  #list(depth: number): readonly Value[] {
    const items: Value[] = []
    this.#at += 1
    if (this.#takes(']')) return items
    do items.push(this.#value(depth - 1))
    while (this.#takes(','))
    this.#must(']')
    return items
  }

  #record(depth: number): { readonly [name: string]: Value } {
    // Without a prototype, so that no field is there that the text does not name.
    const fields: { [name: string]: Value } = Object.create(null)
    this.#at += 1
    if (this.#takes('}')) return fields
    do {
      this.#space()
      const name = this.#string()
      if (Object.hasOwn(fields, name)) throw new NoValue()
      this.#must(':')
      fields[name] = this.#value(depth - 1)
    } while (this.#takes(','))
    this.#must('}')
    return fields
  }

  #string(): string {
    const start = this.#at
    if (this.#text[start] !== '"') throw new NoValue()
    let end = start + 1
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1
    this.#at = end + 1
    return unquoted(this.#text.slice(start, end + 1))
  }

  #integer(): number {
    const value = Number(this.#match(/-?(?:0|[1-9][0-9]{0,15})(?![.eE0-9])/y))
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new NoValue()
    return value
  }

  #word<T extends Value>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw new NoValue()
    this.#at += word.length
    return value
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? []
    if (found === undefined) throw new NoValue()
    this.#at += found.length
    return found
  }

  #takes(sign: string): boolean {
    this.#space()
    if (this.#text[this.#at] !== sign) return false
    this.#at += 1
    return true
  }

  #must(sign: string): void {
    if (!this.#takes(sign)) throw new NoValue()
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '.')) this.#at += 1
  }
}

function unquoted(literal: string): string {
  let value: string
  try {
    value = JSON.parse(literal)
  } catch {
    throw new NoValue()
  }
  // Half of a surrogate pair has no UTF-8.
  if (/\p{Cs}/u.test(value)) throw new NoValue()
  return value
}
