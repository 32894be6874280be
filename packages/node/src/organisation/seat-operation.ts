/**
 * What a node says on the ledger of an organisation with its own key, as a seat.
 */
import type { CryptoProvider } from '@mc/crypto'
import {
  type Body,
  type Signer,
  signedOperationCodec,
  signerKey,
  statementCodec,
  statementIds,
  type TopicsState,
} from '@mc/topics'

/** Who speaks, and where. */
export interface SeatVoice {
  /** The name of the network. */
  readonly realm: string
  /** The node's Ed25519 secret key. */
  readonly secretKey: Uint8Array
  readonly crypto: CryptoProvider
  /** The state of the organisation as it is now. */
  readonly state: () => TopicsState
}

/** A signed operation of a seat, with the sequence number that comes next for it. */
export function seatOperation(body: Body, { realm, secretKey, crypto, state }: SeatVoice): Uint8Array {
  const signer: Signer = { type: 'consensus', publicKey: crypto.ed25519.publicKey(secretKey) }
  const seq = state().tables.actors.at(signerKey(signer))?.seq ?? 0
  const statement = statementCodec.encode({ realm, signer, seq, body })
  const signature = crypto.ed25519.sign(statementIds(crypto.sha256)(statement), secretKey)
  return signedOperationCodec.encode({ statement, proofs: [], signature })
}
