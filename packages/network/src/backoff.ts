/**
 * Waiting times that double from `firstMs` up to `msMax`, each shortened by up to a half at random.
 *
 * The jitter keeps members that lost one peer at the same moment from dialling it at the same moment.
 */
export class Backoff {
  readonly #firstMs: number
  readonly #msMax: number
  readonly #random: () => number
  #nextMs: number

  constructor(firstMs: number, msMax: number, random: () => number = Math.random) {
    this.#firstMs = firstMs
    this.#msMax = msMax
    this.#random = random
    this.#nextMs = firstMs
  }

  /** How long to wait now, in (½, 1] of the current step. */
  next(): number {
    const stepMs = this.#nextMs
    this.#nextMs = Math.min(this.#msMax, stepMs * 2)
    return stepMs * (1 - this.#random() / 2)
  }

  /** Begins anew at `firstMs`. */
  reset(): void {
    this.#nextMs = this.#firstMs
  }
}
