/** What a node must show to take a seat in the consensus. */
import { type Codec, digest, fixedBytes, list, struct, text } from '@mc/protocol/wire'

/** A node that takes a seat; signed by the node's key over the member's, so that nobody seats somebody else's node. */
export interface SeatRequest {
  readonly publicKey: Uint8Array
  readonly name: string
  readonly addresses: readonly string[]
  readonly signature: Uint8Array
}

/** The canonical bytes of a request for a seat. */
export const seatRequestCodec: Codec<SeatRequest> = struct({
  publicKey: digest,
  name: text({ bytesMax: 64 }),
  addresses: list(text({ bytesMax: 256 }), { max: 8 }),
  signature: fixedBytes(64),
})
