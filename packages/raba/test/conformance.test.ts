import { localCoin } from '@mc/coin'
import { quadraticAba, quadraticRaba } from '@mc/raba'
import { describeAba, describeRaba } from '@mc/raba/conformance'
import { describe, test } from 'vitest'
import { liars } from './liars.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 25)
const options = { describe, test, seeds, adversaries: liars }
const few = { ...options, sizes: [4, 7], seeds: Math.ceil(seeds / 2) }
const fair = { ...few, orders: ['random'] as const }

describeRaba('quadratic', ({ rng }) => quadraticRaba({ coin: localCoin({ rng }) }), options)
describeRaba(
  'quadratic, no brake',
  ({ rng }) => quadraticRaba({ coin: localCoin({ rng }), brake: false }),
  fair,
)
describeRaba('quadratic, S1', ({ rng }) => quadraticRaba({ coin: localCoin({ rng }), roundZero: 's1' }), few)
describeRaba(
  'quadratic, four phases',
  ({ rng }) => quadraticRaba({ coin: localCoin({ rng }), binding: false }),
  few,
)
describeAba('quadratic', ({ rng }) => quadraticAba({ coin: localCoin({ rng }) }), options)
describeAba(
  'quadratic, no brake',
  ({ rng }) => quadraticAba({ coin: localCoin({ rng }), brake: false }),
  fair,
)
describeAba(
  'quadratic, four phases',
  ({ rng }) => quadraticAba({ coin: localCoin({ rng }), binding: false }),
  few,
)

describe('committees without room for a fault', () => {
  const small = { ...options, sizes: [1, 2, 3], adversaries: {} }
  describeRaba('quadratic', ({ rng }) => quadraticRaba({ coin: localCoin({ rng }) }), small)
  describeAba('quadratic', ({ rng }) => quadraticAba({ coin: localCoin({ rng }) }), small)
})

describe('a window of one round, so that most votes have to be pulled', () => {
  describeRaba('quadratic', ({ rng }) => quadraticRaba({ coin: localCoin({ rng }), roundsAhead: 1 }), few)
  describeAba('quadratic', ({ rng }) => quadraticAba({ coin: localCoin({ rng }), roundsAhead: 1 }), few)
})
