/** What keys, tags and proofs of persons are computed with here. */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { ristrettoEngine } from '@mc/crypto/ristretto'
import type { IdentityCrypto } from '@mc/identity'

/** SHA-256 of Node, and the ristretto engine. */
export const identityCrypto: IdentityCrypto = { sha256: crypto.sha256, ristretto: ristrettoEngine() }
