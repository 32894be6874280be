/**
 * Verifiable information dispersal: a payload is spread over the committee now, and whoever needs it retrieves it later.
 */
import type { Committee, ProtocolDefinition } from '@mc/protocol'
import type { CommittedShard } from '../commitment/shard-commitment.js'

/** One instance per proposer, for dispersal and for retrieval. */
export interface DispersalParams {
  readonly committee: Committee
  /** Whose payload it is. */
  readonly proposer: Committee['self']
}

/**
 * What a dispersal outputs. First, once: it is complete, everywhere sooner or later, and its root is fixed. Then, at most once:
 * the shard that this member keeps and serves.
 */
export type DispersalOutput =
  | { readonly type: 'complete'; readonly root: Uint8Array }
  | ({ readonly type: 'stored' } & CommittedShard)

/**
 * Dispersal of bytes. Only the proposer gives input, once.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links:
 * - termination: if the proposer is correct, the dispersal completes at every correct member, with the root of its payload;
 * - agreement: if one correct member completes with a root, all correct members complete with that root;
 * - availability: then at least n − 2f correct members store a shard under it, as many as a retrieval needs.
 *
 * `handleInput` throws a RangeError if we are not the proposer, if the payload is over its cap, or on a second input.
 */
export interface Dispersal<Message>
  extends ProtocolDefinition<DispersalParams, Uint8Array, Message, DispersalOutput> {
  readonly role: 'dispersal'
  /** The largest payload it carries, in bytes. */
  readonly payloadBytesMax: number
}
