import { Backoff } from '../backoff.js'
import { ADDRESSES_MAX, guestLimits, type TransportLimits } from '../limits.js'
import { memberKey } from '../member-key.js'
import type {
  MemberKey,
  PeerAddress,
  PeerStats,
  Priority,
  Transport,
  TransportFault,
  TransportHandlers,
  TransportStats,
} from '../transport.js'
import type { MemoryHub } from './memory-network.js'

/** A connection between two transports; frames that were sent on a closed one are not delivered. */
interface MemoryConnection {
  open: boolean
}

/** One admitted member, or a guest. */
interface Peer {
  readonly isGuest: boolean
  addresses: readonly string[]
  connection: MemoryConnection | undefined
  bans: Backoff
  ban: ReturnType<typeof setTimeout> | undefined
  connections: number
  bytesIn: number
  bytesOut: number
  framesIn: number
  framesOut: number
  bufferedBytes: number
}

/** A transport whose wire is a queue in memory. Obeys the same laws as the real ones; frames are copied. */
export class MemoryTransport implements Transport {
  readonly kind = 'memory'
  readonly self: MemberKey
  readonly #hub: MemoryHub
  readonly #listen: readonly string[]
  readonly #limits: TransportLimits
  readonly #peers = new Map<MemberKey, Peer>()
  #strangersRefused = 0
  #handlers: TransportHandlers | undefined
  #state: 'new' | 'running' | 'stopped' = 'new'

  constructor(hub: MemoryHub, self: MemberKey, listen: readonly string[], limits: TransportLimits) {
    this.#hub = hub
    this.self = self
    this.#listen = listen
    this.#limits = limits
  }

  get addresses(): readonly string[] {
    return this.#state === 'running' ? this.#listen : []
  }

  async start(handlers: TransportHandlers): Promise<void> {
    if (this.#state !== 'new') throw new TypeError('transport: started before; make a new one')
    this.#hub.join(this)
    this.#handlers = handlers
    this.#state = 'running'
  }

  admit(peers: readonly PeerAddress[]): void {
    const admitted = new Map(peers.map(({ key, addresses }) => [memberKey(key), addresses]))
    admitted.delete(this.self)
    for (const [key, peer] of this.#peers) {
      if (admitted.has(key) !== peer.isGuest) continue
      this.unlink(key)
      clearTimeout(peer.ban)
      this.#peers.delete(key)
    }
    for (const [key, addresses] of admitted) this.#admitOne(key, addresses.slice(0, ADDRESSES_MAX))
    this.#hub.settle()
  }

  send(to: MemberKey, priority: Priority, frame: Uint8Array): boolean {
    if (frame.length > this.#limits.frameBytesMax)
      throw new RangeError(`send: ${frame.length} bytes, at most ${this.#limits.frameBytesMax}`)
    const peer = this.#peers.get(to)
    const connection = peer?.connection
    if (peer === undefined || connection === undefined) return false
    if (peer.bufferedBytes + frame.length > this.#limits.bufferedBytesMax) {
      const detail = `${peer.bufferedBytes} bytes waiting, at most ${this.#limits.bufferedBytesMax}`
      this.#fault({ rule: 'network/slow-peer', peer: to, detail })
      this.unlink(to)
      this.#hub.settle()
      return false
    }
    peer.framesOut += 1
    peer.bytesOut += frame.length
    peer.bufferedBytes += frame.length
    this.#hub.later(() => {
      if (!connection.open) return
      peer.bufferedBytes -= frame.length
      this.#hub.reach(this.self, to)?.receive(this.self, priority, frame)
    })
    return true
  }

  bufferedBytes(peer: MemberKey): number {
    return this.#peers.get(peer)?.bufferedBytes ?? 0
  }

  disconnect(peer: MemberKey, _reason: string): void {
    const member = this.#peers.get(peer)
    if (member === undefined) return
    this.unlink(peer)
    clearTimeout(member.ban)
    member.ban = setTimeout(() => {
      member.ban = undefined
      this.#hub.settle()
    }, member.bans.next())
  }

  stats(): TransportStats {
    const members = [...this.#peers].filter(([, { isGuest }]) => !isGuest)
    const peers = members.map(([key, peer]) => statsOf(key, peer))
    return { peers, strangersRefused: this.#strangersRefused, guests: this.#peers.size - members.length }
  }

  async stop(): Promise<void> {
    for (const key of this.#peers.keys()) this.unlink(key)
    for (const peer of this.#peers.values()) clearTimeout(peer.ban)
    this.#state = 'stopped'
    this.#hub.leave(this)
  }

  /** Connects to every admitted member that can be reached under one of its addresses. */
  dialAll(): void {
    if (this.#state !== 'running') return
    for (const [key, peer] of this.#peers) {
      const other = this.#hub.reach(this.self, key)
      if (other === undefined || peer.connection !== undefined || peer.ban !== undefined) continue
      if (!peer.addresses.some(address => other.addresses.includes(address))) continue
      const connection = { open: true }
      if (other.accept(this.self, connection)) this.#connected(key, peer, connection)
    }
  }

  /** The other side of a dial. */
  accept(from: MemberKey, connection: MemoryConnection): boolean {
    const peer = this.#peers.get(from) ?? this.#newGuest(from)
    if (peer === undefined) {
      this.#strangersRefused += 1
      this.#fault({ rule: 'network/not-admitted', peer: from, detail: 'not in the configuration' })
      return false
    }
    if (peer.ban !== undefined) return false
    this.#connected(from, peer, connection)
    return true
  }

  /** The other side of a send. */
  receive(from: MemberKey, priority: Priority, frame: Uint8Array): void {
    const peer = this.#peers.get(from)
    if (peer?.connection === undefined) return
    const { frameBytesMax } = peer.isGuest ? guestLimits(this.#limits) : this.#limits
    if (frame.length > frameBytesMax) {
      const detail = `${frame.length} bytes, at most ${frameBytesMax}`
      this.#fault({ rule: 'network/frame-too-long', peer: from, detail })
      this.disconnect(from, 'network/frame-too-long')
      return
    }
    peer.framesIn += 1
    peer.bytesIn += frame.length
    this.#handlers?.onFrame(from, priority, Uint8Array.from(frame))
  }

  /** Ends the connection with a member, on both sides. */
  unlink(key: MemberKey): void {
    const connection = this.#peers.get(key)?.connection
    if (connection === undefined) return
    connection.open = false
    this.#disconnected(key)
    const other = this.#hub.reachAnyway(key)
    if (other !== undefined) other.#disconnected(this.self)
  }

  #newGuest(key: MemberKey): Peer | undefined {
    if (this.stats().guests >= this.#limits.guestsMax) return undefined
    const guest = newPeer([], this.#limits, true)
    this.#peers.set(key, guest)
    return guest
  }

  #admitOne(key: MemberKey, addresses: readonly string[]) {
    const known = this.#peers.get(key)
    if (known === undefined) this.#peers.set(key, newPeer(addresses, this.#limits, false))
    else known.addresses = addresses
  }

  #connected(key: MemberKey, peer: Peer, connection: MemoryConnection) {
    peer.connection = connection
    peer.connections += 1
    peer.bufferedBytes = 0
    this.#handlers?.onConnected(key)
  }

  #disconnected(key: MemberKey) {
    const peer = this.#peers.get(key)
    if (peer?.connection === undefined) return
    peer.connection = undefined
    peer.bufferedBytes = 0
    if (peer.isGuest) this.#peers.delete(key)
    this.#notify(handlers => handlers.onDisconnected(key))
  }

  #fault(fault: TransportFault) {
    this.#notify(handlers => handlers.onFault(fault))
  }

  #notify(event: (handlers: TransportHandlers) => void) {
    this.#hub.later(() => {
      if (this.#state === 'running' && this.#handlers !== undefined) event(this.#handlers)
    })
  }
}

function newPeer(
  addresses: readonly string[],
  { banFirstMs, banMsMax }: TransportLimits,
  isGuest: boolean,
): Peer {
  return {
    isGuest,
    addresses,
    connection: undefined,
    bans: new Backoff(banFirstMs, banMsMax, () => 0),
    ban: undefined,
    connections: 0,
    bytesIn: 0,
    bytesOut: 0,
    framesIn: 0,
    framesOut: 0,
    bufferedBytes: 0,
  }
}

function statsOf(key: MemberKey, peer: Peer): PeerStats {
  const { bytesIn, bytesOut, framesIn, framesOut, bufferedBytes, connections } = peer
  return {
    peer: key,
    connected: peer.connection !== undefined,
    remoteAddress: peer.addresses[0],
    bytesIn,
    bytesOut,
    framesIn,
    framesOut,
    bufferedBytes,
    reconnects: Math.max(0, connections - 1),
    rttMs: undefined,
  }
}
