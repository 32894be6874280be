/**
 * What counts as an operation of a network: signed by people, or opaque bytes for measurements.
 */
import { digestKey, domainHasher, type Sha256 } from '@mc/crypto'
import type { LedgerCrypto } from './configuration.js'
import { checkOperation, OPERATION_BYTES_MAX, operationIds, type Refusal } from './operation.js'

/** How operations are named and checked. */
export interface OperationFormat {
  readonly name: string
  readonly bytesMax: number
  id(bytes: Uint8Array): Uint8Array
  /** The author's 32 bytes, or why the operation is refused. Total and deterministic. */
  check(bytes: Uint8Array): { readonly author: Uint8Array } | { readonly refusal: Refusal }
}

/** How many checked ids are remembered, so that an operation taken here is not verified again when it is agreed. */
const CHECKED_MAX = 65_536

/** Operations signed by their authors with Ed25519, for the network named `realm`. */
export function signedOperations({
  realm,
  crypto,
}: {
  readonly realm: string
  readonly crypto: LedgerCrypto
}): OperationFormat {
  const authors = new Map<string, Uint8Array>()
  return {
    name: 'signed',
    bytesMax: OPERATION_BYTES_MAX,
    id: operationIds(crypto.sha256),
    check(bytes) {
      // Over all bytes, the signature included: only this very encoding was verified.
      const key = digestKey(crypto.sha256(bytes))
      const known = authors.get(key)
      if (known !== undefined) return { author: known }
      const checked = checkOperation(bytes, realm, crypto)
      if ('refusal' in checked) return checked
      const author = checked.operation.author.slice()
      if (authors.size >= CHECKED_MAX) authors.clear()
      authors.set(key, author)
      return { author }
    },
  }
}

/** Bytes without an author and without a signature: what benchmarks of consensus alone measure. */
export function opaqueOperations({
  sha256,
  bytesMax,
}: {
  readonly sha256: Sha256
  readonly bytesMax: number
}): OperationFormat {
  const byNobody = { author: new Uint8Array(32) }
  return {
    name: 'opaque',
    bytesMax,
    id: domainHasher(sha256, 'mc/opaque/v1'),
    check: () => byNobody,
  }
}
