import { localCoin } from '@mc/coin'
import { cubicAba, cubicRaba } from '@mc/raba'
import { describeAba, describeRaba } from '@mc/raba/conformance'
import { describe, test } from 'vitest'
import { cubicLiars } from './cubic-liars.js'
import { voteRbc as rbc } from './vote-rbc.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 2)
const options = { describe, test, seeds, adversaries: cubicLiars, sizes: [4, 5, 6, 7] }
const four = { ...options, sizes: [4] }

describeRaba('cubic', ({ rng }) => cubicRaba({ coin: localCoin({ rng }), rbc }), options)
describeAba('cubic', ({ rng }) => cubicAba({ coin: localCoin({ rng }), rbc }), options)
describeRaba(
  'cubic, as published',
  ({ rng }) => cubicRaba({ coin: localCoin({ rng }), rbc, binding: false }),
  four,
)
describeAba(
  'cubic, as published',
  ({ rng }) => cubicAba({ coin: localCoin({ rng }), rbc, binding: false }),
  four,
)
describeRaba('cubic, no brake', ({ rng }) => cubicRaba({ coin: localCoin({ rng }), rbc, brake: false }), {
  ...four,
  orders: ['random'],
})

describe('committees without room for a fault', () => {
  const small = { ...options, sizes: [1, 2, 3], adversaries: {} }
  describeRaba('cubic', ({ rng }) => cubicRaba({ coin: localCoin({ rng }), rbc }), small)
  describeAba('cubic', ({ rng }) => cubicAba({ coin: localCoin({ rng }), rbc }), small)
})

describe('a window of one round, so that what was missed has to be pulled', () => {
  describeRaba('cubic', ({ rng }) => cubicRaba({ coin: localCoin({ rng }), rbc, roundsAhead: 1 }), four)
  describeAba('cubic', ({ rng }) => cubicAba({ coin: localCoin({ rng }), rbc, roundsAhead: 1 }), four)
})
