/**
 * Keys of whole committees from a dealer, who knows them all: for tests and benchmarks, where one process plays everybody.
 *
 * A suite for a network refuses what is dealt here. Loads the curves of @noble/curves.
 *
 * @packageDocumentation
 */

import type { EncryptionKey } from '@mc/acs'
import type { Rng, Sha256 } from '@mc/crypto'
import { blsG1, pairingEncryption, portableBls, thresholdBls } from '@mc/crypto/bls'
import {
  dealKeys,
  type PrimeGroup,
  ristretto255,
  thresholdEncryption,
  thresholdPrf,
} from '@mc/crypto/threshold'
import { faultsTolerated } from '@mc/protocol'
import type { SuiteNames } from './compose/names.js'
import type { CoinKey, SuiteKeys } from './keys.js'

/** What a committee's keys are dealt from. */
export interface DealSuiteKeysOptions {
  /** Says which keys are needed: those of the parts it names. */
  readonly names: SuiteNames
  readonly n: number
  readonly rng: Rng
  readonly sha256: Sha256
  /** Signs and verifies for `coin/bls`; the portable provider by default, which is slow. */
  readonly bls?: typeof portableBls
  /** Where all other keys live; ristretto255 by default. */
  readonly group?: PrimeGroup<never>
}

/**
 * The keys that the named parts need, for members 0 … n − 1, each key set dealt by itself with a threshold of f + 1.
 *
 * @throws RangeError unless n ≥ 1.
 */
export function dealSuiteKeys(options: DealSuiteKeysOptions): readonly SuiteKeys[] {
  const { names, n } = options
  const coin = names.coin === 'coin/local' ? undefined : coinKeys(options)
  const election = names.acs === 'acs/fin' ? prfKeys(options) : undefined
  const encryption = names.encryption === undefined ? undefined : encryptionKeys(options)
  return Array.from({ length: n }, (_, self) => ({
    ...(coin && { coin: coin[self] as CoinKey }),
    ...(election && { election: election[self] as CoinKey }),
    ...(encryption && { encryption: encryption[self] as EncryptionKey }),
  }))
}

const coinKeys = (options: DealSuiteKeysOptions): readonly CoinKey[] =>
  options.names.coin === 'coin/bls' ? blsKeys(options) : prfKeys(options)

function blsKeys({ n, rng, sha256, bls = portableBls }: DealSuiteKeysOptions): readonly CoinKey[] {
  const { keys, secretShares } = dealKeys({ group: blsG1, ...sharing(n), rng })
  const scheme = thresholdBls({ bls, sha256, keys })
  return secretShares.map(secretShare => ({ scheme, secretShare }))
}

function prfKeys({
  n,
  rng,
  sha256,
  group = ristretto255 as PrimeGroup<never>,
}: DealSuiteKeysOptions): readonly CoinKey[] {
  const { keys, secretShares } = dealKeys({ group, ...sharing(n), rng })
  const scheme = thresholdPrf({ group, sha256, keys })
  return secretShares.map(secretShare => ({ scheme, secretShare }))
}

function encryptionKeys(options: DealSuiteKeysOptions): readonly EncryptionKey[] {
  const { names, n, rng, sha256, bls = portableBls, group = ristretto255 as PrimeGroup<never> } = options
  if (names.encryption === 'encryption/baek-zheng') {
    const { keys, secretShares } = dealKeys({ group: blsG1, ...sharing(n), rng })
    const scheme = pairingEncryption({ bls, sha256, keys })
    return secretShares.map(secretShare => ({ scheme, secretShare }))
  }
  const { keys, secretShares } = dealKeys({ group, ...sharing(n), rng })
  const scheme = thresholdEncryption({ group, sha256, keys })
  return secretShares.map(secretShare => ({ scheme, secretShare }))
}

const sharing = (n: number): { readonly members: number; readonly threshold: number } => ({
  members: n,
  threshold: faultsTolerated(n) + 1,
})
