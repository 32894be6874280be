import { type SuiteNames, suiteNames } from '@mc/presets'
import { describe, expect, test } from 'vitest'
import { composed, everySystem } from './composed.js'

const said = (names: Readonly<Record<string, string>>) => () => suiteNames(names)

describe('a system by the names of its parts', () => {
  test.each(everySystem().map(names => [Object.values(names).join(' + '), names] as const))(
    '%s: the descriptor names the parts that were asked for',
    (_, names) => {
      const { descriptor } = composed(names, 4, 0)
      const text = JSON.stringify(descriptor)
      for (const [place, name] of Object.entries(names)) {
        if (place !== 'encryption') expect(text).toContain(`"name":"${name}"`)
      }
      const layer = names.encryption === 'encryption/tdh2-by-clients' ? 'acs/causal' : 'acs/encrypted'
      if (names.encryption !== undefined) expect(text).toContain(`"name":"${layer}"`)
    },
  )

  test('a Raba and an Aba do not stand in for each other, and the refusal says why', () => {
    const rbc = 'rbc/ct'
    const coin = 'coin/local'
    expect(said({ acs: 'acs/raba-subset', rbc, agreement: 'aba/bracha', coin })).toThrow(
      'aba/bracha is an Aba; acs/raba-subset needs a Raba, because it proposes 0 early and comes back with 1',
    )
    expect(said({ acs: 'acs/bkr', rbc, agreement: 'raba/quadratic', coin })).toThrow(
      'raba/quadratic is a Raba; acs/bkr needs an Aba, because its members propose different bits',
    )
    expect(
      said({
        acs: 'acs/fin',
        rbc,
        agreement: 'aba/cobalt',
        coin: 'coin/cks',
        election: 'election/threshold',
      }),
    ).toThrow('aba/cobalt is an Aba; acs/fin needs a Raba')
  })

  test('an agreement over a common coin takes no other', () => {
    const names = { acs: 'acs/bkr', rbc: 'rbc/ct', agreement: 'aba/cobalt' }
    expect(said({ ...names, coin: 'coin/local' })).toThrow(
      'coin/local differs between members; aba/cobalt needs a common coin (coin/cks or coin/bls)',
    )
    expect(said({ ...names, coin: 'coin/hybrid' })).toThrow('coin/hybrid is common in later rounds only')
  })

  test('unknown, missing, misplaced and superfluous parts are refused in words', () => {
    const names = { acs: 'acs/raba-subset', rbc: 'rbc/ct', agreement: 'raba/quadratic', coin: 'coin/local' }
    expect(said({ ...names, rbc: 'rbc/pigeon' })).toThrow(
      'there is no part "rbc/pigeon"; for a reliable broadcast there are rbc/ct',
    )
    expect(said({ ...names, coin: 'rbc/ct' })).toThrow(
      'rbc/ct is a reliable broadcast; raba/quadratic needs a coin',
    )
    expect(said({ acs: 'acs/raba-subset', rbc: 'rbc/ct' })).toThrow('acs/raba-subset needs a Raba; there are')
    expect(said({ ...names, election: 'election/threshold' })).toThrow(
      'acs/raba-subset has no place for election (election/threshold)',
    )
    expect(said({})).toThrow('a system needs a common subset')
  })

  test('operations that clients sealed need one epoch at a time', () => {
    const names: SuiteNames = {
      acs: 'acs/bkr',
      rbc: 'rbc/ct',
      agreement: 'aba/cobalt',
      coin: 'coin/cks',
      encryption: 'encryption/tdh2-by-clients',
    }
    expect(() => composed(names, 4, 0, { depth: 1 })).not.toThrow()
    expect(() => composed(names, 4, 0, { depth: 2 })).toThrow('causal order needs one epoch at a time')
  })

  test('near-optimal dispersal takes a vector of hashes and no tree', () => {
    const names = {
      acs: 'acs/dispersed',
      dispersal: 'dispersal/near-optimal',
      agreement: 'aba/cobalt',
      coin: 'coin/cks',
    }
    expect(said({ ...names, commitment: 'commitment/hash-vector' })).not.toThrow()
    expect(said({ ...names, commitment: 'commitment/merkle' })).toThrow(
      'dispersal/near-optimal spreads the vector of commitment/hash-vector; commitment/merkle has none',
    )
  })

  test('a part that needs a key says so where there is none', () => {
    const names: SuiteNames = { acs: 'acs/bkr', rbc: 'rbc/ct', agreement: 'aba/cobalt', coin: 'coin/cks' }
    expect(() => composed(names, 4, 0, { keys: {} })).toThrow('coin/cks needs keys.coin')
  })

  test('a network gets no dealt key, and the refusal names the part', () => {
    const names: SuiteNames = { acs: 'acs/bkr', rbc: 'rbc/ct', agreement: 'aba/cobalt', coin: 'coin/cks' }
    expect(() => composed(names, 4, 0, { purpose: 'network' })).toThrow(
      'coin/cks in bkr-ct-cobalt-cks has a key that a dealer knew, not one that the members generated',
    )
  })
})
