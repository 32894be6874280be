import type { Coin } from '@mc/coin'
import type { Rbc } from '@mc/rbc'
import type { Validity } from './validity.js'

/** What Bracha's agreement is made from, with its table of validity as data. */
export interface BrachaSetup<CoinMessage, RbcMessage> {
  readonly coin: Coin<CoinMessage>
  readonly rbc: Rbc<RbcMessage>
  readonly validity: Validity
  readonly brake: boolean
  readonly roundsAhead: number
}
