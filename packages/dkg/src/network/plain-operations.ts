/**
 * Operations that lead to nothing but their record: what a network drives that only keeps records.
 */
import { domainHash, type Sha256 } from '@mc/crypto'
import { type OperationFormat, operationCodec, type Receipt, type RecordedMachine } from '@mc/ledger'

/** A machine without a state of its own: every well-formed operation is accepted. */
export function plainOperations(signed: OperationFormat, sha256: Sha256): RecordedMachine<undefined> {
  const nothing = domainHash(sha256, 'mc/plain-operations/v1')
  const refusalOf = (operation: Uint8Array) => {
    if (operation.length > signed.bytesMax) {
      const detail = `${operation.length} bytes, need at most ${signed.bytesMax}`
      return { rule: 'ledger/malformed-operation' as const, detail }
    }
    const checked = signed.check(operation)
    return 'refusal' in checked ? checked.refusal : undefined
  }
  return {
    name: 'plain-operations',
    version: 1,
    genesis: () => undefined,
    operationId: operation => signed.id(operation),
    isKnown: () => false,
    admit: (_, operation) => refusalOf(operation),
    apply: (state, { operations }) => ({
      state,
      receipts: operations.map(({ id, bytes }): Receipt => {
        const refusal = refusalOf(bytes)
        return refusal === undefined ? { id, accepted: true, position: 0 } : { id, accepted: false, refusal }
      }),
    }),
    size: () => 0,
    root: () => nothing,
    snapshot: () => ({ manifest: nothing, chunkCount: 0, chunk: () => nothing }),
    openSnapshot: () => ({ chunkCount: 0, accepts: () => false, restore: () => undefined }),
    author: operation => operationCodec.decode(operation).author.slice(),
  }
}
