/**
 * The in-person check: two people assure each other, offline, without telling more than they want.
 *
 * @see identity.md, section 11
 */
import { domainHash, equalBytes, type Rng, type Sha256 } from '@mc/crypto'
import { unreachable } from '@mc/protocol'
import { utf8, Writer } from '@mc/protocol/wire'
import { generatorBase, type IdentityCrypto } from '../identity-crypto.js'
import type { IdentityProver } from '../identity-prover.js'
import { wordsOf } from '../keystore/words.js'
import { signOperation, tagOf } from '../member-key.js'
import type { Ring } from '../ring/ring.js'
import { type Signing, signSchnorr, verifySchnorr } from '../schnorr.js'
import type { IdentityVerifier } from '../verifier.js'
import type { MeetAnswer, MeetChallenge, MeetEvidence, MeetOpening } from './meet-message.js'

/** Words of the phrase that both screens show: 48 bits. */
export const PHRASE_WORDS = 4

/** A's side begins: the challenge to show, and the nonce to keep until B has answered. */
export function beginMeet(
  { org, expiresS }: { readonly org: Uint8Array; readonly expiresS: number },
  { rng, sha256 }: { readonly rng: Rng; readonly sha256: Sha256 },
): { readonly challenge: MeetChallenge; readonly openedNonce: Uint8Array } {
  const nonce = rng.bytes(32)
  const openedNonce = rng.bytes(32)
  return {
    challenge: { org, nonce, expiresS, commitment: commitmentOf(nonce, openedNonce, sha256) },
    openedNonce,
  }
}

/** Whether B may still answer, or A still open: seconds since 1970 by one's own clock. */
export const isMeetOpen = ({ expiresS }: MeetChallenge, nowS: number): boolean => nowS < expiresS

/** Whether A's opening is what it committed to, for this meeting. B checks it before it shows the phrase. */
export const opensMeet = (
  challenge: MeetChallenge,
  { nonce, openedNonce }: Pick<MeetOpening, 'nonce' | 'openedNonce'>,
  sha256: Sha256,
): boolean =>
  equalBytes(nonce, challenge.nonce) &&
  openedNonce.length === 32 &&
  equalBytes(commitmentOf(nonce, openedNonce, sha256), challenge.commitment)

/**
 * The four words that both read aloud. Whoever stands between two people who compare them is noticed but for a chance of 2^−48.
 */
export const meetPhrase = (
  challenge: MeetChallenge,
  nonces: { readonly openedNonce: Uint8Array; readonly answerNonce: Uint8Array },
  sha256: Sha256,
): string =>
  wordsOf(domainHash(sha256, 'mc/meet/phrase/v1', ...meetParts(challenge, nonces)), PHRASE_WORDS).join(' ')

/** What B's evidence says: this challenge, this answer. */
export const answerMessage = (
  challenge: MeetChallenge,
  { answerNonce }: Pick<MeetAnswer, 'answerNonce'>,
  sha256: Sha256,
): Uint8Array => domainHash(sha256, 'mc/meet/answer/v1', ...meetParts(challenge, { answerNonce }))

/** What A's evidence says: this challenge, this answer, this opening. */
export const openingMessage = (
  challenge: MeetChallenge,
  nonces: { readonly openedNonce: Uint8Array; readonly answerNonce: Uint8Array },
  sha256: Sha256,
): Uint8Array => domainHash(sha256, 'mc/meet/opening/v1', ...meetParts(challenge, nonces))

/** Mode 1: that one is a member. @throws RangeError if the prover's key is not in the ring. */
export function memberEvidence(
  challenge: MeetChallenge,
  {
    ring,
    message,
    prover,
  }: { readonly ring: Ring; readonly message: Uint8Array; readonly prover: IdentityProver },
): MeetEvidence {
  const scope = { type: 'meet', nonce: challenge.nonce } as const
  const { tag, proof } = prover.proveMembership({ org: challenge.org, ring, scope, message })
  return { type: 'member', ringRoot: ring.root, tag, proof }
}

/** Mode 2: that one is a pseudonym of a topic. */
export function pseudonymEvidence(
  { org }: MeetChallenge,
  { topicId, message }: { readonly topicId: Uint8Array; readonly message: Uint8Array },
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): MeetEvidence {
  const base = { type: 'topic', topicId } as const
  const tag = tagOf(org, base, secretKey, crypto)
  return {
    type: 'pseudonym',
    topicId,
    tag,
    signature: signOperation({ org, base, message }, secretKey, crypto),
  }
}

/** What evidence is checked with: which rings are known, and who has been shown already. */
export interface MeetCheck {
  readonly message: Uint8Array
  ringOf(root: Uint8Array): Ring | undefined
  /** One's own tag in this meeting, if one showed mode 1: the other must be somebody else. */
  readonly ownTag?: Uint8Array
}

/**
 * Whether evidence holds. Total.
 *
 * A vouch holds nothing by itself: its signature comes with the opening and the consent (`verifyMutualVouch`).
 */
export function verifyMeetEvidence(
  { org, nonce }: MeetChallenge,
  evidence: MeetEvidence,
  { message, ringOf, ownTag }: MeetCheck,
  verifier: IdentityVerifier,
): boolean {
  switch (evidence.type) {
    case 'member': {
      const ring = ringOf(evidence.ringRoot)
      const { tag, proof } = evidence
      if (ring === undefined || (ownTag && equalBytes(ownTag, tag))) return false
      return verifier.verifyMembership({ org, ring, scope: { type: 'meet', nonce }, tag, message }, proof)
    }
    case 'pseudonym': {
      const base = { type: 'topic', topicId: evidence.topicId } as const
      return verifier.verifySignature({ org, base, key: evidence.tag, message }, evidence.signature)
    }
    case 'vouch':
      return false
    default:
      return unreachable(evidence)
  }
}

/** Both sides of a mutual vouch, and what they showed. */
export interface MutualVouch {
  readonly keyA: Uint8Array
  readonly keyB: Uint8Array
  readonly openedNonce: Uint8Array
  readonly answerNonce: Uint8Array
  /** Commitments of attestations, first A's, then B's. */
  readonly shown: readonly Uint8Array[]
}

/** What both sides of a mutual vouch sign it with. */
export interface MutualSignatures {
  readonly byA: Uint8Array
  readonly byB: Uint8Array
}

/** Signs H('mc/vouch', X_A, X_B, nonce A ‖ nonce B, commitments shown). @throws RangeError unless `secretKey` is a scalar. */
export const signMutualVouch = (
  org: Uint8Array,
  vouch: MutualVouch,
  secretKey: Uint8Array,
  crypto: IdentityCrypto,
): Uint8Array => signSchnorr(mutualSigning(org, vouch, crypto), secretKey, crypto)

/** Whether both signed, and both are different people's keys. Total. */
export const verifyMutualVouch = (
  org: Uint8Array,
  vouch: MutualVouch,
  signatures: MutualSignatures,
  crypto: IdentityCrypto,
): boolean => {
  const signing = mutualSigning(org, vouch, crypto)
  return (
    !equalBytes(vouch.keyA, vouch.keyB) &&
    verifySchnorr({ signing, key: vouch.keyA, signature: signatures.byA }, crypto) &&
    verifySchnorr({ signing, key: vouch.keyB, signature: signatures.byB }, crypto)
  )
}

const mutualSigning = (
  org: Uint8Array,
  { keyA, keyB, openedNonce, answerNonce, shown }: MutualVouch,
  crypto: IdentityCrypto,
): Signing => ({
  purpose: 'meet',
  org,
  base: generatorBase(crypto),
  message: domainHash(crypto.sha256, 'mc/vouch', keyA, keyB, openedNonce, answerNonce, ...shown),
})

const commitmentOf = (nonce: Uint8Array, openedNonce: Uint8Array, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/meet/commitment/v1', nonce, openedNonce)

const meetParts = (
  { org, nonce, expiresS, commitment }: MeetChallenge,
  { answerNonce, openedNonce }: { readonly answerNonce: Uint8Array; readonly openedNonce?: Uint8Array },
): readonly Uint8Array[] => {
  const expiry = new Writer(8)
  expiry.varint(expiresS)
  return [org, nonce, expiry.finish(), commitment, answerNonce, openedNonce ?? utf8('')]
}
