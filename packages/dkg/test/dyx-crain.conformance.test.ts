/**
 * DYX+ over Crain's agreement, the one that the paper names: no coin where all propose alike, in words and in messages.
 */
import { type CoinShareMessage, localCoin } from '@mc/coin'
import { insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { type DyxMessage, dyxAdkg } from '@mc/dkg'
import { describeKeyGeneration } from '@mc/dkg/conformance'
import { type CrainMessage, crainAba } from '@mc/raba'
import { type BrachaMessage, brachaRbc } from '@mc/rbc'
import { describe, test } from 'vitest'
import { lyingDealers } from './liars.js'

const { sha256 } = nodeCrypto
const group = insecureGroup(sha256)
const seeds = Number(process.env['MC_SEEDS'] ?? 3)
const rbc = brachaRbc({ sha256, payloadBytesMax: 10_000 })

describeKeyGeneration<bigint, DyxMessage<BrachaMessage, CrainMessage<CoinShareMessage>>>(
  'DYX+ over Crain’s agreement, with the coins that dealings give',
  options => dyxAdkg({ ...options, rbc, aba: coin => crainAba({ coin }) }),
  { describe, test, group, sha256, seeds, sizes: [4], adversaries: lyingDealers() },
)

describeKeyGeneration<bigint, DyxMessage<BrachaMessage, CrainMessage<CoinShareMessage>>>(
  'DYX+ of seven over Crain’s agreement',
  options => dyxAdkg({ ...options, rbc, aba: coin => crainAba({ coin }) }),
  { describe, test, group, sha256, seeds: Math.ceil(seeds / 4), sizes: [7], adversaries: lyingDealers() },
)

describeKeyGeneration<bigint, DyxMessage<BrachaMessage, CrainMessage<never>>>(
  'DYX+ over Crain’s agreement, with local coins',
  options => dyxAdkg({ ...options, rbc, aba: () => crainAba({ coin: localCoin({ rng: options.rng }) }) }),
  { describe, test, group, sha256, seeds: Math.ceil(seeds / 2), sizes: [4], adversaries: lyingDealers() },
)
