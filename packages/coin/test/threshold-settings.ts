import { type Rng, seededRng } from '@mc/crypto'
import { blsG1, portableBls, thresholdBls } from '@mc/crypto/bls'
import { nodeBls } from '@mc/crypto/bls/node'
import { insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { dealKeys, type PrimeGroup, type ThresholdFunction, thresholdPrf } from '@mc/crypto/threshold'

export const { sha256 } = nodeCrypto

/** A key of four members and its function. */
export interface Shared {
  readonly scheme: ThresholdFunction
  readonly secretShares: readonly Uint8Array[]
}

export const fastGroup = insecureGroup(sha256)

export const rngOf = (seed: string): Rng => seededRng(seed, sha256)

/** A key set for the PRF over any group; the insecure one is a hundred times as fast. */
export function sharedPrf<Element>(
  group: PrimeGroup<Element>,
  { threshold = 2, members = 4, seed = 'key' } = {},
): Shared {
  const { keys, secretShares } = dealKeys({ group, members, threshold, rng: rngOf(seed) })
  return { scheme: thresholdPrf({ group, sha256, keys }), secretShares }
}

/** A key set for BLS, with the fastest provider there is. */
export function sharedBls(threshold = 2): Shared {
  const { keys, secretShares } = dealKeys({ group: blsG1, members: 4, threshold, rng: rngOf('bls') })
  return { scheme: thresholdBls({ bls: nodeBls() ?? portableBls, sha256, keys }), secretShares }
}
