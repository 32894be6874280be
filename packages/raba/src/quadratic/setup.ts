import type { Coin } from '@mc/coin'
import type { RoundRules } from './round-rules.js'

/** What an agreement is made from, with its rules as data. `reproposable` tells a RABA from an ABA. */
export interface QuadraticSetup<CoinMessage> {
  readonly reproposable: boolean
  readonly coin: Coin<CoinMessage>
  readonly roundZero: RoundRules
  readonly laterRounds: RoundRules
  readonly brake: boolean
  readonly roundsAhead: number
}

/** The rules of a round. */
export const rulesOf = (
  { roundZero, laterRounds }: Pick<QuadraticSetup<never>, 'roundZero' | 'laterRounds'>,
  round: number,
): RoundRules => (round === 0 ? roundZero : laterRounds)
