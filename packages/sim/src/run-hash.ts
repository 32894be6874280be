import type { SimEvent } from './event.js'

/** 64 bits that two runs share if and only if, but for chance, the same happened in the same order and came to the same. */
export class RunHash {
  #a = 0x811c9dc5
  #b = 0x9747b28c

  add({ id, from, to }: SimEvent): void {
    this.#a = Math.imul(this.#a ^ id, 0x01000193)
    this.#b = Math.imul(this.#b ^ (id + 31 * to + 1009 * from), 0x85ebca6b)
  }

  /** Of everything so far and what came of it: a plain value of numbers, strings, byte strings, lists, maps, sets and records. */
  digest(outcome: unknown): string {
    this.#value(outcome)
    return [mixed(this.#a), mixed(this.#b)].map(half => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }

  // Each value begins with its kind, and with its size or a mark at its end, so that no two of them read alike.
  #value(value: unknown): void {
    if (typeof value === 'number' && Number.isInteger(value)) this.#integer(value)
    else if (typeof value !== 'object' || value === null) this.#text(String(value))
    else if (value instanceof Uint8Array) this.#bytes(value)
    else if (value instanceof Map || value instanceof Set || Array.isArray(value)) this.#items([...value])
    else this.#fields(value as Record<string, unknown>)
  }

  #integer(value: number): void {
    this.#word(1)
    this.#word(value | 0)
    this.#word(Math.floor(value / 2 ** 32) | 0)
  }

  #text(text: string): void {
    this.#word(2)
    this.#word(text.length)
    for (let at = 0; at < text.length; at += 1) this.#word(text.charCodeAt(at))
  }

  #bytes(bytes: Uint8Array): void {
    this.#word(3)
    this.#word(bytes.length)
    for (let at = 0; at < bytes.length; at += 1) this.#word(bytes[at] as number)
  }

  #items(items: readonly unknown[]): void {
    this.#word(4)
    this.#word(items.length)
    for (const item of items) this.#value(item)
  }

  #fields(fields: Record<string, unknown>): void {
    this.#word(5)
    for (const name in fields) {
      this.#text(name)
      this.#value(fields[name])
    }
    this.#word(0)
  }

  #word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0x01000193)
    this.#b = Math.imul(this.#b ^ word ^ (this.#a >>> 15), 0x85ebca6b)
  }
}

/** The finaliser of MurmurHash3. */
function mixed(bits: number): number {
  let state = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}
