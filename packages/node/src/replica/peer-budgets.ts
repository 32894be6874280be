/**
 * What each peer may cost us beside the words of the agreement, which have a budget of their own.
 */
import { TokenBucket } from '@mc/network'
import type { PeerIndex } from '@mc/protocol'

/** Small messages that a peer may send each second, and at once: announcements, seals, requests, words of old epochs. */
const SMALL_PER_SECOND = 2_000
const SMALL_BURST = 20_000

/** Forwarded operations whose signatures we check for a peer each second, and at once. */
const CHECKED_PER_SECOND = 1_000
const CHECKED_BURST = 8_192

/** Token buckets per peer. Each refills with time, so a correct peer never feels them. */
export class PeerBudgets {
  readonly #small: readonly TokenBucket[]
  readonly #checked: readonly TokenBucket[]

  constructor(n: number, nowMs: number) {
    const buckets = (perSecond: number, burst: number): readonly TokenBucket[] =>
      Array.from({ length: n }, () => new TokenBucket(perSecond, burst, nowMs))
    this.#small = buckets(SMALL_PER_SECOND, SMALL_BURST)
    this.#checked = buckets(CHECKED_PER_SECOND, CHECKED_BURST)
  }

  /** Whether a peer may send one more message that costs little. */
  takeSmall(peer: PeerIndex, nowMs: number): boolean {
    return this.#small[peer]?.take(1, nowMs) ?? false
  }

  /** Whether one more forwarded operation of a peer is checked. */
  takeCheck(peer: PeerIndex, nowMs: number): boolean {
    return this.#checked[peer]?.take(1, nowMs) ?? false
  }
}
