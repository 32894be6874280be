import type { RbcParams } from './rbc.js'

/** Default cap of one payload: 16 MiB. */
export const PAYLOAD_BYTES_MAX: number = 16 * 1024 * 1024

/** What the one input of a broadcast is checked against. */
export interface ProposalLimits {
  readonly payloadBytesMax: number
  /** Whether a payload was given before. */
  readonly proposed: boolean
}

/**
 * Refuses an input that the role does not allow.
 *
 * @throws RangeError if we are not the proposer, on a second payload, or if the payload is over its cap.
 */
export function checkProposal(params: RbcParams, payload: Uint8Array, limits: ProposalLimits): void {
  const { committee, proposer } = params
  if (committee.self !== proposer) {
    throw new RangeError(`rbc: member ${committee.self} is not the proposer (proposer ${proposer})`)
  }
  if (limits.proposed) throw new RangeError(`rbc: proposer ${proposer} has given its payload already`)
  if (payload.length > limits.payloadBytesMax) {
    throw new RangeError(`rbc: need at most ${limits.payloadBytesMax} bytes, got ${payload.length}`)
  }
}

/**
 * Refuses a cap that no payload could have.
 *
 * @throws RangeError unless `payloadBytesMax` is an integer in 0 … 2^31 − 1.
 */
export function checkPayloadBytesMax(payloadBytesMax: number): void {
  if (!Number.isInteger(payloadBytesMax) || payloadBytesMax < 0 || payloadBytesMax > 2 ** 31 - 1) {
    throw new RangeError(`rbc: need payloadBytesMax in 0 … 2^31 − 1, got ${payloadBytesMax}`)
  }
}
