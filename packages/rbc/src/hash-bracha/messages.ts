/**
 * What the hash form of Bracha's broadcast says: the payload once, its digest twice, and the payload again to who missed it.
 */
import type { CommitteeSize } from '@mc/protocol'
import { bytes, type Codec, digest, union } from '@mc/protocol/wire'

/** `send` and `body` carry the payload, `echo` and `ready` its digest; `pull` asks whoever echoed for the payload. */
export type HashBrachaMessage =
  | { readonly type: 'send'; readonly payload: Uint8Array }
  | { readonly type: 'echo'; readonly digest: Uint8Array }
  | { readonly type: 'ready'; readonly digest: Uint8Array }
  | { readonly type: 'pull' }
  | { readonly type: 'body'; readonly payload: Uint8Array }

/** The wire format: kind, then the payload behind its length, or 32 bytes, or nothing. */
export const hashBrachaCodec =
  (payloadBytesMax: number): ((size: CommitteeSize) => Codec<HashBrachaMessage>) =>
  () => {
    const payload = bytes({ max: payloadBytesMax })
    return union({ send: { payload }, echo: { digest }, ready: { digest }, pull: {}, body: { payload } })
  }
