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

/** The keys of members 0 … n − 1; the same for the same names. */
export const dealtKeys = (names: SuiteNames, n: number, group = fastGroup): readonly SuiteKeys[] =>
  dealSuiteKeys({ names, n, rng: seededRng(`${Object.values(names)} ${n}`, sha256), sha256, bls, group })
