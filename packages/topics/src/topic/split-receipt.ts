/**
 * How a round was dealt: enough to deal it again long after, and to see that it was dealt as the rules say.
 *
 * @see topics.md, sections 5 and 9.2
 */
import { domainHash, type Sha256 } from '@mc/crypto'
import { type Codec, digest, struct, text, uint } from '@mc/protocol/wire'

/** How a round was dealt. */
export interface SplitReceipt {
  readonly topic: Uint8Array
  /** From 1. */
  readonly round: number
  /** The block that fixed the roster, and the one whose beacon dealt it: δ later. */
  readonly fixedAt: number
  readonly drawnAt: number
  /** How that beacon was made. */
  readonly beacon: string
  /** H('mc/split-seed/v1', beacon, topic, u32 round). */
  readonly seed: Uint8Array
  /** W_r in seconds, and c_r in persons. */
  readonly window: number
  readonly capacity: number
  /** How many persons (round 1) or winners (later rounds) were dealt, and into how many meetings. */
  readonly elements: number
  readonly meetings: number
  /** `dealtDigest` of the meetings. */
  readonly dealt: Uint8Array
}

/** The canonical bytes of how a round was dealt. */
export const splitReceiptCodec: Codec<SplitReceipt> = struct({
  topic: digest,
  round: uint(),
  fixedAt: uint(),
  drawnAt: uint(),
  beacon: text({ bytesMax: 16 }),
  seed: digest,
  window: uint(),
  capacity: uint(),
  elements: uint(),
  meetings: uint(),
  dealt: digest,
})

/** What was dealt to a meeting: the tags of its voters by seat, and its candidates, in order. */
export interface DealtMeeting {
  readonly voters: readonly Uint8Array[]
  readonly candidates: readonly Uint8Array[]
}

/** H('mc/dealt/v1', one H('mc/dealt-meeting/v1', H(voters), H(candidates)) per meeting): the ids are hashed, not kept. */
export function dealtDigest(meetings: readonly DealtMeeting[], sha256: Sha256): Uint8Array {
  const each = meetings.map(({ voters, candidates }) =>
    domainHash(sha256, 'mc/dealt-meeting/v1', sha256(...voters), sha256(...candidates)),
  )
  return domainHash(sha256, 'mc/dealt/v1', ...each)
}
