import { seededRng } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { composeSuite, keyNeeds, PRESETS } from '@mc/presets'
import { dealSuiteKeys } from '@mc/presets/dealt'
import { expect, test } from 'vitest'
import { benchFingerprint } from '../src/bench/bench-suite.js'
import { requireKeyed, requireKeyless } from '../src/presets.js'
import { KEYED, KEYLESS, type MakeSuite, needsOf, SUITES } from '../src/suites.js'

const { sha256 } = nodeCrypto
const rng = seededRng('suites', sha256)

test('every system of the catalogue has a factory: a network begins with those without set-up, and grows into the others', () => {
  expect(Object.keys(SUITES).sort()).toEqual(PRESETS.map(({ name }) => name).sort())
  for (const { name, setUp } of PRESETS) {
    expect(Object.keys(setUp === 'none' ? KEYLESS : KEYED)).toContain(name)
    if (setUp === 'none') requireKeyless(name)
    else requireKeyed(name)
  }
})

test('a name and the names of its parts are the same system', () => {
  for (const { name, parts } of PRESETS) {
    const [keys] = dealSuiteKeys({ names: parts, n: 4, rng, sha256 })
    const options = { name, rng, sha256, purpose: 'benchmark', ...(keys && { keys }) } as const
    const made = (SUITES[name] as MakeSuite)(needsOf(name).length === 0 ? { rng, sha256 } : options)
    const { fingerprint } = composeSuite(parts, needsOf(name).length === 0 ? { name, rng, sha256 } : options)
    expect(made.fingerprint, name).toBe(fingerprint)
  }
})

test('a system over keys cannot be made without them, nor on a network with keys that were dealt', () => {
  for (const { name, parts } of PRESETS.filter(({ parts }) => keyNeeds(parts).length > 0)) {
    const make = SUITES[name] as MakeSuite
    expect(() => make({ rng, sha256 })).toThrow(`${name} needs a shared key`)
    const [keys] = dealSuiteKeys({ names: parts, n: 4, rng, sha256 })
    expect(() => make({ rng, sha256, keys })).toThrow('a key that a dealer knew')
    expect(benchFingerprint(name, 4)).toMatch(/^[0-9a-f]{64}$/)
  }
})
