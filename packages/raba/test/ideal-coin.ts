/**
 * A perfect common coin: one bit per (instance, round), fixed beforehand, shown to whoever asks once a member has flipped.
 */
import type { CommonCoin } from '@mc/coin'
import type { Bit, Domain } from '@mc/protocol'
import { nothing } from '@mc/protocol/wire'
import { seededRandom } from '@mc/sim'
import { parityCoin } from './common-coin.js'

/** The coin, and what an adversary may read of it. All members of a run must hold the same object. */
export interface IdealCoin extends CommonCoin<never> {
  /** The bit of a round; undefined before the first member has asked for it. */
  revealed(round: number): Bit | undefined
}

/** Its bits follow from `seed` and the domain, or from `bitOf` where a script needs certain ones. */
export function idealCoin(
  seed: number | string,
  bitOf: (domain: Domain) => Bit = domain => seededRandom(`${seed}/${domain.join('/')}`).bit(),
): IdealCoin {
  const revealed = new Map<number, Bit>()
  return {
    role: 'coin',
    name: 'coin/ideal',
    wireVersion: 1,
    parameters: { testOnly: true },
    parts: {},
    common: true,
    codec: () => nothing,
    create: ({ domain }, effects) => ({
      handleInput: () => {
        const bit = bitOf(domain)
        revealed.set(domain.at(-1) as number, bit)
        effects.output(bit)
      },
      handleMessage: () => {},
    }),
    revealed: round => revealed.get(round),
  }
}

/** An ideal coin with known bits: `bits[r mod bits.length]` in round r. */
export const scriptedCoin = (...bits: readonly Bit[]): IdealCoin =>
  idealCoin(0, domain => bits[(domain.at(-1) as number) % bits.length] as Bit)

/** The coin that needs f + 1 shares. */
export const shareCoin: CommonCoin<number> = { ...parityCoin, common: true }
