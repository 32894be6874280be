import type { SimEvent } from './event.js'
import { hash32 } from './random.js'

/** 64 bits that two runs share if and only if, but for chance, the same happened in the same order. */
export class RunHash {
  #a = 0x811c9dc5
  #b = 0x9747b28c

  add({ id, from, to }: SimEvent): void {
    this.#a = Math.imul(this.#a ^ id, 0x01000193)
    this.#b = Math.imul(this.#b ^ (id + 31 * to + 1009 * from), 0x85ebca6b)
  }

  /** Of everything so far and what came of it, in words; 16 hexadecimal digits. */
  digest(outcome: string): string {
    return [hash32(outcome, this.#a), hash32(outcome, this.#b)]
      .map(half => (half >>> 0).toString(16).padStart(8, '0'))
      .join('')
  }
}
