import { fromHex } from '@mc/protocol/wire'
import { type TransportLimits, transportLimits } from '../limits.js'
import { memberKeyOf, signingKey } from '../member-key.js'
import { MeshTransport } from '../mesh/mesh-transport.js'
import type { Transport } from '../transport.js'
import { TcpCarrier } from './tcp-carrier.js'

/** What a TCP transport needs to know; the bounds have defaults. */
export interface TcpTransportOptions extends Partial<TransportLimits> {
  /** Our Ed25519 seed, 32 bytes. */
  readonly secretKey: Uint8Array
  /** Where to listen, `host:port`; port 0 lets the system choose. Empty: we only dial. */
  readonly listen: readonly string[]
}

/**
 * Frames over plain TCP: both sides prove their keys when connecting, and nothing is encrypted or
 * authenticated afterwards. For trusted networks and measurements only: whoever can write into the connection
 * can speak for its members. Use `libp2pTransport` everywhere else.
 *
 * @throws RangeError for a seed that is not 32 bytes, an address that is not `host:port`, a bound out of range.
 */
export function tcpTransport({ secretKey, listen, ...chosen }: TcpTransportOptions): Transport {
  const limits = transportLimits(chosen)
  const self = memberKeyOf(secretKey)
  const us = { key: self, keyBytes: fromHex(self), secret: signingKey(secretKey) }
  return new MeshTransport({ kind: 'tcp', self, carrier: new TcpCarrier(us, listen, limits), limits })
}
