import { bkrSubset, finSubset, rabaSubset } from '@mc/acs'
import { describeAcs } from '@mc/acs/conformance'
import { localCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { quadraticAba, quadraticRaba } from '@mc/raba'
import { brachaRbc, ctRbc } from '@mc/rbc'
import { describe, test } from 'vitest'
import { idealElection } from './ideal-election.js'

const { sha256 } = nodeCrypto
const seeds = Number(process.env['MC_SEEDS'] ?? 1)
const payloadBytesMax = 64
const bracha = brachaRbc({ sha256, payloadBytesMax })
const ct = ctRbc({ sha256, payloadBytesMax })

describeAcs(
  'rabaSubset of ctRbc and quadraticRaba',
  ({ rng }) => rabaSubset({ rbc: ct, raba: quadraticRaba({ coin: localCoin({ rng }) }) }),
  { describe, test, seeds },
)

describeAcs(
  'rabaSubset of brachaRbc and quadraticRaba',
  ({ rng }) => rabaSubset({ rbc: bracha, raba: quadraticRaba({ coin: localCoin({ rng }) }) }),
  { describe, test, seeds, sizes: [4, 6] },
)

describeAcs(
  'bkrSubset of ctRbc and quadraticAba',
  ({ rng }) => bkrSubset({ rbc: ct, aba: quadraticAba({ coin: localCoin({ rng }) }) }),
  { describe, test, seeds, sizes: [4, 7] },
)

describeAcs(
  'bkrSubset of brachaRbc and quadraticAba',
  ({ rng }) => bkrSubset({ rbc: bracha, aba: quadraticAba({ coin: localCoin({ rng }) }) }),
  { describe, test, seeds, sizes: [4, 6] },
)

describeAcs(
  'finSubset of ctRbc, quadraticRaba and an ideal election',
  ({ rng }) =>
    finSubset({ rbc: ct, raba: quadraticRaba({ coin: localCoin({ rng }) }), election: idealElection() }),
  { describe, test, seeds, sizes: [4, 5] },
)

describeAcs(
  'finSubset of brachaRbc, quadraticRaba and an ideal election',
  ({ rng }) =>
    finSubset({ rbc: bracha, raba: quadraticRaba({ coin: localCoin({ rng }) }), election: idealElection() }),
  { describe, test, seeds, sizes: [4, 6, 7] },
)
