/**
 * What an encrypted subset says: the words of the subset inside, and once that is decided one list of decryption shares.
 */
import type { CommitteeSize } from '@mc/protocol'
import { type Codec, fixedBytes, list, union } from '@mc/protocol/wire'

/** A word of the subset inside, or the shares of a member in all that is in and sound, ascending by proposer. */
export type EncryptedSubsetMessage<AcsMessage> =
  | { readonly type: 'acs'; readonly message: AcsMessage }
  | { readonly type: 'shares'; readonly shares: readonly Uint8Array[] }

/** The wire format: kind, then the message inside, or how many shares there are and each without a length. */
export const encryptedSubsetCodec = <AcsMessage>(
  { n }: CommitteeSize,
  acs: Codec<AcsMessage>,
  shareBytes: number,
): Codec<EncryptedSubsetMessage<AcsMessage>> =>
  union({ acs: { message: acs }, shares: { shares: list(fixedBytes(shareBytes), { max: n }) } })
