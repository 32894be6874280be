/**
 * Where one proposer stands: its broadcast and its agreement seen together, so that no impossible pair can be written down.
 */
import { type Bit, InvariantViolation, invariant, type PeerIndex } from '@mc/protocol'
import { BAD, type Delivery } from '@mc/rbc'
import type { Subset } from './acs.js'

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
const EMPTY: Slot = { state: 'closed', payload: undefined }

/**
 * The slot once its broadcast has delivered; `BAD` counts as an empty payload. What was decided 0 stays out.
 *
 * @throws InvariantViolation if it had delivered before: a broken `Rbc`.
 */
export function afterDelivery(slot: Slot, delivery: Delivery): Slot {
  const payload = delivery === BAD ? NO_PAYLOAD : delivery
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
 * @throws InvariantViolation if it had decided before: a broken agreement.
 */
export function afterDecision(slot: Slot, bit: Bit): Slot {
  invariant(slot.state === 'open' || slot.state === 'delivered', 'an agreement decides once')
  if (bit === 0) return EMPTY
  return slot.state === 'open' ? { state: 'accepted' } : { state: 'closed', payload: slot.payload }
}

/** The payloads that are in, ascending by proposer as the candidates are; each slot is left empty. */
export function takeSubset(candidates: readonly { readonly proposer: PeerIndex; slot: Slot }[]): Subset {
  const subset = new Map<PeerIndex, Uint8Array>()
  for (const candidate of candidates) {
    const { slot, proposer } = candidate
    if (slot.state === 'closed' && slot.payload !== undefined) subset.set(proposer, slot.payload)
    candidate.slot = EMPTY
  }
  return subset
}

const NO_PAYLOAD = new Uint8Array(0)
