/** Authenticated frames between members, behind one interface: libp2p, plain TCP, memory. */
import './polyfill.js'

export { Backoff } from './backoff.js'
export {
  FRAME_BYTES_LIMIT,
  FrameReader,
  type FrameSink,
  type FramingProblem,
  framePrefix,
  PREFIX_BYTES,
  SIGNAL,
  signalPrefix,
} from './framing.js'
export { PROTOCOLS } from './libp2p/libp2p-carrier.js'
export { type Libp2pTransportOptions, libp2pTransport } from './libp2p/libp2p-transport.js'
export { peerIdOf } from './libp2p/peer-id.js'
export { ADDRESSES_MAX, DEFAULT_LIMITS, type TransportLimits, transportLimits } from './limits.js'
export { memberKey, memberKeyOf } from './member-key.js'
export { type MemoryNetwork, type MemoryTransportOptions, memoryNetwork } from './memory/memory-network.js'
export { type TcpTransportOptions, tcpTransport } from './tcp/tcp-transport.js'
export { measureThroughput, type Throughput, type ThroughputOptions } from './throughput.js'
export { TokenBucket } from './token-bucket.js'
export {
  type MemberKey,
  type PeerAddress,
  type PeerStats,
  PRIORITIES,
  type Priority,
  type Transport,
  type TransportFault,
  type TransportFaultRule,
  type TransportHandlers,
  type TransportStats,
} from './transport.js'
