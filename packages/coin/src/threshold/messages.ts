import { type Codec, fixedBytes, struct } from '@mc/protocol/wire'

/** The only message of a threshold coin: one member's share of the value, a fixed number of bytes. */
export interface CoinShareMessage {
  readonly share: Uint8Array
}

/** Wire format: the share alone, without a length, as all shares of one scheme have the same. */
export const shareCodec = (shareBytes: number): Codec<CoinShareMessage> =>
  struct({ share: fixedBytes(shareBytes) })
