import { rabaSubset } from '@mc/acs'
import { localCoin } from '@mc/coin'
import { suite } from '@mc/presets'
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

test('parts of the wrong kind do not compile', () => {
  expect(partsOfTheWrongKind).toBeTypeOf('function')
})
