import { describeAtomicBroadcast } from '@mc/abc/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { waterbearQ, waterbearQsQ } from '@mc/presets'
import { describe, test } from 'vitest'
import { noBits, sha256 } from './suites.js'

const seeds = Number(process.env['MC_SEEDS'] ?? 1)
const setting = { sha256: nodeCrypto.sha256, payloadBytesMax: 64 }
const { guaranteedSlots } = waterbearQ({ rng: noBits, sha256 })

for (const depth of [1, 2]) {
  describeAtomicBroadcast(
    `waterbearQsQ, depth ${depth}`,
    ({ rng }) => waterbearQsQ({ ...setting, rng, depth }).atomicBroadcast,
    {
      describe,
      test,
      seeds,
      sizes: depth === 1 ? [4, 5, 7] : [4],
      slots: guaranteedSlots,
      mayVary: ({ type }) => type === 'announce',
    },
  )
}

describeAtomicBroadcast('waterbearQ', ({ rng }) => waterbearQ({ ...setting, rng }).atomicBroadcast, {
  describe,
  test,
  seeds,
  slots: guaranteedSlots,
  mayVary: ({ type }) => type === 'announce',
})
