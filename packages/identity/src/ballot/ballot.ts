/**
 * A secret ballot: which of both proofs it takes, and what it binds.
 *
 * @see identity.md, section 7
 */
import { DIGEST_BYTES, domainHash } from '@mc/crypto'
import {
  type Element,
  elementFrom,
  type IdentityCrypto,
  type KeyBase,
  tagBaseOf,
  u32,
} from '../identity-crypto.js'
import type { BallotStatement } from '../verifier.js'

/** Up to so many voters Proof B is used, above Proof A over the ring of the meeting. */
export const LINKABLE_RING_MAX = 64

/** Below so many voters `secret` is refused by topics, since a few ballots tell too much. */
export const SECRET_VOTERS_MIN = 7

/** A statement about a ballot with its bases and its context. */
export interface OpenedBallot {
  readonly ringBase: KeyBase
  readonly imageBase: KeyBase
  readonly image: Element
  readonly context: Uint8Array
}

/** Total: undefined if an identifier, the version or the key image is not one. */
export function openBallot(statement: BallotStatement, crypto: IdentityCrypto): OpenedBallot | undefined {
  const { org, topicId, meetingId, keyImage, version } = statement
  if (org.length !== DIGEST_BYTES || !Number.isInteger(version) || version !== version >>> 0) return undefined
  const ringBase = tagBaseOf(org, { type: 'topic', topicId }, crypto)
  const imageBase = tagBaseOf(org, { type: 'ballot', meetingId }, crypto)
  const image = elementFrom(keyImage, crypto)
  if (ringBase === undefined || imageBase === undefined || image === undefined) return undefined
  return { ringBase, imageBase, image, context: contextOf(statement, crypto) }
}

/** ctx = H('mc/ballot/v1', org, ring root, topic, meeting, K, ballot, version). */
const contextOf = (
  { org, ring, topicId, meetingId, keyImage, ballot, version }: BallotStatement,
  { sha256 }: IdentityCrypto,
): Uint8Array =>
  domainHash(sha256, 'mc/ballot/v1', org, ring.root, topicId, meetingId, keyImage, ballot, u32(version))
