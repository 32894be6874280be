/** The one interface behind which every network hides: whole frames between members, by key. */

/** A member as the transport knows it: its 32-byte Ed25519 public key in lower-case hex, 64 characters. */
export type MemberKey = string

/** Two lanes per member. Control (votes, signals) never waits behind bulk (payloads, state). */
export type Priority = 'control' | 'bulk'

/** Both lanes, control first. */
export const PRIORITIES: readonly Priority[] = ['control', 'bulk']

/** Where a member can be dialled. An empty list means: it dials us. */
export interface PeerAddress {
  readonly key: MemberKey
  /** Multiaddr text for libp2p, `host:port` for tcp, the network's own names for memory. At most 8 are used. */
  readonly addresses: readonly string[]
}

/**
 * What a peer or a stranger did wrong on the wire.
 *
 * - `network/not-admitted`: someone outside the configuration proved a key and asked for a connection
 * - `network/bad-handshake`: someone failed to prove the key they claimed
 * - `network/frame-too-long`: a frame was announced that is longer than `frameBytesMax`
 * - `network/frame-stalled`: a frame was begun and not finished within `frameTimeoutMs`
 * - `network/bad-signal`: a frame prefix that no version of this package sends, or frames before the welcome
 * - `network/budget-exceeded`: more bytes than `inboundBytesPerSecond` allows
 * - `network/slow-peer`: the peer reads too slowly; more than `bufferedBytesMax` was waiting for it
 */
export type TransportFaultRule =
  | 'network/not-admitted'
  | 'network/bad-handshake'
  | 'network/frame-too-long'
  | 'network/frame-stalled'
  | 'network/bad-signal'
  | 'network/budget-exceeded'
  | 'network/slow-peer'

/** A local observation about a peer; `peer` is missing where nobody proved a key. */
export interface TransportFault {
  readonly rule: TransportFaultRule
  readonly peer?: MemberKey
  readonly detail: string
}

/**
 * What the layer above hears. Handlers are called one at a time, never from inside a call to the transport.
 *
 * Of one peer, `onConnected` comes first, then its frames, then `onDisconnected`; a replaced connection is
 * reported as a disconnection followed by a connection. A handler that throws is a bug and stops the process.
 */
export interface TransportHandlers {
  /** One whole frame as the sender gave it. The buffer belongs to the handler: the transport forgets it. */
  onFrame(from: MemberKey, priority: Priority, frame: Uint8Array): void
  onConnected(peer: MemberKey): void
  onDisconnected(peer: MemberKey): void
  onFault(fault: TransportFault): void
}

/** Counters of one admitted member since it was admitted. Frames and bytes exclude the transport's own signals. */
export interface PeerStats {
  readonly peer: MemberKey
  readonly connected: boolean
  readonly remoteAddress: string | undefined
  readonly bytesIn: number
  readonly bytesOut: number
  readonly framesIn: number
  readonly framesOut: number
  /** Bytes accepted by `send` that the operating system has not taken yet. */
  readonly bufferedBytes: number
  /** Connections after the first one. */
  readonly reconnects: number
  /** Last measured round trip on the control lane, in milliseconds. */
  readonly rttMs: number | undefined
}

/** A snapshot of the transport's counters. */
export interface TransportStats {
  readonly peers: readonly PeerStats[]
  /** How often someone outside the configuration was turned away. */
  readonly strangersRefused: number
  /** Strangers that are connected as guests. */
  readonly guests: number
}

/**
 * Frames between the members of one configuration.
 *
 * Guarantees between two connected members: a frame arrives unchanged, at most once, and in order within its
 * priority. A frame may be lost only at a disconnection, and then any frame not yet delivered may be: the layer
 * above sends again what matters upon `onConnected`. Each pair uses one connection at a time.
 *
 * With `guestsMax` over 0 so many others may connect too, who proved a key that is not among the members. They are never
 * dialled, have small limits of their own and are told like members, so the layer above has to know who is one.
 * The sender of a frame is who the transport says: it proved possession of that key.
 */
export interface Transport {
  readonly kind: 'libp2p' | 'tcp' | 'memory'
  /** Our own key. */
  readonly self: MemberKey
  /** Where we listen, in the form `admit` takes; empty before `start` and after `stop`. */
  readonly addresses: readonly string[]
  /**
   * Listens, and begins to dial the admitted members.
   *
   * @throws Error (rejects) if an address cannot be listened on, TypeError if it was started before.
   */
  start(handlers: TransportHandlers): Promise<void>
  /**
   * The configuration's members, all of them: they are dialled and accepted, all others are refused or guests.
   * A guest that is in the list has to connect anew. Members that are missing from a later list are disconnected. Our own key may be in it.
   *
   * @throws RangeError if a key is not 64 characters of lower-case hex.
   */
  admit(peers: readonly PeerAddress[]): void
  /**
   * Sends one frame. The bytes are not copied: they must not change afterwards.
   *
   * False means dropped: the peer is not connected, or its buffer is over `bufferedBytesMax`; in the latter
   * case the peer is disconnected (fault `network/slow-peer`) and heals by reconnecting.
   *
   * @throws RangeError if the frame is longer than our own `frameBytesMax`.
   */
  send(to: MemberKey, priority: Priority, frame: Uint8Array): boolean
  /** Bytes waiting for this peer; 0 if it is not connected. For callers that pace bulk transfers. */
  bufferedBytes(peer: MemberKey): number
  /** Disconnects a member and refuses it for a while: 1 s at first, doubling up to a minute. */
  disconnect(peer: MemberKey, reason: string): void
  stats(): TransportStats
  /** Closes everything; no handler is called afterwards, no handle stays open. A stopped transport stays stopped. */
  stop(): Promise<void>
}
