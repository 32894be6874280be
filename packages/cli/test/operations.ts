/** Signed operations for tests, as lines. */
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { encodeBody, operationCodec, operationId, operationToJson, signOperation } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'

/** A signed operation of the realm `town-hall`. */
export function line(created: number, text = `text ${created}`, realm = 'town-hall') {
  const unsigned = { realm, kind: 'comment', created, body: encodeBody({ text }) }
  const bytes = signOperation(unsigned, crypto.sha256(new Uint8Array([created % 5])), crypto)
  return {
    id: hex(operationId(bytes, crypto.sha256)),
    text: JSON.stringify(operationToJson(operationCodec.decode(bytes))),
  }
}
