/**
 * What a member says besides its operations: its clock, its seal of the last block it knows, its share of the beacon.
 */
import { type Codec, DecodeError, digest, fixedBytes, optional, struct, uint } from '@mc/protocol/wire'
import type { BeaconReveal } from './beacon.js'

/** The header of a proposal. */
export interface ProposalHeader {
  /** The member's clock, in ms since 1970. */
  readonly time: number
  /** The member's signature of the block of `epoch`. */
  readonly seal: { readonly epoch: number; readonly signature: Uint8Array } | undefined
  /** The next link of the member's chain, and the end of its next chain where one is due. */
  readonly beacon: BeaconReveal
}

/** The canonical bytes of a header. */
export const proposalHeaderCodec: Codec<ProposalHeader> = struct({
  time: uint(),
  seal: optional(struct({ epoch: uint(), signature: fixedBytes(64) })),
  beacon: struct({ link: optional(digest), end: optional(digest) }),
})

/** A header that somebody else wrote, or nothing if it is not one: a faulty member's header says nothing. */
export function parseProposalHeader(bytes: Uint8Array): ProposalHeader | undefined {
  try {
    return proposalHeaderCodec.decode(bytes)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
