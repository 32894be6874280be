import '../polyfill.js'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Connection, ConnectionGater, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { TransportLimits } from '../limits.js'
import type { Carrier, CarrierEvents, Link } from '../mesh/link.js'
import { type MemberKey, type PeerAddress, PRIORITIES, type Priority } from '../transport.js'
import { Libp2pLink } from './libp2p-link.js'
import { libp2pNode } from './libp2p-node.js'
import { libp2pIdOf, memberOfPeerId } from './peer-id.js'

/** The protocol ids of the two lanes. A change of the framing changes the number. */
export const PROTOCOLS: Readonly<Record<Priority, string>> = {
  control: '/mass-consensus/1/control',
  bulk: '/mass-consensus/1/bulk',
}

/** An inbound connection whose streams are still arriving, with what there is. */
type Arriving = { -readonly [lane in Priority]?: Stream }

/** Links over libp2p: one connection per link, two streams on it, both opened by the dialler. */
export class Libp2pCarrier implements Carrier {
  readonly #secretKey: Uint8Array
  readonly #listenOn: readonly string[]
  readonly #limits: TransportLimits
  readonly #arriving = new WeakMap<Connection, Arriving>()
  #events: CarrierEvents | undefined
  #node: Libp2p | undefined

  constructor(secretKey: Uint8Array, listenOn: readonly string[], limits: TransportLimits) {
    this.#secretKey = secretKey
    this.#listenOn = listenOn
    this.#limits = limits
  }

  async listen(events: CarrierEvents): Promise<readonly string[]> {
    this.#events = events
    const privateKey = await generateKeyPairFromSeed('Ed25519', this.#secretKey)
    const gater = this.#gater()
    const node = await libp2pNode({ privateKey, listen: this.#listenOn, limits: this.#limits, gater })
    this.#node = node
    for (const priority of PRIORITIES)
      await node.handle(
        PROTOCOLS[priority],
        (stream, connection) => this.#onStream(priority, stream, connection),
        { maxInboundStreams: 1, maxOutboundStreams: 1 },
      )
    node.addEventListener('connection:open', ({ detail }) => this.#onConnection(detail))
    await node.start()
    return node.getMultiaddrs().map(withoutPeerId)
  }

  async dial({ key, addresses }: PeerAddress, signal: AbortSignal): Promise<Link> {
    const node = this.#node
    if (node === undefined) throw new Error('not listening')
    const suffix = `/p2p/${libp2pIdOf(key)}`
    const targets = addresses.map(address => multiaddr(withoutPeerId(multiaddr(address)) + suffix))
    const connection = await node.dial(targets, { signal, force: true })
    try {
      // Control first: streams drain in the order in which they were opened.
      const control = await connection.newStream(PROTOCOLS.control, { signal })
      const bulk = await connection.newStream(PROTOCOLS.bulk, { signal })
      return new Libp2pLink(key, 'dialled', connection, { control, bulk })
    } catch (error) {
      connection.abort(new Error('the streams could not be opened'))
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#node?.stop()
    this.#node = undefined
  }

  // Noise has bound the peer id to its key when these are asked: nobody is admitted by address.
  #gater(): ConnectionGater {
    return {
      denyDialPeer: id => !this.#admits(id),
      denyOutboundEncryptedConnection: id => !this.#admits(id),
      denyInboundEncryptedConnection: id => this.#denyInbound(id),
      filterMultiaddrForPeer: () => false,
    }
  }

  #admits(id: PeerId): boolean {
    const key = memberOfPeerId(id)
    return key !== undefined && this.#events?.admits(key) === true
  }

  #denyInbound(id: PeerId): boolean {
    if (this.#admits(id)) return false
    this.#events?.onRefused(
      'network/not-admitted',
      `peer id ${id} is not in the configuration`,
      memberOfPeerId(id),
    )
    return true
  }

  // A connection that does not bring both streams in time is of no use to us.
  #onConnection(connection: Connection) {
    if (connection.direction !== 'inbound') return
    this.#arriving.set(connection, {})
    const deadline = setTimeout(() => {
      if (this.#arriving.has(connection)) connection.abort(new Error('the streams did not come in time'))
    }, this.#limits.handshakeTimeoutMs)
    deadline.unref()
    connection.addEventListener('close', () => clearTimeout(deadline))
  }

  #onStream(priority: Priority, stream: Stream, connection: Connection) {
    const arriving = this.#arriving.get(connection)
    const peer = memberOfPeerId(connection.remotePeer)
    if (arriving === undefined || peer === undefined || arriving[priority] !== undefined)
      return stream.abort(new Error('a stream too many'))
    arriving[priority] = stream
    const { control, bulk } = arriving
    if (control === undefined || bulk === undefined) return
    this.#arriving.delete(connection)
    this.#events?.onInbound(new Libp2pLink(peer as MemberKey, 'accepted', connection, { control, bulk }))
  }
}

/** An address as `admit` takes it: the peer id follows from the key. */
function withoutPeerId(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, '')
}
