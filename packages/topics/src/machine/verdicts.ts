/**
 * Remembers which signatures and proofs are good, so that what was checked when it came in is not checked again when it is agreed,
 * and checks many at once where that is cheaper. A verdict is a pure function of the claim, so remembering changes nothing.
 */
import { digestKey, type Sha256 } from '@mc/crypto'
import type { Claim, IdentityVerifier, MembershipStatement, Scope, SignatureStatement } from '@mc/identity'

/** Verdicts that are remembered unless told otherwise. */
const REMEMBERED_MAX = 65_536

/** Whether a signature of a message is good by a key. */
interface SignatureVerdict {
  readonly key: Uint8Array
  readonly message: Uint8Array
  readonly isGood: boolean
}

/** What is known about claims. */
export class Verdicts {
  readonly #known = new Map<string, boolean>()
  /** Verdicts on the signatures that were prepared last, by the very bytes: found without a hash. */
  readonly #prepared = new Map<Uint8Array, SignatureVerdict>()
  readonly #sha256: Sha256
  readonly #identity: IdentityVerifier
  readonly #rememberedMax: number

  constructor(sha256: Sha256, identity: IdentityVerifier, rememberedMax: number = REMEMBERED_MAX) {
    this.#sha256 = sha256
    this.#identity = identity
    this.#rememberedMax = rememberedMax
  }

  /** Whether a signature is good. */
  signature(claim: Claim<SignatureStatement>): boolean {
    const { key, message } = claim.statement
    const prepared = this.#prepared.get(claim.proof)
    // The key may have changed since.
    if (prepared?.key === key && prepared.message === message) return prepared.isGood
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
    const verdicts = this.#prepare(
      signatures,
      one => this.#nameOfSignature(one),
      many => this.#identity.verifySignatureBatch(many),
    )
    this.#prepared.clear()
    for (const [at, { statement, proof }] of signatures.entries()) {
      const { key, message } = statement
      this.#prepared.set(proof, { key, message, isGood: verdicts[at] === true })
    }
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
  ): readonly boolean[] {
    const names = claims.map(nameOf)
    const verdicts = names.map(name => this.#known.get(name))
    const unknown = [...claims.keys()].filter(at => verdicts[at] === undefined)
    const found = unknown.length === 0 ? [] : verify(unknown.map(at => claims[at] as Claim<Statement>))
    for (const [index, at] of unknown.entries()) {
      verdicts[at] = this.#keep(names[at] as string, found[index] === true)
    }
    return verdicts as readonly boolean[]
  }

  // The message is the hash of a statement that names the signer, and with it the base and the scope.
  #nameOfSignature({ statement: { base, key, message }, proof }: Claim<SignatureStatement>): string {
    return digestKey(this.#sha256(base === 'generator' ? GENERATOR : SCOPES[base.type], key, message, proof))
  }

  #nameOfMembership({ statement: { ring, scope, tag, message }, proof }: Claim<MembershipStatement>): string {
    return digestKey(this.#sha256(PROOF, SCOPES[scope.type], ring.root, tag, message, proof))
  }

  #keep(name: string, verdict: boolean): boolean {
    if (this.#known.size >= this.#rememberedMax) this.#known.clear()
    if (this.#rememberedMax > 0) this.#known.set(name, verdict)
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
