import type { Bit } from '@mc/protocol'

/** Where fresh bits come from. */
export interface FreshBits {
  bit(): Bit
}

/** A member's own random bits as its log holds them: one for each purpose, the same again when the log is replayed. */
export class LoggedBits {
  readonly #fresh: FreshBits
  readonly #drawn = new Map<string, Bit>()

  constructor(fresh: FreshBits) {
    this.#fresh = fresh
  }

  /** The bit for a purpose. */
  bit(purpose: string): Bit {
    const drawn = this.#drawn.get(purpose) ?? this.#fresh.bit()
    this.#drawn.set(purpose, drawn)
    return drawn
  }
}
