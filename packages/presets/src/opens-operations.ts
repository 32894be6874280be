import { proposalCodec } from '@mc/abc'
import { type Acs, causalSubset, type EncryptedSubsetMessage, type EncryptionKey } from '@mc/acs'

/** The most operations of one proposal whose sealed ones are opened: a member gives a share in each. */
const OPERATIONS_MAX = 4_096

/** A subset of proposals of @mc/abc whose sealed operations are opened once it is decided. */
export const opensOperations = <Message>({
  acs,
  key,
}: {
  readonly acs: Acs<Message>
  readonly key: EncryptionKey
}): Acs<EncryptedSubsetMessage<Message>> => {
  const codec = proposalCodec({ operationBytesMax: acs.payloadBytesMax, operationsMax: acs.payloadBytesMax })
  return causalSubset({ acs, key, codec, operationsMax: OPERATIONS_MAX })
}

/** @throws RangeError for a depth over 1: who reads an operation while an earlier epoch is open could answer it there. */
export function requireOneEpoch(whose: string, depth = 1): void {
  if (depth === 1) return
  throw new RangeError(`${whose}: causal order needs one epoch at a time, got a depth of ${depth}`)
}
