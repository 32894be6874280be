import { seededRng } from '@mc/crypto'
import { insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { dealKeys, type KeyOrigin, type PrimeGroup, ristretto255, thresholdPrf } from '@mc/crypto/threshold'
import { type CoinKey, pace } from '@mc/presets'
import { expect, test } from 'vitest'

const { sha256 } = nodeCrypto

/** Member 0's hold on a key set that says where it came from; nothing if it says nothing. */
function keyOf<Element>(group: PrimeGroup<Element>, origin?: KeyOrigin): CoinKey {
  const dealt = dealKeys({ group, members: 4, threshold: 2, rng: seededRng('origin', sha256) })
  const { origin: _, ...keys } = dealt.keys
  const scheme = thresholdPrf({ group, sha256, keys: origin === undefined ? keys : { ...keys, origin } })
  return { scheme, secretShare: dealt.secretShares[0] as Uint8Array }
}

test('a network takes keys that the members generated', () => {
  expect(() => pace({ keys: { coin: keyOf(ristretto255, 'generated') }, sha256 })).not.toThrow()
})

test('a network gets no key that a dealer knew, and none that does not say where it came from', () => {
  for (const origin of ['dealt', undefined] as const) {
    const keys = { coin: keyOf(ristretto255, origin) }
    expect(() => pace({ keys, sha256 })).toThrow('has a key that a dealer knew')
    expect(() => pace({ keys, sha256, purpose: 'benchmark' })).not.toThrow()
  }
})

test('a network gets no key in a group that anybody can break, whoever made it', () => {
  const keys = { coin: keyOf(insecureGroup(sha256), 'generated') }
  expect(() => pace({ keys, sha256 })).toThrow(
    'coin/cks in pace has a key in a group that anybody can break; a network must not rely on it',
  )
})

test('who made the key is part of the fingerprint', () => {
  const of = (origin: KeyOrigin) =>
    pace({ keys: { coin: keyOf(ristretto255, origin) }, sha256, purpose: 'benchmark' }).fingerprint
  expect(of('dealt')).not.toBe(of('generated'))
})
