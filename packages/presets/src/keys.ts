/**
 * One member's hold on the keys that a committee shares: what systems with a common coin or with encryption are given.
 */
import type { EncryptionKey } from '@mc/acs'
import type { ThresholdCoinOptions } from '@mc/coin'

/** The function of a key set whose values take f + 1 shares, and this member's own share of its key. */
export type CoinKey = Pick<ThresholdCoinOptions, 'scheme' | 'secretShare'>

/**
 * The keys of one member, each of its own key set: a value of one must tell nothing about another.
 *
 * A system takes those that it needs. Who made them is part of the fingerprint: keys that a dealer knew are for tests and
 * benchmarks, and a suite for a network refuses them.
 */
export interface SuiteKeys {
  /** For the bits of agreements. */
  readonly coin?: CoinKey
  /** For the leaders of FIN. */
  readonly election?: CoinKey
  /** For proposals that nobody reads before they are agreed on. */
  readonly encryption?: EncryptionKey
}
