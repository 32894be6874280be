import { localCoin } from '@mc/coin'
import { crainAba } from '@mc/raba'
import { describeAba } from '@mc/raba/conformance'
import { describe, test } from 'vitest'
import { idealCoin, shareCoin } from '../ideal-coin.js'
import { crainLiars } from './liars.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 6)
const coin = idealCoin('conformance')
const options = { describe, test, seeds, adversaries: crainLiars<never>() }
const few = { ...options, sizes: [4, 7], seeds: Math.ceil(seeds / 2) }
const fair = { ...few, orders: ['random'] as const }

describeAba<never>('crain', () => crainAba({ coin }) as never, options)
describeAba<never>('crain, local coins', ({ rng }) => crainAba({ coin: localCoin({ rng }) }) as never, few)
describeAba<never>('crain, shares', () => crainAba({ coin: shareCoin }) as never, few)
describeAba<never>('crain, no brake', () => crainAba({ coin, brake: false }) as never, fair)
describeAba<never>('crain, the two stages alone', () => crainAba({ coin, binding: false }) as never, few)

describe('a window of one round, so that most votes have to be pulled', () => {
  describeAba<never>('crain', () => crainAba({ coin: shareCoin, roundsAhead: 1 }) as never, few)
})

describe('committees without room for a fault', () => {
  describeAba<never>('crain', () => crainAba({ coin }) as never, {
    ...few,
    sizes: [1, 2, 3],
    adversaries: {},
  })
})
