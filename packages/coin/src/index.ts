/**
 * Coins for randomised agreement.
 *
 * @packageDocumentation
 */
export type { Coin, CoinInput, CoinParams, CommonCoin, ElectionCoin } from './coin.js'
export { fixedCoin } from './fixed-coin.js'
export { type HybridCoinOptions, hybridCoin } from './hybrid-coin.js'
export { type BitSource, type LocalCoinOptions, localCoin } from './local-coin.js'
export { type ElectionCoinOptions, electionCoin } from './threshold/election-coin.js'
export type { CoinShareMessage } from './threshold/messages.js'
export { blsCoin, cksCoin } from './threshold/threshold-coin.js'
export type { CoinThreshold, ThresholdCoinOptions } from './threshold/threshold-definition.js'
