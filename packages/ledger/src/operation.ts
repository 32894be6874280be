/**
 * A signed operation: what one author wants on the ledger.
 *
 * Its id is a hash of everything but the signature, so one intent has one id however often it is signed or sent.
 */
import { domainHasher, type Sha256 } from '@mc/crypto'
import {
  bytes,
  type Codec,
  type Decoded,
  DecodeError,
  fixedBytes,
  struct,
  text,
  uint,
} from '@mc/protocol/wire'
import type { LedgerCrypto } from './configuration.js'

/** Largest body of an operation: 64 KiB. */
export const BODY_BYTES_MAX = 65_536

/** Largest encoded operation. */
export const OPERATION_BYTES_MAX: number = BODY_BYTES_MAX + 512

const SIGNATURE_BYTES = 64

/**
 * `realm` is the name of the network it is meant for, `kind` says what it is (`topic.open`, `comment`, `vote` …), `created` is
 * the author's clock in ms since 1970, which also tells two equal wishes apart; `body` is dag-cbor that consensus never looks into.
 */
export type Operation = Decoded<typeof operationCodec>

/** The canonical bytes of an operation. */
export const operationCodec: Codec<{
  readonly realm: string
  readonly kind: string
  readonly author: Uint8Array
  readonly created: number
  readonly body: Uint8Array
  readonly signature: Uint8Array
}> = struct({
  realm: text({ bytesMax: 64 }),
  kind: text({ bytesMax: 32 }),
  author: fixedBytes(32),
  created: uint(),
  body: bytes({ max: BODY_BYTES_MAX }),
  signature: fixedBytes(SIGNATURE_BYTES),
})

/** An operation before it is signed. */
export type UnsignedOperation = Omit<Operation, 'author' | 'signature'>

/** The id of an encoded operation: a hash of all but its last 64 bytes. Total: any bytes have an id. */
export const operationId = (encoded: Uint8Array, sha256: Sha256): Uint8Array => operationIds(sha256)(encoded)

/** The same for many operations, with the domain encoded once. */
export function operationIds(sha256: Sha256): (encoded: Uint8Array) => Uint8Array {
  const hash = domainHasher(sha256, 'mc/operation/v1')
  return encoded => hash(encoded.subarray(0, Math.max(0, encoded.length - SIGNATURE_BYTES)))
}

/**
 * Signs an operation and encodes it.
 *
 * @throws RangeError if a field is over its bound.
 */
export function signOperation(
  unsigned: UnsignedOperation,
  secretKey: Uint8Array,
  crypto: LedgerCrypto,
): Uint8Array {
  const author = crypto.ed25519.publicKey(secretKey)
  const draft = operationCodec.encode({ ...unsigned, author, signature: new Uint8Array(SIGNATURE_BYTES) })
  const signature = crypto.ed25519.sign(operationId(draft, crypto.sha256), secretKey)
  draft.set(signature, draft.length - SIGNATURE_BYTES)
  return draft
}

/** Why an operation is not taken; `rule` is stable and greppable. */
export interface Refusal {
  readonly rule:
    | 'ledger/malformed-operation'
    | 'ledger/wrong-realm'
    | 'ledger/bad-kind'
    | 'ledger/wrong-signature'
    | 'ledger/duplicate-operation'
    | `${string}/${string}`
  readonly detail: string
}

/** An operation that says what it must and carries its author's signature, or why it does not. */
export type CheckedOperation = { readonly operation: Operation } | { readonly refusal: Refusal }

/** Checks an encoded operation for a network of this name. Total: any bytes give an operation or a refusal. */
export function checkOperation(encoded: Uint8Array, realm: string, crypto: LedgerCrypto): CheckedOperation {
  const operation = decodedOperation(encoded)
  if (typeof operation === 'string') return refused('ledger/malformed-operation', operation)
  if (operation.realm !== realm) {
    return refused('ledger/wrong-realm', `signed for "${operation.realm}", this network is "${realm}"`)
  }
  if (!/^[a-z][a-z0-9.-]*$/.test(operation.kind)) {
    return refused('ledger/bad-kind', 'a kind is a-z, 0-9, dots and dashes, and starts with a letter')
  }
  const id = operationId(encoded, crypto.sha256)
  if (!crypto.ed25519.verify(operation.signature, id, operation.author)) {
    return refused('ledger/wrong-signature', 'the signature is not the author’s under this operation')
  }
  return { operation }
}

const refused = (rule: Refusal['rule'], detail: string): CheckedOperation => ({ refusal: { rule, detail } })

function decodedOperation(encoded: Uint8Array): Operation | string {
  try {
    return operationCodec.decode(encoded)
  } catch (error) {
    if (error instanceof DecodeError) return error.message
    throw error
  }
}
