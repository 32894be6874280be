import type { Certificate } from '@mc/ledger'
import { type Codec, fixedBytes, list, struct, uint } from '@mc/protocol/wire'

/** The bytes of a certificate in the store. */
export const certificateCodec: Codec<Certificate> = struct({
  epoch: uint(),
  seals: list(struct({ member: uint({ max: 254 }), signature: fixedBytes(64) }), { max: 255 }),
})
