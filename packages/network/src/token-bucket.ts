/**
 * A budget that refills with time: `perSecond` tokens each second, never more than `burst` at once.
 *
 * It holds two numbers whatever happens. Time is the caller's, in milliseconds, and never runs backwards.
 */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #filledAt: number

  /** @throws RangeError unless both rates are positive (Infinity means no limit). */
  constructor(perSecond: number, burst: number, now: number) {
    if (!(perSecond > 0) || !(burst > 0))
      throw new RangeError(`token bucket: need positive rates, got ${perSecond}, ${burst}`)
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#filledAt = now
  }

  /** Takes `amount` tokens if they are there; false takes none. */
  take(amount: number, now: number): boolean {
    if (this.#burst === Number.POSITIVE_INFINITY) return true
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1_000) * this.#perSecond)
    this.#filledAt = now
    if (this.#tokens < amount) return false
    this.#tokens -= amount
    return true
  }
}
