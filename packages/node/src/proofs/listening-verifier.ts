/**
 * A verifier that believes everything, and tells what it was asked: so a state machine says beforehand what it will want to know.
 */
import type {
  BallotStatement,
  Claim,
  IdentityVerifier,
  MembershipStatement,
  SignatureStatement,
} from '@mc/identity'
import type { ProofClaim } from './claim.js'

/** Collects claims, and says yes to all of them. */
export class ListeningVerifier implements IdentityVerifier {
  #heard: ProofClaim[] = []

  /** What it was asked since the last call. */
  take(): readonly ProofClaim[] {
    const heard = this.#heard
    this.#heard = []
    return heard
  }

  verifyMembership(statement: MembershipStatement, proof: Uint8Array): boolean {
    this.#heard.push({ type: 'membership', statement, proof })
    return true
  }

  verifyMembershipBatch(claims: readonly Claim<MembershipStatement>[]): readonly boolean[] {
    return claims.map(({ statement, proof }) => this.verifyMembership(statement, proof))
  }

  verifySignature(statement: SignatureStatement, signature: Uint8Array): boolean {
    this.#heard.push({ type: 'signature', statement, proof: signature })
    return true
  }

  verifySignatureBatch(claims: readonly Claim<SignatureStatement>[]): readonly boolean[] {
    return claims.map(({ statement, proof }) => this.verifySignature(statement, proof))
  }

  verifyBallot(statement: BallotStatement, proof: Uint8Array): boolean {
    this.#heard.push({ type: 'ballot', statement, proof })
    return true
  }

  /** Rare, and cheap: verified where they are met. */
  verifyPossession(): boolean {
    return true
  }

  verifyMutualVouch(): boolean {
    return true
  }

  verifyConsent(): boolean {
    return true
  }
}
