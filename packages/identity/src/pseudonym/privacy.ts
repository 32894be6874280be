/**
 * The three privacy modes of a topic: who is seen, and which key signs.
 *
 * @see identity.md, section 6
 */
import { unreachable } from '@mc/protocol'
import { SECRET_VOTERS_MIN } from '../ballot/ballot.js'

/** `identified`: by member id. `pseudonymous`: by a tag per topic. `secret`: the same, and ballots by key images. */
export type PrivacyMode = 'identified' | 'pseudonymous' | 'secret'

/** The kinds of topics. */
export type TopicKind =
  | 'resolution'
  | 'contract'
  | 'membership'
  | 'challenge'
  | 'election'
  | 'domain'
  | 'upgrade'

/** What stands behind an operation in a topic. */
export type Signer =
  /** The member key X, to the generator. */
  | 'member'
  /** The tag T, to the base of the topic. */
  | 'pseudonym'
  /** The key image K: no signature, but Proof B (or A) of the ballot. */
  | 'key-image'

/**
 * The mode that a topic gets: challenge, membership and upgrade are always identified.
 *
 * `secret` falls back to nothing: it is refused where the smallest meeting may have fewer than 7 voters [SAFE].
 */
export function privacyOf(
  kind: TopicKind,
  wished: PrivacyMode,
  { capacityMin }: { readonly capacityMin: number },
): PrivacyMode | 'refused' {
  if (kind === 'challenge' || kind === 'membership' || kind === 'upgrade') return 'identified'
  return wished === 'secret' && capacityMin < SECRET_VOTERS_MIN ? 'refused' : wished
}

/** Which key stands behind an operation. */
export function signerOf(mode: PrivacyMode, operation: 'talk' | 'ballot'): Signer {
  switch (mode) {
    case 'identified':
      return 'member'
    case 'pseudonymous':
      return 'pseudonym'
    case 'secret':
      return operation === 'ballot' ? 'key-image' : 'pseudonym'
    default:
      return unreachable(mode)
  }
}

/** How well a secret ballot hides among so many voters: what an interface has to say before somebody votes. */
export const anonymityOf = (voters: number): 'none' | 'weak' | 'fair' =>
  voters < 2 ? 'none' : voters < 16 ? 'weak' : 'fair'
