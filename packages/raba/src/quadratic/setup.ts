import type { Coin } from '@mc/coin'
import type { QuadraticRounds } from './round-rules.js'

/** What an agreement is made from, with its rules as data. `reproposable` tells a RABA from an ABA. */
export interface QuadraticSetup<CoinMessage> extends QuadraticRounds {
  readonly reproposable: boolean
  readonly coin: Coin<CoinMessage>
  readonly brake: boolean
  readonly roundsAhead: number
}
