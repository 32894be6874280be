import { type EpochsMessage, epochs } from '@mc/abc'
import { type RabaSubsetMessage, rabaSubset } from '@mc/acs'
import { type CoinShareMessage, localCoin } from '@mc/coin'
import { sealedBoxes } from '@mc/crypto/dkg'
import {
  type DyxMessage,
  dyxAdkg,
  type GeneratedKey,
  type KeyGeneration,
  type KeyGenerationOptions,
  ledgerDkg,
  orderedDkg,
} from '@mc/dkg'
import { type QuadraticMessage, quadraticAba, quadraticRaba } from '@mc/raba'
import { type BrachaMessage, brachaRbc, type CtMessage, ctRbc } from '@mc/rbc'
import { forSeeds, noContradiction, noFaultsAgainstCorrect, simulate, termination } from '@mc/sim'
import { expect, test } from 'vitest'
import { fastGroup as group, rngOf, sha256 } from './log.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 5)
const boxes = sealedBoxes({ group, sha256 })
const boxKeys = [0, 1, 2, 3].map(index => boxes.generate(rngOf(`box ${index}`)))

/** Runs in which correct members lose power and come back with what they had logged: their inputs and their draws. */
function crashing<Message>(make: (options: KeyGenerationOptions<bigint>) => KeyGeneration<Message>): number {
  let crashes = 0
  forSeeds({ seeds }, seed => {
    const run = simulate({
      seed,
      n: 4,
      protocol: ({ index, random }) => {
        const { secretKey: boxSecretKey } = boxKeys[index] as (typeof boxKeys)[0]
        return make({ group, sha256, boxes, boxSecretKey, rng: random })
      },
      params: committee => ({
        committee,
        domain: ['crashes', seed],
        boxKeys: boxKeys.map(({ publicKey }) => publicKey),
      }),
      inputs: () => 'generate' as const,
      crashes: { probability: 0.01, max: 6 },
      invariants: [termination(), noFaultsAgainstCorrect(), noContradiction()],
      encoded: true,
    })
    crashes += Object.values(run.injected).reduce((sum, count) => sum + count, 0)
    const keys = run.outputs.map(outputs => outputs.at(-1) as GeneratedKey)
    expect(new Set(keys.map(key => JSON.stringify([key.keys, key.dealers]))).size).toBe(1)
    return run
  })
  return crashes
}

test('DYX+: members that crash and come back say what they had said, and end with the same key', () => {
  const rbc = brachaRbc({ sha256, payloadBytesMax: 10_000 })
  const crashes = crashing<DyxMessage<BrachaMessage, QuadraticMessage<CoinShareMessage>>>(options =>
    dyxAdkg({ ...options, rbc, aba: coin => quadraticAba({ coin }) }),
  )
  expect(crashes).toBeGreaterThan(0)
})

test('over a log: members that crash and come back say what they had said, and end with the same key', () => {
  const crashes = crashing<EpochsMessage<RabaSubsetMessage<CtMessage, QuadraticMessage<never>>>>(options =>
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
  )
  expect(crashes).toBeGreaterThan(0)
})
