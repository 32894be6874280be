/**
 * The laws of a coin: runnable in any test runner, against ours or a stranger's.
 *
 * @packageDocumentation
 */
import { type Random, seededRandom } from '@mc/sim'
import type { Coin } from './coin.js'
import { type CoinLaw, coinLaws, fairnessLaws } from './conformance/laws.js'

export { type CoinLaw, coinLaws, fairnessLaws, type MakeCoin } from './conformance/laws.js'

/** The two functions of a test runner: those of vitest, node:test, jest or mocha will do. */
export interface CoinConformanceOptions {
  readonly describe: (name: string, body: () => void) => void
  readonly test: (name: string, body: () => void) => void
  /** Instances that are flipped for the laws about chance; 400 by default. */
  readonly flips?: number
  /** False for a coin that is meant to be predictable; true by default. */
  readonly fair?: boolean
}

/** Declares one test per law; `rng` is a member's own randomness, forked from the seed. */
export function describeCoin<Message>(
  name: string,
  make: (setting: { readonly rng: Random }) => Coin<Message>,
  { describe, test, flips = 400, fair = true }: CoinConformanceOptions,
): void {
  const laws: readonly CoinLaw[] = fair ? [...coinLaws, ...fairnessLaws] : coinLaws
  describe(`Coin: ${name}`, () => {
    for (const { statement, check } of laws) {
      test(statement, () => check(member => make({ rng: seededRandom(statement).fork(member) }), flips))
    }
  })
}
