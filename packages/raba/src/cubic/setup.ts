import type { Coin } from '@mc/coin'
import type { Rbc } from '@mc/rbc'
import type { CubicRounds } from './round-rules.js'

/** What an agreement is made from, with its rules as data. `reproposable` tells a RABA from an ABA. */
export interface CubicSetup<CoinMessage, RbcMessage> extends CubicRounds {
  readonly reproposable: boolean
  readonly coin: Coin<CoinMessage>
  readonly rbc: Rbc<RbcMessage>
  readonly brake: boolean
  readonly roundsAhead: number
}
