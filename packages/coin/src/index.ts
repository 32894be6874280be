export type { Coin, CoinInput, CoinParams } from './coin.js'
