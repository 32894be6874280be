import '../polyfill.js'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import type { TransportLimits } from '../limits.js'
import { ADDRESSES_MAX } from '../limits.js'

/** One connection per pair, and room for a second one while two simultaneous dials are sorted out. */
const CONNECTIONS_MAX = 1_024
/** Control, bulk, and the short-lived identify and identify push. */
const STREAMS_MAX = 4
/** Bytes libp2p holds for a stream that nobody reads yet; ours are read as soon as they exist. */
const READ_BUFFER_BYTES = 4 * 2 ** 20
/** Above the heartbeat by far: silence is judged by the mesh, which knows when our own process was late. */
const SOCKET_IDLE_MS = 10 * 60_000

/** What a libp2p node of ours is made from. */
export interface Libp2pNodeParts {
  readonly privateKey: PrivateKey
  readonly listen: readonly string[]
  readonly limits: TransportLimits
  readonly gater: ConnectionGater
}

/**
 * A libp2p node with TCP, Noise, Yamux and identify, and every limit set on purpose (the README has the table).
 *
 * It is not started. No discovery, no relay, no DHT, no redialling of its own: the mesh decides whom it talks to.
 */
export function libp2pNode({ privateKey, listen, limits, gater }: Libp2pNodeParts): Promise<Libp2p> {
  return createLibp2p({
    start: false,
    privateKey,
    addresses: { listen: [...listen] },
    connectionGater: gater,
    transports: [
      tcp({
        inboundSocketInactivityTimeout: SOCKET_IDLE_MS,
        outboundSocketInactivityTimeout: SOCKET_IDLE_MS,
        dialOpts: { noDelay: true },
        listenOpts: { noDelay: true },
      }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: STREAMS_MAX,
        maxOutboundStreams: STREAMS_MAX,
        maxEarlyStreams: STREAMS_MAX,
        streamOptions: { maxReadBufferLength: READ_BUFFER_BYTES },
      }),
    ],
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      inboundConnectionThreshold: limits.inboundConnectionsPerSecond,
      maxIncomingPendingConnections: limits.pendingInboundMax,
      inboundUpgradeTimeout: limits.handshakeTimeoutMs,
      inboundStreamProtocolNegotiationTimeout: limits.handshakeTimeoutMs,
      outboundStreamProtocolNegotiationTimeout: limits.handshakeTimeoutMs,
      dialTimeout: limits.handshakeTimeoutMs,
      addressDialTimeout: limits.handshakeTimeoutMs,
      maxPeerAddrsToDial: ADDRESSES_MAX,
      reconnectRetries: 0,
    },
    connectionMonitor: { enabled: false },
    services: { identify: identify({ maxInboundStreams: 1, maxOutboundStreams: 1 }) },
  }) as Promise<Libp2p>
}
