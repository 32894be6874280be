/**
 * Randomness that survives a restart: a bit that was drawn for a purpose is the bit for that purpose for ever.
 */
import type { BitSource } from '@mc/coin'
import type { Rng } from '@mc/crypto'
import type { Bit } from '@mc/protocol'

/**
 * Draws bits from `rng`, reports each to `onDraw` before it is used, and repeats those of `earlier`, which a log has kept.
 *
 * Whoever asks, asks once for each purpose; fresh bits are not kept here, as the log keeps them.
 */
export class DurableDraws implements BitSource {
  readonly #rng: Rng
  readonly #drawn: Map<string, Bit>
  readonly #onDraw: (label: string, bit: Bit) => void

  constructor(rng: Rng, earlier: ReadonlyMap<string, Bit>, onDraw: (label: string, bit: Bit) => void) {
    this.#rng = rng
    this.#drawn = new Map(earlier)
    this.#onDraw = onDraw
  }

  bit(purpose: string): Bit {
    const earlier = this.#drawn.get(purpose)
    if (earlier !== undefined) return earlier
    const bit = this.#rng.bit()
    this.#onDraw(purpose, bit)
    return bit
  }
}
