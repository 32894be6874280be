/**
 * What the state machine of topics asks of identity: questions about bytes, each answered true or false.
 *
 * Every method is total and a pure function of its arguments: all members answer alike, whatever a peer sent. A statement with an
 * identifier of the wrong length, a key that is no key, or a tag that is the identity is a statement that nothing proves.
 */
import type { AttestedFacts } from './admission/attestation.js'
import type { MutualSignatures, MutualVouch } from './meet/meet.js'
import type { Ring } from './ring/ring.js'
import type { Scope } from './scope.js'

/** That somebody of `ring` has the tag `tag` in `scope`, and says `message`. */
export interface MembershipStatement {
  readonly org: Uint8Array
  readonly ring: Ring
  readonly scope: Scope
  readonly tag: Uint8Array
  readonly message: Uint8Array
}

/** That the holder of `key` says `message`: of a member key, or of a tag in its scope. */
export interface SignatureStatement {
  readonly org: Uint8Array
  readonly base: 'generator' | Scope
  readonly key: Uint8Array
  readonly message: Uint8Array
}

/** That somebody of `ring`, whose keys are tags of the topic, casts `ballot`, and can have no second key image. */
export interface BallotStatement {
  readonly org: Uint8Array
  /** The pseudonyms of the meeting, as `openRing` made them. */
  readonly ring: Ring
  readonly topicId: Uint8Array
  readonly meetingId: Uint8Array
  readonly keyImage: Uint8Array
  readonly ballot: Uint8Array
  /** A higher version replaces a lower one of the same key image: the caller's rule. */
  readonly version: number
}

/** That whoever registers `key` knows its secret. */
export interface PossessionStatement {
  readonly org: Uint8Array
  readonly key: Uint8Array
}

/** A statement with what is offered as its proof. */
export interface Claim<Statement> {
  readonly statement: Statement
  readonly proof: Uint8Array
}

/** Verifies what members claim. Make one per node: it keeps working space and tables. */
export interface IdentityVerifier {
  /** Proof A. */
  verifyMembership(statement: MembershipStatement, proof: Uint8Array): boolean

  /**
   * Proof A many times: claims over one ring cost one multiplication over it together.
   *
   * Says of each claim what `verifyMembership` says; a false claim costs the time of sorting it out.
   */
  verifyMembershipBatch(claims: readonly Claim<MembershipStatement>[]): readonly boolean[]

  /** A Schnorr signature, 64 bytes. */
  verifySignature(statement: SignatureStatement, signature: Uint8Array): boolean

  verifySignatureBatch(claims: readonly Claim<SignatureStatement>[]): readonly boolean[]

  /** Proof B up to 64 voters, Proof A above. */
  verifyBallot(statement: BallotStatement, proof: Uint8Array): boolean

  /** The proof that comes with `member.add`. */
  verifyPossession(statement: PossessionStatement, proof: Uint8Array): boolean

  /** Whether both of two different people signed that they vouch for each other. */
  verifyMutualVouch(org: Uint8Array, vouch: MutualVouch, signatures: MutualSignatures): boolean

  /** Whether the subject of an attestation agrees to it; the attester's own signature is of another kind. */
  verifyConsent(org: Uint8Array, facts: AttestedFacts, signature: Uint8Array): boolean
}
