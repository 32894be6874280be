import { seededRng } from '@mc/crypto'
import { blsG1 } from '@mc/crypto/bls'
import { nodeCrypto } from '@mc/crypto/node'
import { ristretto255 } from '@mc/crypto/threshold'
import { composeSuite, keyNeeds, PRESETS } from '@mc/presets'
import { dealSuiteKeys } from '@mc/presets/dealt'
import { expect, test } from 'vitest'

const { sha256 } = nodeCrypto

test('the groups are those of the crypto package', () => {
  const groups = new Set(PRESETS.flatMap(({ parts }) => keyNeeds(parts).map(({ group }) => group)))
  expect([...groups].sort()).toEqual([blsG1.name, ristretto255.name].sort())
})

test('what a system needs is what it cannot be made without, and nothing else', () => {
  for (const { name, parts, setUp } of PRESETS) {
    const needs = keyNeeds(parts).map(({ purpose }) => purpose)
    const rng = seededRng(name, sha256)
    const [dealt] = dealSuiteKeys({ names: parts, n: 4, rng, sha256 })
    expect(Object.keys(dealt ?? {}).sort(), name).toEqual([...needs].sort())
    expect(needs.length > 0, name).toBe(setUp === 'shared keys')
    for (const missing of needs) {
      const { [missing]: _, ...rest } = dealt ?? {}
      const options = { rng, sha256, keys: rest, purpose: 'benchmark' } as const
      expect(() => composeSuite(parts, options), `${name} without ${missing}`).toThrow(RangeError)
    }
  }
})
