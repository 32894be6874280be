import { rabaSubset } from '@mc/acs'
import { fixedCoin, localCoin } from '@mc/coin'
import { nodeCrypto } from '@mc/crypto/node'
import { canonicalText, fingerprint, type SuiteOptions, suite, waterbearQ, waterbearQsQ } from '@mc/presets'
import type { Descriptor } from '@mc/protocol'
import { quadraticRaba } from '@mc/raba'
import { brachaRbc, ctRbc } from '@mc/rbc'
import { expect, test } from 'vitest'
import { noBits, presets, sha256 } from './suites.js'

const acs = (coin = localCoin({ rng: noBits }), binding = true) =>
  rabaSubset({ rbc: brachaRbc({ sha256, payloadBytesMax: 64 }), raba: quadraticRaba({ coin, binding }) })

test('the canonical text names every part, with names in order', () => {
  const leaf: Descriptor = {
    name: 'coin/x',
    wireVersion: 2,
    parameters: { b: 1, a: 'two', c: true },
    parts: {},
  }
  const descriptor: Descriptor = {
    name: 'raba/y',
    wireVersion: 1,
    parameters: {},
    parts: { z: leaf, coin: leaf },
  }
  const coin = '{"name":"coin/x","parameters":{"a":"two","b":1,"c":true},"parts":{},"wireVersion":2}'
  expect(canonicalText(descriptor)).toBe(
    `{"name":"raba/y","parameters":{},"parts":{"coin":${coin},"z":${coin}},"wireVersion":1}`,
  )
})

test('a fingerprint covers name, wire version, parameters and parts, and nothing of the order they are written in', () => {
  const part: Descriptor = { name: 'coin/x', wireVersion: 1, parameters: {}, parts: {} }
  const base: Descriptor = {
    name: 'raba/y',
    wireVersion: 1,
    parameters: { a: 1, b: 2 },
    parts: { coin: part },
  }
  const of = (descriptor: Descriptor) => fingerprint(descriptor, sha256)
  const changed: Descriptor[] = [
    { ...base, name: 'raba/z' },
    { ...base, wireVersion: 2 },
    { ...base, parameters: { a: 1, b: '2' } },
    { ...base, parameters: { a: 1 } },
    { ...base, parts: { coin: { ...part, wireVersion: 2 } } },
    { ...base, parts: { dice: part } },
    { ...base, parts: {} },
  ]
  expect(new Set([base, ...changed].map(of)).size).toBe(changed.length + 1)
  expect(of({ ...base, parameters: { b: 2, a: 1 } })).toBe(of(base))
  expect(of(base)).toMatch(/^[0-9a-f]{64}$/)
})

const FINGERPRINTS: Readonly<Record<string, string>> = {
  waterbearQsQ: '35838146acc7388bcf042507f8a8ae8b4ecf5a4dbc1ce7230d0c2ee5f0af0cda',
  waterbearQ: 'e1c26921343098cd46eb3fbe26b80ffc61415a34ad8dc9c50157420e3917803a',
  waterbearQsC: 'a5f1737e40c2cb61278ebd3c42c552ad5303ee42680168d90f2e2f1d6a83b5ad',
  waterbearC: '3e913da5f4faf7a3d8947b975dfdeb1e152e879799b40aed25f05b08a8aa1455',
  ritas: '034e2e38c2b2c26e4db88fcba3a69303ea7df9871ed2cd02cfe43b30c339240f',
}

test.each(Object.entries(presets))(
  'the fingerprint of %s is golden: it changes only on purpose',
  (name, preset) => {
    expect(preset({ rng: noBits, sha256 }).fingerprint).toBe(FINGERPRINTS[name])
  },
)

test.each(Object.entries(presets))(
  'the fingerprint of %s follows every choice that members share',
  (_, preset) => {
    const base = { rng: noBits, sha256 }
    const choices = [{}, { payloadBytesMax: 65 }, { depth: 2 }, { epochsAhead: 3 }, { epochsKept: 2 }]
    const fingerprints = choices.map(choice => preset({ ...base, ...choice }).fingerprint)
    expect(new Set(fingerprints).size).toBe(choices.length)
  },
)

test.each(Object.entries(presets))(
  'the fingerprint of %s ignores what is a member’s own affair',
  (_, preset) => {
    const { fingerprint: expected } = preset({ rng: noBits, sha256 })
    const own = { rng: { bit: () => 1 as const }, sha256: nodeCrypto.sha256, senderQueueBytesMax: 1 }
    expect(preset(own).fingerprint).toBe(expected)
  },
)

test('the descriptor of a suite is data all the way down, and says what it is for', () => {
  const { descriptor } = waterbearQ({ rng: noBits, sha256 })
  expect(JSON.parse(JSON.stringify(descriptor))).toEqual(descriptor)
  expect(descriptor).toMatchObject({
    name: 'suite/waterbear-q',
    parameters: { purpose: 'network' },
    parts: {
      abc: {
        name: 'abc/epochs',
        parts: {
          acs: {
            name: 'acs/raba-subset',
            parts: { rbc: { name: 'rbc/bracha' }, raba: { name: 'raba/quadratic' } },
          },
        },
      },
    },
  })
})

test('a network gets no part that is for tests only, and none that is not binding', () => {
  const weak = [acs(fixedCoin([0, 1])), acs(undefined, false)]
  const reasons = ['coin/fixed in weak is for tests only', 'raba/quadratic in weak is not binding']
  weak.forEach((part, at) => {
    expect(() => suite({ name: 'weak', acs: part, sha256 })).toThrow(RangeError)
    expect(() => suite({ name: 'weak', acs: part, sha256 })).toThrow(reasons[at] as string)
  })
})

test('a benchmark may use weak parts, and can never be taken for a network', () => {
  const options: SuiteOptions<never> = { name: 'published', acs: acs() as never, sha256 }
  const benchmark = suite({ ...options, purpose: 'benchmark' })
  expect(benchmark.descriptor.parameters).toEqual({ purpose: 'benchmark' })
  expect(benchmark.fingerprint).not.toBe(suite(options).fingerprint)
  expect(() =>
    suite({ name: 'published', acs: acs(undefined, false), sha256, purpose: 'benchmark' }),
  ).not.toThrow()
  expect(() => suite({ name: 'toy', acs: acs(fixedCoin([1])), sha256, purpose: 'benchmark' })).not.toThrow()
})

test('a suite has a name in kebab case', () => {
  for (const name of ['', 'Upper', 'a b', 'a--b', '-a', 'a_b']) {
    expect(() => suite({ name, acs: acs(), sha256 })).toThrow(RangeError)
  }
})

test('a suite tells how many proposals a batch holds at least: f + 2, not n − f', () => {
  const { guaranteedSlots } = waterbearQsQ({ rng: noBits, sha256 })
  expect([4, 7, 10, 13].map(n => guaranteedSlots({ n, f: (n - 1) / 3 }))).toEqual([3, 4, 5, 6])
})

test('the numbers of a suite are checked where it is composed', () => {
  for (const wrong of [
    { depth: 0 },
    { epochsAhead: -1 },
    { payloadBytesMax: -1 },
    { senderQueueBytesMax: 0.5 },
  ]) {
    expect(() => waterbearQsQ({ rng: noBits, sha256, ...wrong })).toThrow(RangeError)
  }
})

test('payloads are bounded by the broadcast', () => {
  expect(waterbearQsQ({ rng: noBits, sha256, payloadBytesMax: 1000 }).atomicBroadcast.payloadBytesMax).toBe(
    1000,
  )
  expect(ctRbc({ sha256, payloadBytesMax: 1000 }).payloadBytesMax).toBe(1000)
})
