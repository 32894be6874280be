import { cobaltAba, crusaderAba, mmrAba, paceRaba } from '@mc/raba'
import { describeAba, describeRaba } from '@mc/raba/conformance'
import { describe, test } from 'vitest'
import { cobaltLiars } from './cobalt-liars.js'
import { idealCoin, shareCoin } from './ideal-coin.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 6)
const coin = idealCoin('conformance')
// No round brake, so only the fair order promises an end
const options = { describe, test, seeds, adversaries: cobaltLiars<never>(), orders: ['random'] as const }
const few = { ...options, sizes: [4, 7], seeds: Math.ceil(seeds / 2) }

describeAba<never>('cobalt', () => cobaltAba({ coin }) as never, options)
describeAba<never>('crusader', () => crusaderAba({ coin }) as never, options)
describeRaba<never>('PACE construction over Cobalt', () => paceRaba({ coin }) as never, options)
describeAba<never>('MMR, historical', () => mmrAba({ coin }) as never, few)

describe('a coin that exchanges shares', () => {
  describeAba<never>('crusader', () => crusaderAba({ coin: shareCoin }) as never, few)
  describeAba<never>('cobalt', () => cobaltAba({ coin: shareCoin }) as never, few)
  describeRaba<never>('PACE construction over Cobalt', () => paceRaba({ coin: shareCoin }) as never, few)
})

describe('a window of one round, so that most votes have to be pulled', () => {
  describeAba<never>('cobalt', () => cobaltAba({ coin: shareCoin, roundsAhead: 1 }) as never, few)
  describeRaba<never>('PACE', () => paceRaba({ coin: shareCoin, roundsAhead: 1 }) as never, few)
})

describe('committees without room for a fault', () => {
  const small = { ...few, sizes: [1, 2, 3], adversaries: {} }
  describeAba<never>('cobalt', () => cobaltAba({ coin }) as never, small)
  describeRaba<never>('PACE construction over Cobalt', () => paceRaba({ coin }) as never, small)
})
