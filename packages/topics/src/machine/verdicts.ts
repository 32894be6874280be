/**
 * Remembers which signatures and proofs are good, so that what was checked when it came in is not checked again when it is agreed,
 * and checks many at once where that is cheaper. A verdict is a pure function of the claim, so remembering changes nothing.
 */
import { digestKey, type Sha256 } from '@mc/crypto'
import type { Claim, IdentityVerifier, MembershipStatement, SignatureStatement } from '@mc/identity'
import { utf8 } from '@mc/protocol/wire'

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

  #nameOfSignature({ statement: { base, key, message }, proof }: Claim<SignatureStatement>): string {
    const kind = base === 'generator' ? G : utf8(base.type)
    const id = base !== 'generator' && base.type === 'topic' ? base.topicId : NONE
    const slot = base !== 'generator' && base.type === 'rate' ? utf8(`${base.period}/${base.slot}`) : NONE
    return digestKey(this.#sha256(kind, id, slot, key, message, proof))
  }

  #nameOfMembership({ statement: { ring, scope, tag, message }, proof }: Claim<MembershipStatement>): string {
    const id = scope.type === 'topic' ? scope.topicId : NONE
    const slot = scope.type === 'rate' ? utf8(`${scope.period}/${scope.slot}`) : NONE
    return digestKey(this.#sha256(A, utf8(scope.type), id, slot, ring.root, tag, message, proof))
  }

  #keep(name: string, verdict: boolean): boolean {
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(name, verdict)
    return verdict
  }
}

const G = utf8('G')
const A = utf8('A')
const NONE = new Uint8Array(0)
