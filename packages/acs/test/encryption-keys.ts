/**
 * Keys of a committee for encrypted proposals, over a group that is fast and insecure.
 */
import type { EncryptionKey } from '@mc/acs'
import { seededRng } from '@mc/crypto'
import { insecureGroup } from '@mc/crypto/conformance'
import { nodeCrypto } from '@mc/crypto/node'
import { dealKeys, thresholdEncryption } from '@mc/crypto/threshold'
import { faultsTolerated } from '@mc/protocol'

const { sha256 } = nodeCrypto
const group = insecureGroup(sha256)

/** The keys of members 0 … n − 1; f + 1 of them open. */
export function encryptionKeys(n: number, threshold = faultsTolerated(n) + 1): readonly EncryptionKey[] {
  const rng = seededRng(`encryption ${n}`, sha256)
  const { keys, secretShares } = dealKeys({ group, members: n, threshold, rng })
  const scheme = thresholdEncryption({ group, sha256, keys })
  return secretShares.map(secretShare => ({ scheme, secretShare }))
}
