import { type Acs, bindingGather } from '@mc/acs'
import {
  avidDispersal,
  avidMDispersal,
  avidMRetrieval,
  avidRetrieval,
  hashVectorCommitment,
  merkleCommitment,
  nearOptimalDispersal,
  nearOptimalRetrieval,
} from '@mc/avid'
import { fixedCoin } from '@mc/coin'
import {
  composeAba,
  composeAcs,
  composeRaba,
  composeSuite,
  NAMES,
  PARTS,
  type PartEntry,
  PRESETS,
  type SuiteKeys,
} from '@mc/presets'
import type { Committee, Descriptor, ProtocolDefinition } from '@mc/protocol'
import { brachaRbc, ctRbc, hashBrachaRbc, type Rbc } from '@mc/rbc'
import { fifo, simulate } from '@mc/sim'
import { describe, expect, test } from 'vitest'
import { composed, everySystem } from './composed.js'
import { dealtKeys } from './dealt-keys.js'
import { entryOf, everyPreset, factoryOf, makerOf } from './every-preset.js'
import { noBits, sha256 } from './suites.js'

const commitment = merkleCommitment({ sha256, payloadBytesMax: 64 })
const payloadBytesMax = 64

/** Every descriptor there is: those inside composed systems, and the parts that no composition by name has a place for. */
const descriptors = new Map<string, Descriptor>()
const collect = (descriptor: Descriptor): void => {
  descriptors.set(descriptor.name, descriptor)
  for (const part of Object.values(descriptor.parts)) collect(part)
}
for (const names of everySystem()) collect(composed(names, 4, 0).descriptor)
for (const part of [
  fixedCoin([1]),
  bindingGather(),
  avidDispersal({ commitment }),
  avidRetrieval({ commitment }),
  avidMDispersal({ commitment }),
  avidMRetrieval({ commitment }),
  hashVectorCommitment({ sha256, payloadBytesMax }),
  nearOptimalDispersal({ commitment: hashVectorCommitment({ sha256, payloadBytesMax }) }),
  nearOptimalRetrieval({ commitment: hashVectorCommitment({ sha256, payloadBytesMax }) }),
]) {
  collect(part)
}

const isPart = ({ name }: Descriptor): boolean => !name.startsWith('suite/') && !name.startsWith('abc/')
const entry = (name: string): PartEntry => PARTS.find(part => part.name === name) as PartEntry

describe('the catalogue of parts', () => {
  test('names every part that a system is made of, once, and nothing that does not exist', () => {
    const named = PARTS.filter(({ role }) => role !== 'encryption').map(({ name }) => name)
    expect(new Set(named).size).toBe(named.length)
    expect(named.sort()).toEqual(
      [...descriptors.values()]
        .filter(isPart)
        .map(({ name }) => name)
        .sort(),
    )
  })

  test('has the wire version of every part’s descriptor', () => {
    for (const { name, role, wireVersion } of PARTS) {
      if (role !== 'encryption')
        expect([name, wireVersion]).toEqual([name, descriptors.get(name)?.wireVersion])
    }
  })

  test('names the factory that its package exports', async () => {
    for (const { factory, from } of PARTS) {
      const exported: Readonly<Record<string, unknown>> = await import(from)
      expect([factory, typeof exported[factory]]).toEqual([factory, 'function'])
    }
  })

  test('knows every name that compositions know, in its place', () => {
    for (const [place, names] of Object.entries(NAMES)) {
      for (const name of names) expect([name, entry(name)?.role]).toEqual([name, place])
    }
  })

  test('agrees with the descriptors about what is refused: not binding, or for tests only', () => {
    for (const { name, status } of PARTS) {
      const { binding, testOnly } = descriptors.get(name)?.parameters ?? {}
      if (binding === false) expect([name, status]).toEqual([name, 'historical'])
      if (testOnly === true) expect([name, status]).toEqual([name, 'benchmark only'])
    }
  })

  test('says of a part that it needs a key where its descriptor names one', () => {
    for (const { name, role, setUp } of PARTS) {
      if (role === 'encryption') continue
      expect([name, setUp === 'shared key']).toEqual([
        name,
        descriptors.get(name)?.parameters['keyOrigin'] !== undefined,
      ])
    }
  })

  test('has one default for broadcasts, agreements, coins, commitments and subsets', () => {
    const defaults = PARTS.filter(({ status }) => status === 'default').map(({ role }) => role)
    expect(defaults.sort()).toEqual(['acs', 'coin', 'commitment', 'raba', 'rbc'])
  })
})

/** n + 2n² and its like, evaluated. */
function evaluated(formula: string, n: number): number {
  return formula
    .split(' + ')
    .map(term => {
      const [, factor, variable, power] = /^(\d*)(n?)([²³]?)$/.exec(term) as RegExpExecArray
      const base = variable === 'n' ? n ** (power === '²' ? 2 : power === '³' ? 3 : 1) : 1
      return Number(factor === '' ? 1 : factor) * base
    })
    .reduce((sum, term) => sum + term)
}

/** What a run without faults costs, the copies to oneself included: every member's own copy of what it sends to all. */
function costOf<Input, Output>(
  protocol: ProtocolDefinition<never, Input, unknown, Output>,
  n: number,
  inputs: (index: number) => Input | undefined,
  params: Readonly<Record<string, unknown>>,
): { readonly messages: number; readonly steps: number } {
  const { cost, violations } = simulate<{ readonly committee: Committee }, Input, unknown, Output>({
    seed: 0,
    n,
    protocol: () => protocol as ProtocolDefinition<{ readonly committee: Committee }, Input, unknown, Output>,
    params: committee => ({ committee, ...params }),
    inputs,
    schedule: fifo(),
  })
  expect(violations).toEqual([])
  return { messages: cost.messages, steps: cost.depth }
}

describe('the counts of the catalogue are those of runs without faults', () => {
  const broadcasts: readonly Rbc<unknown>[] = [
    brachaRbc({ sha256, payloadBytesMax }),
    ctRbc({ sha256, payloadBytesMax }),
    hashBrachaRbc({ sha256, payloadBytesMax }),
  ] as unknown as readonly Rbc<unknown>[]

  test.each(broadcasts.map(rbc => [rbc.name, rbc] as const))('%s', (name, rbc) => {
    for (const n of [4, 7]) {
      const input = (index: number) => (index === 0 ? new Uint8Array(20) : undefined)
      const { messages, steps } = costOf(rbc as never, n, input, { proposer: 0 })
      // The copies to oneself are free in a simulation: one of the proposal, and two of every member.
      expect(messages).toBe(evaluated(entry(name).messages, n) - 1 - 2 * n)
      expect(steps).toBe(Number(entry(name).steps))
    }
  })

  test.each([
    ['raba/quadratic', 1, 1],
    ['raba/quadratic', 0, 4],
    ['raba/cubic', 1, 3],
    ['raba/cubic', 0, 5],
    ['aba/quadratic', 1, 5],
    ['aba/cubic', 1, 6],
    ['aba/bracha', 1, 9],
    ['aba/crain', 1, 5],
    ['aba/crain', 0, 5],
  ] as const)('%s: unanimous %i takes %i steps', (agreement, bit, steps) => {
    const options = { rng: noBits, sha256 }
    const names = { agreement, coin: 'coin/local' } as const
    const protocol = agreement.startsWith('raba/')
      ? composeRaba(names as Parameters<typeof composeRaba>[0], options)
      : composeAba(names as Parameters<typeof composeAba>[0], options)
    const cost = costOf(protocol as never, 4, () => ({ type: 'propose', bit }), { domain: ['count'] })
    expect(cost.steps).toBe(steps)
    expect(entry(agreement).steps).toContain(String(steps))
  })
})

describe.each(everyPreset())('the catalogue’s entry of %s', name => {
  const { parts, factory } = entryOf(name)
  const suite = makerOf(name)({ rng: noBits as never, index: 0, n: 4 })

  test('has the name of its suite, and its parts are those that compose it', () => {
    expect(suite.name).toBe(name)
    const same = composeSuite(parts, {
      name,
      rng: noBits,
      sha256,
      keys: dealtKeys(parts, 4)[0] as SuiteKeys,
      purpose: 'benchmark',
      payloadBytesMax,
    })
    expect(same.descriptor).toEqual(suite.descriptor)
    expect(same.fingerprint).toBe(suite.fingerprint)
  })

  test('says rightly how its members choose what to propose', () => {
    expect(suite.selection).toBe(entryOf(name).selection)
  })

  test('says rightly how many proposals a batch holds, and whether keys are needed', () => {
    const { slots, setUp, adaptive, quantum } = entryOf(name)
    expect(suite.guaranteedSlots({ n: 10, f: 3 })).toBe(slots === 'n − f' ? 7 : 5)
    const needsKeys = JSON.stringify(suite.descriptor).includes('"keyOrigin"')
    expect(setUp).toBe(needsKeys ? 'shared keys' : 'none')
    // Keys of a committee are static and not safe against quantum computers, all of those that are here.
    expect([adaptive, quantum]).toEqual([!needsKeys, !needsKeys])
  })

  test('a network gets it without keys, or with keys that no dealer knew', () => {
    const keys = dealtKeys(parts, 4)[0] as Required<SuiteKeys>
    const forNetwork = () => factoryOf(name)({ rng: noBits, sha256, keys })
    if (entryOf(name).setUp === 'none') expect(forNetwork).not.toThrow()
    else expect(forNetwork).toThrow('has a key that a dealer knew')
  })

  test('names a factory', () => {
    expect(factory).toMatch(/^[a-z][A-Za-z0-9]+$/)
  })
})

test('there is one default system', () => {
  expect(PRESETS.filter(({ status }) => status === 'default').map(({ name }) => name)).toEqual([
    'waterbear-qs-q',
  ])
})

test('composed subsets carry the payload that was asked for, encrypted or not', () => {
  for (const names of everySystem()) {
    const acs: Acs<unknown> = composeAcs(names, {
      rng: noBits,
      sha256,
      keys: dealtKeys(names, 4)[0] as SuiteKeys,
      payloadBytesMax: 1_000,
    })
    expect(acs.payloadBytesMax).toBe(1_000)
  }
})
