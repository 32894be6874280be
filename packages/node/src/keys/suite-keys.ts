/**
 * Generated keys as suites take them.
 */
import type { Sha256 } from '@mc/crypto'
import { blsG1, pairingEncryption, portableBls, thresholdBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { type PrimeGroup, ristretto255, thresholdEncryption, thresholdPrf } from '@mc/crypto/threshold'
import type { GeneratedKey, NeededKey } from '@mc/dkg'
import type { SuiteKeys } from '@mc/presets'

/** The groups that keys may live in, by name. */
export const KEY_GROUPS: ReadonlyMap<string, PrimeGroup<never>> = new Map(
  [ristretto255, blsG1].map(group => [group.name, group as unknown as PrimeGroup<never>]),
)

/**
 * Our hold on the keys of a suite.
 *
 * @param keys in the order of `needs`.
 * @throws RangeError if a purpose or a group is none that a suite knows.
 */
export function suiteKeys(
  needs: readonly NeededKey[],
  keys: readonly GeneratedKey[],
  sha256: Sha256,
): SuiteKeys {
  return Object.assign({}, ...needs.map((need, at) => held(need, keys[at] as GeneratedKey, sha256)))
}

function held({ purpose, group }: NeededKey, { keys, secretShare }: GeneratedKey, sha256: Sha256): SuiteKeys {
  const isPairing = group === blsG1.name
  const bls = nodeBls() ?? portableBls
  switch (purpose) {
    case 'coin': {
      const scheme = isPairing ? thresholdBls({ bls, sha256, keys }) : prf(keys, sha256)
      return { coin: { scheme, secretShare } }
    }
    case 'election':
      return { election: { scheme: prf(keys, sha256), secretShare } }
    case 'encryption': {
      const scheme = isPairing
        ? pairingEncryption({ bls, sha256, keys })
        : thresholdEncryption({ group: ristretto255, sha256, keys })
      return { encryption: { scheme, secretShare } }
    }
    default:
      throw new RangeError(`keys: no suite has a key for "${purpose}"`)
  }
}

const prf = (keys: GeneratedKey['keys'], sha256: Sha256) =>
  thresholdPrf({ group: ristretto255, sha256, keys })
