/**
 * Attestations: somebody vouches for a claim about a key, and the ledger sees a commitment and a dedup tag only.
 *
 * @see identity.md, section 10
 */
import { domainHash, equalBytes, type Rng, type SignatureScheme } from '@mc/crypto'
import { type Codec, type Decoded, fixedBytes, optional, struct, u8, uint } from '@mc/protocol/wire'
import { generatorBase, type IdentityCrypto } from '../identity-crypto.js'
import { type Signing, signSchnorr, verifySchnorr } from '../schnorr.js'

const facts = {
  attester: fixedBytes(32),
  subject: fixedBytes(32),
  commitment: fixedBytes(32),
  dedupTag: optional(fixedBytes(32)),
  evidenceClass: u8({ max: 3 }),
  fromS: uint(),
  toS: uint(),
} as const

/** An attestation as the ledger stores it; signed by the attester (Ed25519) and by its subject (the member key). */
export type Attestation = Decoded<typeof attestationCodec>

/** The canonical bytes of an attestation. */
export const attestationCodec: Codec<{
  readonly attester: Uint8Array
  readonly subject: Uint8Array
  readonly commitment: Uint8Array
  readonly dedupTag: Uint8Array | undefined
  readonly evidenceClass: number
  readonly fromS: number
  readonly toS: number
  readonly attesterSignature: Uint8Array
  readonly subjectSignature: Uint8Array
}> = struct({
  ...facts,
  attesterSignature: fixedBytes(64),
  subjectSignature: fixedBytes(64),
})

/** What an attester signs. */
export type AttestedFacts = Omit<Attestation, 'attesterSignature' | 'subjectSignature'>

/** What opens a commitment; the person keeps it, in an encrypted backup. */
export interface ClaimOpening {
  readonly salt: Uint8Array
  readonly claim: Uint8Array
}

/** The longest canonical claim. */
export const CLAIM_BYTES_MAX = 4_096

/** A claim with a fresh salt of 32 bytes. @throws RangeError for a longer claim. */
export function saltedClaim(claim: Uint8Array, rng: Rng): ClaimOpening {
  if (claim.length > CLAIM_BYTES_MAX) throw new RangeError(`attestation: a claim of ${claim.length} bytes`)
  return { salt: rng.bytes(32), claim }
}

/** H('mc/att', salt, claim, X): hides the claim, and binds it to the key. */
export const commitmentTo = (
  { salt, claim }: ClaimOpening,
  subject: Uint8Array,
  { sha256 }: Pick<IdentityCrypto, 'sha256'>,
): Uint8Array => domainHash(sha256, 'mc/att', salt, claim, subject)

/** Whether an opening is that of an attestation: what somebody checks to whom it is revealed. */
export const opensAttestation = (
  { commitment, subject }: Pick<Attestation, 'commitment' | 'subject'>,
  opening: ClaimOpening,
  crypto: Pick<IdentityCrypto, 'sha256'>,
): boolean => opening.salt.length === 32 && equalBytes(commitmentTo(opening, subject, crypto), commitment)

/** Who signs for whom, and with what. */
export interface AttestationCrypto extends IdentityCrypto {
  readonly ed25519: SignatureScheme
}

/** The attester's signature under its facts. */
export const signAsAttester = (
  org: Uint8Array,
  facts: AttestedFacts,
  secretKey: Uint8Array,
  crypto: AttestationCrypto,
): Uint8Array => crypto.ed25519.sign(attestationDigest(org, facts, crypto), secretKey)

/** The subject's consent: without it, an attester could attach claims to strangers. */
export const signAsSubject = (
  org: Uint8Array,
  facts: AttestedFacts,
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): Uint8Array => signSchnorr(consent(org, facts, crypto), secretKey, crypto)

const factsCodec: Codec<AttestedFacts> = struct(facts)

/** What an attester signs, and the name of the attestation: H('mc/attestation/v1', organisation, facts). */
export const attestationDigest = (
  org: Uint8Array,
  signed: AttestedFacts,
  { sha256 }: Pick<IdentityCrypto, 'sha256'>,
): Uint8Array => domainHash(sha256, 'mc/attestation/v1', org, factsCodec.encode(signed))

/** Whether the subject agrees to what is attested of it. Total. */
export const verifyConsent = (
  org: Uint8Array,
  facts: AttestedFacts,
  signature: Uint8Array,
  crypto: IdentityCrypto,
): boolean => verifySchnorr({ signing: consent(org, facts, crypto), key: facts.subject, signature }, crypto)

const consent = (org: Uint8Array, facts: AttestedFacts, crypto: IdentityCrypto): Signing => ({
  purpose: 'attestation',
  org,
  base: generatorBase(crypto),
  message: attestationDigest(org, facts, crypto),
})

/** An attester as a topic has admitted it. */
export interface RegisteredAttester {
  readonly id: Uint8Array
  /** Ed25519. */
  readonly publicKey: Uint8Array
  /** The class of its evidence: an attestation of a higher one is refused. */
  readonly evidenceClass: number
}

/** What an attestation is checked against: all of it is looked up by the caller. */
export interface AttestationRegister {
  attester(id: Uint8Array): RegisteredAttester | undefined
  /** The subject that this tag of this attester was first enrolled with, if any. */
  subjectOf(attester: Uint8Array, dedupTag: Uint8Array): Uint8Array | undefined
  /**
   * The person behind a key: the id of the member whose key it is or was, else the key itself.
   *
   * Whoever has changed its key is the same person, and may be attested again under the new one.
   */
  personOf(key: Uint8Array): Uint8Array
}

/** Why an attestation is not taken. */
export type AttestationRefusal =
  | 'unknown-attester'
  | 'class-too-high'
  | 'not-valid-now'
  | 'already-enrolled'
  | 'wrong-attester-signature'
  | 'wrong-subject-signature'

/** Why an attestation is not taken at L, or undefined. Total; cheap checks first. */
export function refuseAttestation(
  org: Uint8Array,
  attestation: Attestation,
  { register, logicalS }: { readonly register: AttestationRegister; readonly logicalS: number },
  crypto: AttestationCrypto,
): AttestationRefusal | undefined {
  const attester = register.attester(attestation.attester)
  if (attester === undefined) return 'unknown-attester'
  if (attestation.evidenceClass > attester.evidenceClass) return 'class-too-high'
  if (logicalS < attestation.fromS || logicalS >= attestation.toS) return 'not-valid-now'
  const { dedupTag, subject } = attestation
  const enrolled = dedupTag && register.subjectOf(attestation.attester, dedupTag)
  // The same (attester, dedup tag) for somebody else's key is the same person twice.
  if (enrolled !== undefined && !equalBytes(register.personOf(enrolled), register.personOf(subject)))
    return 'already-enrolled'
  const digest = attestationDigest(org, attestation, crypto)
  if (!crypto.ed25519.verify(attestation.attesterSignature, digest, attester.publicKey))
    return 'wrong-attester-signature'
  return verifyConsent(org, attestation, attestation.subjectSignature, crypto)
    ? undefined
    : 'wrong-subject-signature'
}
