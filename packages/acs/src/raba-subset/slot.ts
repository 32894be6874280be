/**
 * Where one proposer stands: its broadcast and its agreement seen together, so that no impossible pair can be written down.
 */
import { type Bit, InvariantViolation, invariant } from '@mc/protocol'

/** The joint state of the broadcast and the agreement of one proposer. */
export type Slot =
  /** Neither payload nor decision. */
  | { readonly state: 'open' }
  /** Payload, no decision. */
  | { readonly state: 'delivered'; readonly payload: Uint8Array }
  /** Decided 1; the payload will come, by support and totality. */
  | { readonly state: 'accepted' }
  /** Decided: with a payload it is in, without one it is out. */
  | { readonly state: 'closed'; readonly payload: Uint8Array | undefined }

/** Where every slot begins. */
export const OPEN: Slot = { state: 'open' }

/** Where a slot ends that holds nothing: decided 0, or handed over. */
export const EMPTY: Slot = { state: 'closed', payload: undefined }

/**
 * The slot once its broadcast has delivered. What was decided 0 stays out.
 *
 * @throws InvariantViolation if it had delivered before: a broken `Rbc`.
 */
export function afterDelivery(slot: Slot, payload: Uint8Array): Slot {
  switch (slot.state) {
    case 'open':
      return { state: 'delivered', payload }
    case 'accepted':
      return { state: 'closed', payload }
    case 'closed':
      return slot
    case 'delivered':
      throw new InvariantViolation('invariant: a broadcast delivers once')
  }
}

/**
 * The slot once its agreement has decided.
 *
 * @throws InvariantViolation if it had decided before: a broken `Raba`.
 */
export function afterDecision(slot: Slot, bit: Bit): Slot {
  invariant(slot.state === 'open' || slot.state === 'delivered', 'an agreement decides once')
  if (bit === 0) return EMPTY
  return slot.state === 'open' ? { state: 'accepted' } : { state: 'closed', payload: slot.payload }
}
