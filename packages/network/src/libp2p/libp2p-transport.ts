import '../polyfill.js'
import { type TransportLimits, transportLimits } from '../limits.js'
import { memberKeyOf } from '../member-key.js'
import { MeshTransport } from '../mesh/mesh-transport.js'
import type { Transport } from '../transport.js'
import { Libp2pCarrier } from './libp2p-carrier.js'

/** What a libp2p transport needs to know; the bounds have defaults. */
export interface Libp2pTransportOptions extends Partial<TransportLimits> {
  /** Our Ed25519 seed, 32 bytes: the peer id follows from it. */
  readonly secretKey: Uint8Array
  /** Where to listen, as multiaddr text: `/ip4/0.0.0.0/tcp/4001`. Empty: we only dial. */
  readonly listen: readonly string[]
}

/**
 * Frames over libp2p: TCP, Noise (encrypted, both sides proven), Yamux, one long-lived stream per member and lane.
 *
 * The default transport. Members are admitted by peer id after the handshake, whatever address they come from.
 *
 * @throws RangeError for a seed that is not 32 bytes or a bound out of range.
 */
export function libp2pTransport({ secretKey, listen, ...chosen }: Libp2pTransportOptions): Transport {
  const limits = transportLimits(chosen)
  const self = memberKeyOf(secretKey)
  return new MeshTransport({
    kind: 'libp2p',
    self,
    carrier: new Libp2pCarrier(secretKey, listen, limits),
    limits,
  })
}
