/**
 * What Bracha's broadcast says: the payload twice, its digest once.
 */
import type { CommitteeSize } from '@mc/protocol'
import { bytes, type Codec, digest, union } from '@mc/protocol/wire'

/** `send` and `echo` carry the whole payload, `ready` only its digest. */
export type BrachaMessage =
  | { readonly type: 'send'; readonly payload: Uint8Array }
  | { readonly type: 'echo'; readonly payload: Uint8Array }
  | { readonly type: 'ready'; readonly digest: Uint8Array }

/** The wire format: kind, then the payload behind its length, or 32 bytes. The size of the committee does not matter. */
export const brachaCodec =
  (payloadBytesMax: number): ((size: CommitteeSize) => Codec<BrachaMessage>) =>
  () => {
    const payload = bytes({ max: payloadBytesMax })
    return union({ send: { payload }, echo: { payload }, ready: { digest } })
  }
