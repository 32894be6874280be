/**
 * One person, one vote, without showing who voted what.
 *
 * @packageDocumentation
 */
export { LINKABLE_RING_MAX, SECRET_VOTERS_MIN } from './ballot/ballot.js'
export { linkableBytes } from './ballot/ring-signature.js'
export type { IdentityCrypto } from './identity-crypto.js'
export {
  type BallotProof,
  type IdentityProver,
  identityProver,
  type MembershipProof,
} from './identity-prover.js'
export { identityVerifier } from './identity-verifier.js'
export { KEY_BYTES, memberKey, newMemberSecret, provePossession, signOperation, tagOf } from './member-key.js'
export { membershipProofBytes } from './membership/proof-codec.js'
export { BATCH_MAX } from './membership/verify.js'
export { openRing, RING_SIZE_MAX, type Ring, type RingName, ringRoot } from './ring/ring.js'
export { SCHNORR_BYTES } from './schnorr.js'
export { type RateClass, type Scope, scopeBytes } from './scope.js'
export type {
  BallotStatement,
  Claim,
  IdentityVerifier,
  MembershipStatement,
  PossessionStatement,
  SignatureStatement,
} from './verifier.js'
