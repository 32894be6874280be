/**
 * Remembers which signatures and proofs are good, so that what was checked when it came in is not checked again when it is agreed,
 * and checks many at once where that is cheaper. A verdict is a pure function of the claim, so remembering changes nothing.
 */
import { digestKey, type Sha256 } from '@mc/crypto'
import type { Claim, IdentityVerifier, MembershipStatement, Scope, SignatureStatement } from '@mc/identity'

const REMEMBERED_MAX = 65_536

/** What is known about claims. */
export class Verdicts {
  readonly #known = new Map<string, boolean>()
  readonly #sha256: Sha256
  readonly #identity: IdentityVerifier

  constructor(sha256: Sha256, identity: IdentityVerifier) {
    this.#sha256 = sha256
    this.#identity = identity
  }

  /** Whether a signature is good. */
  signature(claim: Claim<SignatureStatement>): boolean {
    const name = this.#nameOfSignature(claim)
    return (
      this.#known.get(name) ?? this.#keep(name, this.#identity.verifySignature(claim.statement, claim.proof))
    )
  }

  /** Whether a proof of membership is good. */
  membership(claim: Claim<MembershipStatement>): boolean {
    const name = this.#nameOfMembership(claim)
    return (
      this.#known.get(name) ?? this.#keep(name, this.#identity.verifyMembership(claim.statement, claim.proof))
    )
  }

  /** Checks all of these at once, as far as they are not known. */
  prepare(
    signatures: readonly Claim<SignatureStatement>[],
    memberships: readonly Claim<MembershipStatement>[],
  ): void {
    this.#prepare(
      signatures,
      one => this.#nameOfSignature(one),
      many => this.#identity.verifySignatureBatch(many),
    )
    this.#prepare(
      memberships,
      one => this.#nameOfMembership(one),
      many => this.#identity.verifyMembershipBatch(many),
    )
  }

  #prepare<Statement>(
    claims: readonly Claim<Statement>[],
    nameOf: (claim: Claim<Statement>) => string,
    verify: (claims: readonly Claim<Statement>[]) => readonly boolean[],
  ): void {
    const unknown = claims
      .map(claim => ({ claim, name: nameOf(claim) }))
      .filter(({ name }) => !this.#known.has(name))
    const verdicts = unknown.length === 0 ? [] : verify(unknown.map(({ claim }) => claim))
    for (const [at, { name }] of unknown.entries()) this.#keep(name, verdicts[at] === true)
  }

  // The message is the hash of a statement that names the signer, and with it the base and the scope.
  #nameOfSignature({ statement: { base, key, message }, proof }: Claim<SignatureStatement>): string {
    return digestKey(this.#sha256(base === 'generator' ? GENERATOR : SCOPES[base.type], key, message, proof))
  }

  #nameOfMembership({ statement: { ring, scope, tag, message }, proof }: Claim<MembershipStatement>): string {
    return digestKey(this.#sha256(PROOF, SCOPES[scope.type], ring.root, tag, message, proof))
  }

  #keep(name: string, verdict: boolean): boolean {
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(name, verdict)
    return verdict
  }
}

const GENERATOR = Uint8Array.of(0)
const PROOF = Uint8Array.of(255)
const SCOPES: Readonly<Record<Scope['type'], Uint8Array>> = {
  topic: Uint8Array.of(1),
  ballot: Uint8Array.of(2),
  rate: Uint8Array.of(3),
  meet: Uint8Array.of(4),
  evaluation: Uint8Array.of(5),
}
