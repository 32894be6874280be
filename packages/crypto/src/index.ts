/**
 * Hashes, Merkle trees and logs, signatures, randomness: what protocols need, with the platform injected.
 *
 * The primitives come from a provider: `@mc/crypto/portable` anywhere, `@mc/crypto/node` on Node.
 *
 * @packageDocumentation
 */
export { domainHash, domainHasher } from './domain-hash.js'
export {
  asDigest,
  compareBytes,
  type Digest,
  digestKey,
  equalBytes,
  equalSecret,
  IDENTIFIER_BYTES_MAX,
  keyDigest,
} from './identifier.js'
export { logLeafHash, logNodeHash, MerkleLog, type MerkleLogSnapshot } from './merkle-log.js'
export {
  type ConsistencyClaim,
  type ConsistencyQuery,
  consistencyProof,
  type InclusionClaim,
  type InclusionQuery,
  inclusionProof,
  merkleLogRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle-log-proof.js'
export { MERKLE_LEAVES_MAX, merkleProofBytes } from './merkle-nodes.js'
export { MerkleProofs } from './merkle-proofs.js'
export {
  type MerkleClaim,
  type MerkleTree,
  merkleRoot,
  merkleTree,
  verifyMerkleProof,
} from './merkle-tree.js'
export type { CryptoProvider } from './provider.js'
export { type Rng, type RngSource, streamRng, systemRng } from './rng.js'
export { seededRng } from './seeded-rng.js'
export { DIGEST_BYTES, type Sha256 } from './sha256.js'
export type { SignatureScheme } from './signature.js'
export {
  ED25519_PUBLIC_KEY_BYTES,
  ED25519_SECRET_KEY_BYTES,
  ED25519_SIGNATURE_BYTES,
  isStrictEd25519,
  requireEd25519Secret,
  STRICT_ED25519,
} from './strict-ed25519.js'
