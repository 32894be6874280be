import { hex } from '@mc/protocol/wire'
import type { SimEvent } from './event.js'

/** The last events of a run, kept as they are and put into words only when somebody asks. */
export class Trace {
  readonly #capacity: number
  #entries: (SimEvent<unknown, unknown> | string)[] = []
  #at = 0

  /** Keeps the last `capacity` entries; Infinity keeps all. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(entry: SimEvent<unknown, unknown> | string): void {
    if (this.#entries.length < this.#capacity) {
      this.#entries.push(entry)
      return
    }
    this.#entries[this.#at] = entry
    this.#at = this.#at + 1 === this.#capacity ? 0 : this.#at + 1
  }

  /** Oldest first. */
  lines(): string[] {
    return [...this.#entries.slice(this.#at), ...this.#entries.slice(0, this.#at)].map(entry =>
      typeof entry === 'string' ? entry : describe(entry),
    )
  }
}

function describe(event: SimEvent<unknown, unknown>): string {
  return event.type === 'input'
    ? `#${event.id} input at ${event.to}: ${render(event.input)}`
    : `#${event.id} ${event.from}→${event.to}: ${render(event.message)}`
}

/** A value in words: short, deterministic, byte strings in hexadecimal and cut. */
export function render(value: unknown, depth = 0): string {
  if (value instanceof Uint8Array) {
    return value.length <= 8 ? hex(value) : `${hex(value.subarray(0, 8))}…(${value.length})`
  }
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth >= 6) return '…'
  if (Array.isArray(value)) return `[${value.map(item => render(item, depth + 1)).join(' ')}]`
  if (value instanceof Map || value instanceof Set) return render([...value], depth)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{${fields.map(([name, field]) => `${name}:${render(field, depth + 1)}`).join(' ')}}`
}
