import type { Bit } from '@mc/protocol'
import { nothing } from '@mc/protocol/wire'
import type { Coin } from './coin.js'
import { flipOnce } from './flip-once.js'

/** What `localCoin` draws from: any source of uniform, unpredictable bits; the `Rng` of @mc/crypto is one. */
export interface BitSource {
  /** A fresh bit; `purpose` names the instance and the round, so that a log can hold what was drawn for what. */
  bit(purpose: string): Bit
}

/** What `localCoin` is made from. */
export interface LocalCoinOptions {
  readonly rng: BitSource
}

/**
 * A local coin: every member flips for itself and sends nothing.
 *
 * Guarantees: a fresh bit per member, instance and round, drawn at the moment of the flip and never twice for one instance.
 * All n − f correct members get the same given bit with probability 2^−(n − f), if `rng` is uniform and unpredictable; that
 * is what agreement needs in order to end with probability 1, however the network is scheduled.
 *
 * `handleInput` throws a RangeError on a second flip. No set-up, no signature, no assumption on the adversary's computing.
 *
 * @see Ben-Or, Another Advantage of Free Choice, PODC 1983; Bracha, Information and Computation 1987
 */
export const localCoin = ({ rng }: LocalCoinOptions): Coin<never> => ({
  role: 'coin',
  name: 'coin/local',
  wireVersion: 1,
  parameters: {},
  parts: {},
  common: false,
  codec: () => nothing,
  create: ({ domain }, effects) => flipOnce(() => effects.output(rng.bit(domain.join('/')))),
})
