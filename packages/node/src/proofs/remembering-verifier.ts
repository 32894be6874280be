/**
 * A verifier that knows some answers already, and computes the others.
 */
import type {
  BallotStatement,
  Claim,
  IdentityVerifier,
  MembershipStatement,
  PossessionStatement,
  SignatureStatement,
} from '@mc/identity'
import type { ProofClaim } from './claim.js'

/** Answers from what is known, else from the verifier behind it. Its answers are those of that verifier. */
export class RememberingVerifier implements IdentityVerifier {
  /** Claims whose answer was known, and claims that had to be computed. */
  readonly counts: { known: number; computed: number } = { known: 0, computed: 0 }
  readonly #identity: IdentityVerifier
  readonly #verdictOn: (claim: ProofClaim) => boolean | undefined

  constructor(identity: IdentityVerifier, verdictOn: (claim: ProofClaim) => boolean | undefined) {
    this.#identity = identity
    this.#verdictOn = verdictOn
  }

  verifyMembership(statement: MembershipStatement, proof: Uint8Array): boolean {
    return (
      this.#known({ type: 'membership', statement, proof }) ??
      this.#identity.verifyMembership(statement, proof)
    )
  }

  verifyMembershipBatch(claims: readonly Claim<MembershipStatement>[]): readonly boolean[] {
    return this.#batch(
      claims,
      claim => ({ type: 'membership', ...claim }),
      unknown => this.#identity.verifyMembershipBatch(unknown),
    )
  }

  verifySignature(statement: SignatureStatement, signature: Uint8Array): boolean {
    return (
      this.#known({ type: 'signature', statement, proof: signature }) ??
      this.#identity.verifySignature(statement, signature)
    )
  }

  verifySignatureBatch(claims: readonly Claim<SignatureStatement>[]): readonly boolean[] {
    return this.#batch(
      claims,
      claim => ({ type: 'signature', ...claim }),
      unknown => this.#identity.verifySignatureBatch(unknown),
    )
  }

  verifyBallot(statement: BallotStatement, proof: Uint8Array): boolean {
    return this.#known({ type: 'ballot', statement, proof }) ?? this.#identity.verifyBallot(statement, proof)
  }

  verifyPossession(statement: PossessionStatement, proof: Uint8Array): boolean {
    return this.#identity.verifyPossession(statement, proof)
  }

  verifyMutualVouch(...question: Parameters<IdentityVerifier['verifyMutualVouch']>): boolean {
    return this.#identity.verifyMutualVouch(...question)
  }

  verifyConsent(...question: Parameters<IdentityVerifier['verifyConsent']>): boolean {
    return this.#identity.verifyConsent(...question)
  }

  #known(claim: ProofClaim): boolean | undefined {
    const verdict = this.#verdictOn(claim)
    if (verdict === undefined) this.counts.computed += 1
    else this.counts.known += 1
    return verdict
  }

  #batch<Statement>(
    claims: readonly Claim<Statement>[],
    named: (claim: Claim<Statement>) => ProofClaim,
    verify: (claims: readonly Claim<Statement>[]) => readonly boolean[],
  ): readonly boolean[] {
    const known = claims.map(claim => this.#known(named(claim)))
    const unknown = claims.filter((_, at) => known[at] === undefined)
    const computed = (unknown.length === 0 ? [] : verify(unknown)).values()
    return known.map(verdict => verdict ?? computed.next().value === true)
  }
}
