import {
  dispersedSubset,
  type EncryptedSubsetMessage,
  encryptedSubset,
  rabaSubset,
  ritasMvc,
  vectorConsensus,
} from '@mc/acs'
import { describeAcs } from '@mc/acs/conformance'
import { avidDispersal, avidMDispersal, avidMRetrieval, avidRetrieval, merkleCommitment } from '@mc/avid'
import { localCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { brachaAba, quadraticAba, quadraticRaba } from '@mc/raba'
import { brachaRbc, ctRbc } from '@mc/rbc'
import { type Adversary, mutator } from '@mc/sim'
import { describe, test } from 'vitest'
import { encryptionKeys } from './encryption-keys.js'

const { sha256 } = nodeCrypto
const seeds = Number(process.env['MC_SEEDS'] ?? 1)
const bracha = brachaRbc({ sha256, payloadBytesMax: 64 })
const voteRbc = brachaRbc({ sha256, payloadBytesMax: 1 })
const commitment = merkleCommitment({ sha256, payloadBytesMax: 64 })

const keysOf = new Map([4, 5, 6, 7].map(n => [n, encryptionKeys(n)]))

/** Gives shares of others, or noise, once it has seen what is in. */
const badShares: Adversary<Uint8Array, EncryptedSubsetMessage<unknown>> = {
  ...mutator<EncryptedSubsetMessage<unknown>>({
    probability: 1,
    mutate: (message, random) =>
      message.type === 'shares'
        ? {
            type: 'shares',
            shares: random.chance(0.5)
              ? [...message.shares].reverse()
              : message.shares.map(share => random.bytes(share.length)),
          }
        : message,
  }),
  name: 'giver of bad shares',
}

describeAcs(
  'encryptedSubset of rabaSubset',
  ({ rng, index, n }) =>
    encryptedSubset({
      acs: rabaSubset({
        rbc: ctRbc({ sha256, payloadBytesMax: 128 }),
        raba: quadraticRaba({ coin: localCoin({ rng }) }),
      }),
      key: keysOf.get(n)?.[index] as ReturnType<typeof encryptionKeys>[number],
      sha256,
    }),
  {
    describe,
    test,
    seeds,
    sizes: [4, 5],
    adversaries: [badShares as Adversary<Uint8Array, never>],
  },
)

describeAcs(
  'vectorConsensus of brachaRbc, ritasMvc and brachaAba',
  ({ rng }) =>
    vectorConsensus({
      rbc: bracha,
      mvc: ritasMvc({ rbc: bracha, aba: brachaAba({ coin: localCoin({ rng }), rbc: voteRbc }) }),
    }),
  { describe, test, seeds, sizes: [4, 5] },
)

describeAcs(
  'vectorConsensus of brachaRbc, ritasMvc and quadraticAba',
  ({ rng }) =>
    vectorConsensus({
      rbc: bracha,
      mvc: ritasMvc({ rbc: bracha, aba: quadraticAba({ coin: localCoin({ rng }) }) }),
    }),
  { describe, test, seeds, sizes: [6, 7] },
)

describeAcs(
  'dispersedSubset of AVID-M and quadraticAba',
  ({ rng }) =>
    dispersedSubset({
      dispersal: avidMDispersal({ commitment }),
      retrieval: avidMRetrieval({ commitment }),
      aba: quadraticAba({ coin: localCoin({ rng }) }),
    }),
  { describe, test, seeds, sizes: [4, 5, 7] },
)

describeAcs(
  'dispersedSubset of AVID and quadraticAba',
  ({ rng }) =>
    dispersedSubset({
      dispersal: avidDispersal({ commitment }),
      retrieval: avidRetrieval({ commitment }),
      aba: quadraticAba({ coin: localCoin({ rng }) }),
    }),
  { describe, test, seeds, sizes: [4] },
)
