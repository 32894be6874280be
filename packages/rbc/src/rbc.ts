/**
 * Reliable broadcast: one proposer, one payload, everybody or nobody.
 */
import type { Committee, ProtocolDefinition } from '@mc/protocol'

/** One instance per proposer. */
export interface RbcParams {
  readonly committee: Committee
  readonly proposer: Committee['self']
}

/** What everybody delivers instead of a payload when the proposer broadcast something that decodes to nothing. */
export const BAD = 'bad'

/** What a broadcast delivers, once: the payload, or `BAD`, the same at every correct member. */
export type Delivery = Uint8Array | typeof BAD

/**
 * Reliable broadcast of bytes. Only the proposer gives input, once.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links:
 * - validity: if the proposer is correct, every correct member delivers its payload;
 * - agreement: no two correct members deliver differently;
 * - totality: if one correct member delivers, all correct members deliver.
 *
 * `handleInput` throws a RangeError if we are not the proposer, if the payload is over its cap, or on a second input.
 */
export interface Rbc<Message> extends ProtocolDefinition<RbcParams, Uint8Array, Message, Delivery> {
  readonly role: 'rbc'
  /** The largest payload it carries, in bytes. */
  readonly payloadBytesMax: number
}
