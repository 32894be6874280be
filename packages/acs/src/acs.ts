/**
 * Asynchronous common subset: everybody proposes a payload, everybody outputs the same set of payloads.
 */
import type { Committee, CommitteeSize, Domain, PeerIndex, ProtocolDefinition } from '@mc/protocol'

/** What one common subset has to know. */
export interface AcsParams {
  readonly committee: Committee
  /** Ends with the epoch; agreements extend it by the proposer. */
  readonly domain: Domain
}

/** Who is in, and with which payload; ascending by proposer. */
export type Subset = ReadonlyMap<PeerIndex, Uint8Array>

/**
 * Asynchronous common subset. Each member gives its payload as input, once; each outputs one subset, once.
 *
 * Guarantees for n ≥ 3f + 1, if all correct members give input:
 * - agreement: all correct members output the same subset;
 * - integrity: the payload of a correct proposer is the one it gave;
 * - size: at least `guaranteedSlots` payloads; nothing above may assume more;
 * - termination with probability 1.
 *
 * A proposer that broadcast garbage and is in all the same appears with an empty payload.
 * `handleInput` throws a RangeError on a second input or a payload over the cap.
 */
export interface Acs<Message> extends ProtocolDefinition<AcsParams, Uint8Array, Message, Subset> {
  readonly role: 'acs'
  /** The largest payload it carries, in bytes. */
  readonly payloadBytesMax: number
  /** How many payloads are in at least, among n members of which f are faulty. */
  guaranteedSlots(size: CommitteeSize & Pick<Committee, 'f'>): number
}
