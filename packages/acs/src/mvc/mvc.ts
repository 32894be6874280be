/**
 * Multi-valued consensus: everybody proposes a value, everybody decides the same value, or nothing.
 */
import type { Committee, Domain, ProtocolDefinition } from '@mc/protocol'

/** What one consensus has to know. */
export interface MvcParams {
  readonly committee: Committee
  /** Ends with the instance; the agreement extends it. */
  readonly domain: Domain
}

/** What is decided if the members' values differ too much: nobody's. */
export const NONE = 'none'

/** What a consensus decides, once: a value, or `NONE`, the same at every correct member. */
export type MvcDecision = Uint8Array | typeof NONE

/**
 * Multi-valued consensus on bytes. Each member gives its value as input, once.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links, if all correct members give input:
 * - agreement: all correct members decide alike;
 * - validity: if all correct members propose v, v is decided; what is decided, unless `NONE`, was proposed by a correct member;
 * - termination with probability 1.
 *
 * `handleInput` throws a RangeError on a second input or a value over the cap.
 */
export interface Mvc<Message> extends ProtocolDefinition<MvcParams, Uint8Array, Message, MvcDecision> {
  readonly role: 'mvc'
  /** The largest value it carries, in bytes. */
  readonly valueBytesMax: number
}
