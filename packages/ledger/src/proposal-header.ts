/**
 * What a member says besides its operations: its clock, and its seal of the last block it knows.
 */
import { type Codec, DecodeError, fixedBytes, optional, struct, uint } from '@mc/protocol/wire'

/** The header of a proposal. */
export interface ProposalHeader {
  /** The member's clock, in ms since 1970. */
  readonly time: number
  /** The member's signature of the block of `epoch`. */
  readonly seal: { readonly epoch: number; readonly signature: Uint8Array } | undefined
}

/** The canonical bytes of a header. */
export const proposalHeaderCodec: Codec<ProposalHeader> = struct({
  time: uint(),
  seal: optional(struct({ epoch: uint(), signature: fixedBytes(64) })),
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
