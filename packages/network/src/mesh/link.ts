import type { MemberKey, PeerAddress, Priority } from '../transport.js'

/** What a link tells its owner. `onClosed` comes once, and nothing after it. */
export interface LinkEvents {
  /** Bytes in order per lane; the chunk is valid only during the call. */
  onBytes(priority: Priority, chunk: Uint8Array): void
  onClosed(reason: string): void
}

/** An authenticated connection to a member with two independent byte streams. */
export interface Link {
  readonly peer: MemberKey
  readonly direction: 'dialled' | 'accepted'
  readonly remoteAddress: string
  /** Bytes written that the operating system has not taken. */
  readonly bufferedBytes: number
  /** Starts the flow of events; whatever arrived before is delivered after this call. Called once. */
  attach(events: LinkEvents): void
  /** Appends to a lane: a prefix and, for a frame, its body. Never throws; does nothing on a closed link. */
  write(priority: Priority, prefix: Uint8Array, body?: Uint8Array): void
  /** Closes at once, in both directions; what is buffered is lost. `onClosed` follows, perhaps within the call. */
  close(reason: string): void
}

/** What a carrier asks and reports while it listens. */
export interface CarrierEvents {
  /** Whether this key may connect now. */
  admits(key: MemberKey): boolean
  /** An inbound link whose peer proved an admitted key. */
  onInbound(link: Link): void
  /** Somebody who may not connect, or could not prove who they are. */
  onRefused(rule: 'network/not-admitted' | 'network/bad-handshake', detail: string, key?: MemberKey): void
}

/** Makes links: the part of a transport that knows sockets and handshakes, and nothing of frames. */
export interface Carrier {
  /** Begins to listen and returns the addresses. */
  listen(events: CarrierEvents): Promise<readonly string[]>
  /** Dials the addresses in turn until one of them proves to be the peer. Rejects if none does or upon abort. */
  dial(peer: PeerAddress, signal: AbortSignal): Promise<Link>
  /** Closes the listener and every connection. */
  close(): Promise<void>
}
