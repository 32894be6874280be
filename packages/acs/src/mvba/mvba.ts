/**
 * Multi-valued validated agreement: everybody proposes a value, everybody outputs one value that is valid for everybody.
 */
import type { Committee, Domain, ProtocolDefinition } from '@mc/protocol'

/**
 * What the predicate says of a value: it holds, it does not hold yet, or it can never hold.
 *
 * Only `pending` may change, and a value that is valid at one correct member becomes valid at all of them.
 */
export type Verdict = 'valid' | 'pending' | 'invalid'

/** What one validated agreement has to know. */
export interface MvbaParams {
  readonly committee: Committee
  readonly domain: Domain
  /** The external predicate: a function of the caller's state that only turns from `pending` to `valid` or `invalid`. */
  readonly judge: (value: Uint8Array) => Verdict
}

/** `propose` exactly once, a value that is valid here; `revalidate` whenever a pending value may have become valid. */
export type MvbaInput =
  | { readonly type: 'propose'; readonly value: Uint8Array }
  | { readonly type: 'revalidate' }

/**
 * Multi-valued validated agreement on bytes.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links:
 * - integrity: a correct member outputs at most once;
 * - agreement: no two correct members output differently;
 * - external validity: what a correct member outputs is valid there;
 * - termination: if all correct members propose, all correct members output with probability 1.
 *
 * `handleInput` throws a RangeError on a second propose, and on a value that is over the cap or not valid here.
 */
export interface Mvba<Message> extends ProtocolDefinition<MvbaParams, MvbaInput, Message, Uint8Array> {
  readonly role: 'mvba'
  /** The largest value it carries, in bytes. */
  readonly valueBytesMax: number
}
