import { rabaSubset } from '@mc/acs'
import { localCoin } from '@mc/coin'
import { type AbaNames, type RabaNames, type SuiteNames, suite } from '@mc/presets'
import { quadraticAba, quadraticRaba } from '@mc/raba'
import { brachaRbc } from '@mc/rbc'
import { expect, test } from 'vitest'
import { noBits, sha256 } from './suites.js'

/** Never called: the compiler is what is tested, and every expected error that does not come is an error. */
export function partsOfTheWrongKind(): void {
  const coin = localCoin({ rng: noBits })
  const raba = quadraticRaba({ coin })
  const rbc = brachaRbc({ sha256 })
  const acs = rabaSubset({ rbc, raba })
  suite({ name: 'right', acs, sha256 })
  // @ts-expect-error: an agreement is not a common subset
  suite({ name: 'wrong', acs: raba, sha256 })
  // @ts-expect-error: a broadcast is not a common subset
  suite({ name: 'wrong', acs: rbc, sha256 })
  // @ts-expect-error: a coin is not an agreement
  rabaSubset({ rbc, raba: coin })
  // @ts-expect-error: an ABA cannot repropose
  rabaSubset({ rbc, raba: quadraticAba({ coin }) })
  // @ts-expect-error: an agreement is not a broadcast
  rabaSubset({ rbc: raba, raba })
  // @ts-expect-error: a suite needs its hash
  suite({ name: 'wrong', acs })
}

/** Never called either: names that do not fit do not compile. */
export function namesOfTheWrongKind(): readonly unknown[] {
  const rbc = 'rbc/ct'
  const coin = 'coin/local'
  const right: SuiteNames = { acs: 'acs/raba-subset', rbc, agreement: 'raba/quadratic', coin }
  // @ts-expect-error: an Aba cannot repropose
  const aba: SuiteNames = { acs: 'acs/raba-subset', rbc, agreement: 'aba/bracha', coin }
  // @ts-expect-error: a Raba need not end for mixed inputs
  const raba: SuiteNames = { acs: 'acs/bkr', rbc, agreement: 'raba/quadratic', coin }
  // @ts-expect-error: Cobalt needs a common coin
  const local: AbaNames = { agreement: 'aba/cobalt', coin }
  // @ts-expect-error: a coin that is common later is not common
  const hybrid: RabaNames = { agreement: 'raba/pace-cobalt', coin: 'coin/hybrid' }
  // @ts-expect-error: without an election there is no leader
  const fin: SuiteNames = { acs: 'acs/fin', rbc, agreement: 'raba/quadratic', coin }
  // @ts-expect-error: a dispersed subset disperses and does not broadcast
  const dispersed: SuiteNames = { acs: 'acs/dispersed', rbc, agreement: 'aba/bracha', coin }
  // @ts-expect-error: a coin does not encrypt
  const encrypted: SuiteNames = { ...right, encryption: 'coin/cks' }
  return [right, aba, raba, local, hybrid, fin, dispersed, encrypted]
}

test('parts of the wrong kind do not compile', () => {
  expect(partsOfTheWrongKind).toBeTypeOf('function')
  expect(namesOfTheWrongKind).toBeTypeOf('function')
})
