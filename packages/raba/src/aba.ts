/**
 * Binary agreement: everybody proposes a bit, everybody decides the same bit.
 */
import type { Bit, Committee, Domain, ProtocolDefinition } from '@mc/protocol'

/** What one agreement has to know. */
export interface AgreementParams {
  readonly committee: Committee
  /** Ends with the instance; coins extend it by the round. */
  readonly domain: Domain
}

/** The one input of a binary agreement. */
export interface AbaInput {
  readonly type: 'propose'
  readonly bit: Bit
}

/**
 * Asynchronous binary agreement. It terminates for every pattern of inputs.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links:
 * - integrity: a correct member decides at most once;
 * - agreement: no two correct members decide differently;
 * - validity: if all correct members propose v, only v is decided;
 * - termination: if all correct members propose, all correct members decide with probability 1.
 *
 * `handleInput` throws a RangeError on a second propose.
 */
export interface Aba<Message> extends ProtocolDefinition<AgreementParams, AbaInput, Message, Bit> {
  readonly role: 'aba'
}
