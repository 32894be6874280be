/**
 * A common subset whose left-out proposals are not lost: what links epochs, as DispersedLedger does, is told of them and gets them.
 */
import type { Committee, CommitteeSize, PeerIndex, ProtocolDefinition } from '@mc/protocol'
import type { AcsParams, Subset } from '../acs.js'

/** `propose`: our payload, once. `fetch`: get the payload of a proposer that is not in, once each. */
export type LinkableInput =
  | { readonly type: 'propose'; readonly payload: Uint8Array }
  | { readonly type: 'fetch'; readonly proposer: PeerIndex }

/** What a linkable subset outputs. */
export type LinkableOutput =
  /** The payload of this proposer is safe with the committee, in or not: whoever fetches it gets it. Once per proposer. */
  | { readonly type: 'complete'; readonly proposer: PeerIndex }
  /** Who is in, once. */
  | { readonly type: 'subset'; readonly subset: Subset }
  /** What was fetched; empty for a proposer that dispersed garbage. */
  | { readonly type: 'fetched'; readonly proposer: PeerIndex; readonly payload: Uint8Array }

/**
 * A common subset of dispersals.
 *
 * Guarantees what `Acs` promises of `subset`, and:
 * - totality: if a proposer is complete at one correct member, it is at all of them, sooner or later;
 * - availability: then every correct member that fetches its payload gets it, as long as all of them keep the instance;
 * - agreement: all get the same.
 *
 * `handleInput` throws a RangeError on a second proposal, one over the cap, or a second fetch of one proposer.
 */
export interface LinkableSubset<Message>
  extends ProtocolDefinition<AcsParams, LinkableInput, Message, LinkableOutput> {
  readonly role: 'linkable-subset'
  /** The largest payload it carries, in bytes. */
  readonly payloadBytesMax: number
  /** How many payloads are in at least, among n members of which f are faulty. */
  guaranteedSlots(size: CommitteeSize & Pick<Committee, 'f'>): number
}
