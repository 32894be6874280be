/**
 * Keys of whole committees, over a group that is fast and insecure.
 */
import { seededRng } from '@mc/crypto'
import { portableBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import type { PrimeGroup } from '@mc/crypto/threshold'
import type { SuiteKeys, SuiteNames } from '@mc/presets'
import { dealSuiteKeys } from '@mc/presets/dealt'

const { sha256 } = nodeCrypto

/** A hundred times as fast as a real group. */
export const fastGroup = insecureGroup(sha256) as PrimeGroup<unknown> as PrimeGroup<never>

const bls = nodeBls() ?? portableBls

const dealt = new Map<string, readonly SuiteKeys[]>()

/** The keys of members 0 … n − 1; the same for names that need the same. Dealt once, as pairings are slow. */
export function dealtKeys(names: SuiteNames, n: number, group = fastGroup): readonly SuiteKeys[] {
  const needs = `${names.coin} ${names.acs === 'acs/fin'} ${names.encryption} ${n}`
  const rng = seededRng(needs, sha256)
  const keys = dealt.get(needs) ?? dealSuiteKeys({ names, n, rng, sha256, bls, group })
  dealt.set(needs, keys)
  return keys
}
