import { localCoin } from '@mc/coin'
import { brachaAba } from '@mc/raba'
import { describeAba } from '@mc/raba/conformance'
import { describe, test } from 'vitest'
import { brachaLiars } from './bracha-liars.js'
import { voteRbc } from './vote-rbc.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 2)
const options = { describe, test, seeds, adversaries: brachaLiars }

describeAba('bracha', ({ rng }) => brachaAba({ coin: localCoin({ rng }), rbc: voteRbc }), {
  ...options,
  sizes: [4, 5, 6, 7],
})

describeAba(
  'bracha, no brake',
  ({ rng }) => brachaAba({ coin: localCoin({ rng }), rbc: voteRbc, brake: false }),
  { ...options, sizes: [4], orders: ['random'] },
)

describe('committees without room for a fault', () => {
  describeAba('bracha', ({ rng }) => brachaAba({ coin: localCoin({ rng }), rbc: voteRbc }), {
    ...options,
    sizes: [1, 2, 3],
    adversaries: {},
  })
})

describe('a window of one round, so that what was missed has to be pulled', () => {
  describeAba('bracha', ({ rng }) => brachaAba({ coin: localCoin({ rng }), rbc: voteRbc, roundsAhead: 1 }), {
    ...options,
    sizes: [4],
  })
})
