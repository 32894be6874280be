/**
 * Which shared keys a system needs, by the names of its parts.
 */
import type { SuiteNames } from './compose/names.js'
import type { SuiteKeys } from './keys.js'

/** The groups that keys live in, by the names of `ristretto255` and `blsG1` of @mc/crypto. */
export type KeyGroup = 'ristretto255/xmd-sha512' | 'bls12-381-g1/xmd-sha256'

/** One shared key: what for, and in which group. */
export interface KeyNeed {
  readonly purpose: keyof SuiteKeys
  readonly group: KeyGroup
}

/** The keys of the named parts, each a key set of its own; none for a system without set-up. */
export function keyNeeds(names: SuiteNames): readonly KeyNeed[] {
  const needs: KeyNeed[] = []
  if (names.coin !== 'coin/local') {
    needs.push({ purpose: 'coin', group: names.coin === 'coin/bls' ? PAIRING : PLAIN })
  }
  if (names.acs === 'acs/fin') needs.push({ purpose: 'election', group: PLAIN })
  if (names.encryption !== undefined) {
    const isPairing = names.encryption === 'encryption/baek-zheng'
    needs.push({ purpose: 'encryption', group: isPairing ? PAIRING : PLAIN })
  }
  return needs
}

const PLAIN: KeyGroup = 'ristretto255/xmd-sha512'
const PAIRING: KeyGroup = 'bls12-381-g1/xmd-sha256'
