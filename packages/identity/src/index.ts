/**
 * One person, one vote, without showing who voted what.
 *
 * Keys, tags and proofs; the rules by which people come, vouch, recover and meet. Pure and synchronous: randomness, time and what
 * the world said are inputs.
 *
 * @packageDocumentation
 */
export {
  type Attestation,
  type AttestationCrypto,
  type AttestationRefusal,
  type AttestationRegister,
  type AttestedFacts,
  attestationCodec,
  attestationDigest,
  CLAIM_BYTES_MAX,
  type ClaimOpening,
  commitmentTo,
  opensAttestation,
  type RegisteredAttester,
  refuseAttestation,
  saltedClaim,
  signAsAttester,
  signAsSubject,
  verifyConsent,
} from './admission/attestation.js'
export {
  type Attested,
  type Attester,
  type AttesterChallenge,
  type AttesterKind,
  type AttesterOptions,
  type AttesterOutcome,
  attesterOf,
  type EvidenceClass,
} from './admission/attester.js'
export { type Sponsored, SponsorTree } from './admission/sponsor-tree.js'
export {
  EVIDENCE_CLASS_MIN,
  type Evidence,
  type Lacking,
  lackingFor,
  refuseVouch,
  signVouch,
  VOUCH_PERIOD_S,
  VOUCHES_MAX,
  type Vouch,
  type VoucherRecord,
  verifyVouch,
  vouchesNeeded,
} from './admission/vouching.js'
export {
  CREDENTIAL_LENGTH_MAX,
  type CredentialOptions,
  credentialAttester,
} from './attesters/credential.js'
export {
  askForDedup,
  type DedupKeyHolder,
  type DedupQuestion,
  dedupTagFrom,
  localKeyHolder,
} from './attesters/dedup.js'
export {
  type DomainOptions,
  mailAttester,
  nameAttester,
  type ResolvedName,
  type VerifiedMail,
} from './attesters/email-domain.js'
export {
  type EventOptions,
  type EventResponse,
  eventAttester,
  eventStatement,
} from './attesters/event.js'
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
export {
  BACKUP_WORDS,
  backupWords,
  type RestoredKey,
  restoreFromWords,
} from './keystore/backup-words.js'
export {
  type KeystoreOptions,
  keystoreCost,
  lockKeystore,
  type MemberSecrets,
  memberSecretsCodec,
  openKeystore,
} from './keystore/keystore.js'
export { WORD_BITS, wordOf, wordsOf, wordValue } from './keystore/words.js'
export {
  answerMessage,
  beginMeet,
  isMeetOpen,
  type MeetCheck,
  type MutualSignatures,
  type MutualVouch,
  meetPhrase,
  memberEvidence,
  openingMessage,
  opensMeet,
  PHRASE_WORDS,
  pseudonymEvidence,
  signMutualVouch,
  verifyMeetEvidence,
  verifyMutualVouch,
} from './meet/meet.js'
export {
  MEET_TEXT_MAX,
  type MeetAnswer,
  type MeetChallenge,
  type MeetConsent,
  type MeetEvidence,
  type MeetMessage,
  type MeetOpening,
  meetText,
  parseMeetText,
  SHOWN_MAX,
} from './meet/meet-message.js'
export {
  KEY_BYTES,
  memberKey,
  newMemberSecret,
  provePossession,
  type SecondaryKey,
  type SecondaryKind,
  signOperation,
  signSecondaryKey,
  tagOf,
  verifySecondaryKey,
} from './member-key.js'
export { membershipProofBytes } from './membership/proof-codec.js'
export { BATCH_MAX } from './membership/verify.js'
export { type KeyPeriod, keyForTopic, withKey } from './pseudonym/key-history.js'
export {
  anonymityOf,
  type PrivacyMode,
  privacyOf,
  type Signer,
  signerOf,
  type TopicKind,
} from './pseudonym/privacy.js'
export {
  isCurrentToken,
  RATE_PERIOD_S,
  RATE_SLOTS,
  ratePeriod,
  rateScopes,
} from './pseudonym/rate-token.js'
export {
  acceptedRing,
  mustProveAgain,
  NO_RINGS,
  type RingEntry,
  type RingHistory,
  ROOTS_KEPT,
  withRing,
} from './pseudonym/ring-history.js'
export {
  beginRecovery,
  GUARDIANS_MAX,
  type GuardianApproval,
  type Guardianship,
  guardiansNeeded,
  type KeyBundle,
  RECOVERY_DELAY_S,
  type Recovery,
  type RotationIntent,
  recoveryState,
  rotated,
  signRotation,
  verifyRotation,
  vetoes,
} from './recovery/rotation.js'
export { COHORT_SIZE_MIN, cohortsOf } from './ring/cohort.js'
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
export {
  type BallotOfJob,
  type ClaimOfJob,
  JOB_CLAIMS_MAX,
  JOB_MESSAGE_BYTES_MAX,
  JOB_PROOF_BYTES_MAX,
  type ProofJob,
  type ProofResult,
  proofJobCodec,
  proofResultCodec,
  type RingOfJob,
  type SignatureOfJob,
} from './worker/proof-job.js'
export { proofWorker } from './worker/proof-worker.js'
