/**
 * Reproposable binary agreement: who proposed 0 may come back with 1, and 1 has the better chances.
 *
 * `Aba` and `Raba` are two types on purpose, without an adapter: an ABA cannot repropose and has no bias, and a RABA promises
 * no termination for mixed inputs without reproposals.
 */
import type { Bit, ProtocolDefinition } from '@mc/protocol'
import type { AgreementParams } from './aba.js'

/** `propose` exactly once; `repropose` (always of 1) at most once, only after `propose` of 0. */
export type RabaInput = { readonly type: 'propose'; readonly bit: Bit } | { readonly type: 'repropose' }

/**
 * Reproposable asynchronous binary agreement.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links:
 * - integrity: a correct member decides at most once;
 * - agreement: no two correct members decide differently;
 * - validity: if all correct members propose v and none reproposes 1 − v, only v is decided;
 * - unanimous termination: in that case all correct members decide;
 * - biased validity: if f + 1 correct members propose 1 (reproposals do not count), only 1 is decided;
 * - biased termination: if some correct member reproposes, and all correct members propose or repropose 1, all decide;
 * - support: 1 is decided only if some correct member proposed or reproposed 1.
 *
 * Not guaranteed: termination with mixed inputs and no reproposal. The caller sees to it that once any correct member
 * (re)proposes 1, every correct member eventually does; totality of a reliable broadcast provides exactly this.
 *
 * `handleInput` throws a RangeError on a second propose, a repropose before propose or after propose(1), a second repropose.
 * After a decision and after the halt both inputs are accepted and do what still helps others.
 */
export interface Raba<Message> extends ProtocolDefinition<AgreementParams, RabaInput, Message, Bit> {
  readonly role: 'raba'
}
