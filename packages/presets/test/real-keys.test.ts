import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { type PrimeGroup, ristretto255 } from '@mc/crypto/threshold'
import { fin, type KeyedOptions, type Suite, type SuiteKeys, type SuiteNames } from '@mc/presets'
import { dealSuiteKeys } from '@mc/presets/dealt'
import { fifo, silent } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { composed } from './composed.js'
import { entryOf } from './every-preset.js'
import { type MakeSuite, runPreset } from './preset-runs.js'

const { sha256 } = nodeCrypto
const group = ristretto255 as PrimeGroup<unknown> as PrimeGroup<never>

const keysFor = (names: SuiteNames): readonly SuiteKeys[] =>
  dealSuiteKeys({ names, n: 4, rng: seededRng('real', sha256), sha256, group })

function agreesOverRealKeys(make: MakeSuite): void {
  const run = { n: 4, seed: 0, epochs: 1, adversary: silent(), schedule: fifo() }
  const { batches, violations } = runPreset(make, run)
  expect(violations).toEqual([])
  expect(batches[0]).toHaveLength(1)
  for (const other of batches) expect(other).toEqual(batches[0])
}

describe('over ristretto255', () => {
  test('Cobalt agrees by the coin of Cachin, Kursawe and Shoup', () => {
    const names: SuiteNames = { acs: 'acs/bkr', rbc: 'rbc/ct', agreement: 'aba/cobalt', coin: 'coin/cks' }
    const keys = keysFor(names)
    agreesOverRealKeys(({ rng, index, n }) =>
      composed(names, n, index, { rng, keys: keys[index] as SuiteKeys }),
    )
  })

  test('FIN agrees by threshold elections and coins', () => {
    const keys = keysFor(entryOf('fin').parts)
    agreesOverRealKeys(
      ({ index }) =>
        fin({
          keys: keys[index] as KeyedOptions<'coin' | 'election'>['keys'],
          sha256,
          purpose: 'benchmark',
        }) as Suite<unknown>,
    )
  })

  test('BEAT0 opens its proposals by TDH2', () => {
    const { parts } = entryOf('beat0')
    const keys = keysFor(parts)
    agreesOverRealKeys(({ rng, index, n }) =>
      composed(parts, n, index, { rng, keys: keys[index] as SuiteKeys }),
    )
  })
})
