/**
 * The laws of a coin: runnable in any test runner, against ours or a stranger's.
 *
 * @packageDocumentation
 */
import { type Random, seededRandom } from '@mc/sim'
import type { Coin } from './coin.js'
import { type CoinLaw, coinLaws, fairnessLaws, type MakeCoin } from './conformance/laws.js'
import { shareLaws } from './conformance/share-laws.js'

export { type CoinLaw, coinLaws, fairnessLaws, type MakeCoin } from './conformance/laws.js'
export { shareLaws } from './conformance/share-laws.js'

/** The two functions of a test runner: those of vitest, node:test, jest or mocha will do. */
export interface CoinConformanceOptions {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
  /** Instances that are flipped for the laws about chance, and the most for any other; 400 by default. */
  readonly flips?: number
  /** False for a coin that is meant to be predictable; true by default. */
  readonly fair?: boolean
  /** True for a coin that is made from shares that members broadcast; false by default. */
  readonly shares?: boolean
}

/** For whom a coin is made. */
export interface CoinSetting {
  /** This member's own randomness, forked from the seed. */
  readonly rng: Random
  /** The member, 0 … 3: whose share of a key to take. */
  readonly index: number
}

/** Declares one test per law, for committees of four; a coin made of shares has more laws than one that sends nothing. */
export function describeCoin<Message>(
  name: string,
  make: (setting: CoinSetting) => Coin<Message>,
  { describe, test, flips = 400, fair = true, shares = false }: CoinConformanceOptions,
): void {
  const laws: readonly CoinLaw[] = [...coinLaws, ...(fair ? fairnessLaws : []), ...(shares ? shareLaws : [])]
  describe(`Coin: ${name}`, () => {
    for (const { statement, check } of laws) {
      const makeMember: MakeCoin = index =>
        make({ rng: seededRandom(statement).fork(`member ${index}`), index })
      test(statement, () => check(makeMember, flips))
    }
  })
}
