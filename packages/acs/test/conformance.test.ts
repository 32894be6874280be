import { rabaSubset } from '@mc/acs'
import { describeAcs } from '@mc/acs/conformance'
import { localCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { quadraticRaba } from '@mc/raba'
import { brachaRbc, ctRbc } from '@mc/rbc'
import { describe, test } from 'vitest'

const { sha256 } = nodeCrypto
const seeds = Number(process.env['MC_SEEDS'] ?? 1)
const payloadBytesMax = 64

describeAcs(
  'rabaSubset of ctRbc and quadraticRaba',
  ({ rng }) =>
    rabaSubset({
      rbc: ctRbc({ sha256, payloadBytesMax }),
      raba: quadraticRaba({ coin: localCoin({ rng }) }),
    }),
  { describe, test, seeds },
)

describeAcs(
  'rabaSubset of brachaRbc and quadraticRaba',
  ({ rng }) =>
    rabaSubset({
      rbc: brachaRbc({ sha256, payloadBytesMax }),
      raba: quadraticRaba({ coin: localCoin({ rng }) }),
    }),
  { describe, test, seeds },
)
