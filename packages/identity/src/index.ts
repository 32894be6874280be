/**
 * One person, one vote, without showing who voted what.
 *
 * @packageDocumentation
 */
export type { Ring } from './ring/ring.js'
export { type RateClass, type Scope, scopeBytes } from './scope.js'
export type {
  BallotStatement,
  Claim,
  IdentityVerifier,
  MembershipStatement,
  PossessionStatement,
  SignatureStatement,
} from './verifier.js'
