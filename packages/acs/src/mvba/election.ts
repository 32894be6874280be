/**
 * The election of a leader that nobody could foresee: a coin with as many sides as there are members.
 */
import type { Committee, Domain, PeerIndex, ProtocolDefinition } from '@mc/protocol'

/** What an election has to know: the committee, and the (instance, iteration) that it belongs to. */
export interface ElectionParams {
  readonly committee: Committee
  /** Ends with the instance and the iteration: a leader must never serve two of them. */
  readonly domain: Domain
}

/** Ask for the leader; our share is released only now. */
export type ElectionInput = 'flip'

/**
 * One election. Asked once with `flip`, it outputs one member, once, and never before it was asked.
 *
 * Guarantees for n ≥ 3f + 1, if all correct members ask:
 * - agreement: all correct members output the same leader;
 * - termination: all correct members output;
 * - unpredictability: each member is as likely as any other, for whoever has not yet seen some correct member ask.
 *
 * Any leader coin whose secret takes f + 1 to n − f shares fits.
 */
export interface Election<Message>
  extends ProtocolDefinition<ElectionParams, ElectionInput, Message, PeerIndex> {
  readonly role: 'election'
}
