/**
 * Coins for randomised agreement.
 *
 * @packageDocumentation
 */
export type { Coin, CoinInput, CoinParams } from './coin.js'
export { fixedCoin } from './fixed-coin.js'
export { type BitSource, type LocalCoinOptions, localCoin } from './local-coin.js'
