import { type EpochsMessage, epochs } from '@mc/abc'
import { type RabaSubsetMessage, rabaSubset } from '@mc/acs'
import { localCoin } from '@mc/coin'
import { insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { ledgerDkg, orderedDkg } from '@mc/dkg'
import { describeKeyGeneration } from '@mc/dkg/conformance'
import { type QuadraticMessage, quadraticRaba } from '@mc/raba'
import { type CtMessage, ctRbc } from '@mc/rbc'
import { fifo, randomOrder } from '@mc/sim'
import { describe, test } from 'vitest'
import { lyingDealers } from './liars.js'

const { sha256 } = nodeCrypto
const group = insecureGroup(sha256)
const seeds = Number(process.env['MC_SEEDS'] ?? 2)

type Message = EpochsMessage<RabaSubsetMessage<CtMessage, QuadraticMessage<never>>>

describeKeyGeneration<bigint, Message>(
  'over a log of its own',
  options =>
    orderedDkg({
      dkg: ledgerDkg(options),
      atomicBroadcast: epochs({
        acs: rabaSubset({
          rbc: ctRbc({ sha256, payloadBytesMax: 20_000 }),
          raba: quadraticRaba({ coin: localCoin({ rng: options.rng }) }),
        }),
        senderQueueBytesMax: 1_000_000,
      }),
    }),
  {
    describe,
    test,
    group,
    sha256,
    seeds,
    sizes: process.env['MC_SEEDS'] === undefined ? [4] : [4, 7],
    adversaries: lyingDealers(),
    // Who is starved for longer than the broadcast holds epochs must catch up by blocks, and here are none.
    schedules: [randomOrder, fifo],
  },
)
