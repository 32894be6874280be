import { connect, createServer, type Server, type Socket } from 'node:net'
import { fromHex } from '@mc/protocol/wire'
import type { TransportLimits } from '../limits.js'
import type { Carrier, CarrierEvents, Link } from '../mesh/link.js'
import type { MemberKey, PeerAddress, Priority } from '../transport.js'
import {
  HandshakeError,
  type Hello,
  type Identity,
  newLinkId,
  proveToAcceptor,
  proveToDialler,
  readHello,
} from './handshake.js'
import { formatHostPort, type HostPort, parseHostPort } from './host-port.js'
import { TcpLink } from './tcp-link.js'

/** A socket whose sibling has not come yet. */
interface Half {
  readonly lane: Priority
  readonly socket: Socket
  /** Ends its time as a pending socket. */
  settled(): void
}

/** Links over node:net: two sockets per link, mutual Ed25519 challenges, no encryption. */
export class TcpCarrier implements Carrier {
  readonly #us: Identity
  readonly #listenOn: readonly HostPort[]
  readonly #limits: TransportLimits
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  /** Inbound sockets not yet part of a link; bounded by `pendingInboundMax`. */
  readonly #pending = new Set<Socket>()
  readonly #halves = new Map<string, Half>()
  readonly #accepting = new Set<Promise<void>>()
  #events: CarrierEvents | undefined

  constructor(us: Identity, listenOn: readonly string[], limits: TransportLimits) {
    this.#us = us
    this.#listenOn = listenOn.map(parseHostPort)
    this.#limits = limits
  }

  async listen(events: CarrierEvents): Promise<readonly string[]> {
    this.#events = events
    try {
      return await Promise.all(this.#listenOn.map(address => this.#listenAt(address)))
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async dial({ key, addresses }: PeerAddress, signal: AbortSignal): Promise<Link> {
    const failures: unknown[] = []
    for (const address of addresses) {
      signal.throwIfAborted()
      try {
        return await this.#dialAt(key, parseHostPort(address), signal)
      } catch (error) {
        failures.push(error)
      }
    }
    throw new AggregateError(failures, `no address of ${key} answered`)
  }

  async close(): Promise<void> {
    const closed = this.#servers.map(server => new Promise<void>(resolve => server.close(() => resolve())))
    this.#servers.length = 0
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all([...closed, ...this.#accepting])
  }

  #listenAt({ host, port }: HostPort): Promise<string> {
    const server = createServer({ noDelay: true }, socket => this.#onSocket(socket))
    this.#servers.push(server)
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        // Later errors are of single accepts (out of descriptors): the dialler tries again.
        server.on('error', () => undefined)
        const bound = server.address()
        resolve(
          formatHostPort({ host, port: typeof bound === 'object' && bound !== null ? bound.port : port }),
        )
      })
    })
  }

  async #dialAt(key: MemberKey, to: HostPort, signal: AbortSignal): Promise<Link> {
    const control = this.#track(connect({ ...to, noDelay: true }))
    const bulk = this.#track(connect({ ...to, noDelay: true }))
    const giveUp = (): void => {
      control.destroy()
      bulk.destroy()
    }
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      const peer = fromHex(key)
      const linkId = newLinkId()
      await Promise.all([
        proveToAcceptor(control, this.#us, peer, 'control', linkId),
        proveToAcceptor(bulk, this.#us, peer, 'bulk', linkId),
      ])
      return new TcpLink(key, 'dialled', formatHostPort(to), { control, bulk })
    } catch (error) {
      giveUp()
      throw error
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  #track(socket: Socket): Socket {
    this.#sockets.add(socket)
    // The reason of a failure does not matter, and 'close' follows.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
    return socket
  }

  #onSocket(socket: Socket) {
    this.#track(socket)
    if (this.#pending.size >= this.#limits.pendingInboundMax) {
      socket.destroy()
      return
    }
    const deadline = setTimeout(() => socket.destroy(), this.#limits.handshakeTimeoutMs)
    this.#pending.add(socket)
    socket.on('close', () => this.#settled(socket, deadline))
    const accepting = this.#accept(socket, () => this.#settled(socket, deadline))
      .catch(error => this.#refuse(socket, error))
      .finally(() => this.#accepting.delete(accepting))
    this.#accepting.add(accepting)
  }

  #settled(socket: Socket, deadline: ReturnType<typeof setTimeout>) {
    clearTimeout(deadline)
    this.#pending.delete(socket)
  }

  async #accept(socket: Socket, settled: () => void): Promise<void> {
    const hello = await readHello(socket)
    if (this.#events?.admits(hello.peer) !== true) return this.#refuseStranger(socket, hello)
    await proveToDialler(socket, this.#us, hello)
    this.#pair(socket, hello, settled)
  }

  #refuseStranger(socket: Socket, hello: Hello) {
    socket.destroy()
    this.#events?.onRefused('network/not-admitted', 'not in the configuration (key not proven)', hello.peer)
  }

  #refuse(socket: Socket, error: unknown) {
    socket.destroy()
    if (error instanceof HandshakeError) this.#events?.onRefused('network/bad-handshake', error.message)
  }

  // Two sockets with the same proven key and link id, one per lane, are a link. A lone one stays pending, under
  // the deadline of its handshake.
  #pair(socket: Socket, hello: Hello, settled: () => void) {
    const id = `${hello.peer}/${hello.linkId}`
    const sibling = this.#halves.get(id)
    if (sibling === undefined) {
      const half = { lane: hello.lane, socket, settled }
      this.#halves.set(id, half)
      socket.once('close', () => this.#halves.get(id) === half && this.#halves.delete(id))
      return
    }
    this.#halves.delete(id)
    settled()
    sibling.settled()
    if (sibling.lane === hello.lane || sibling.socket.destroyed) {
      socket.destroy()
      sibling.socket.destroy()
      return
    }
    const [control, bulk] = hello.lane === 'control' ? [socket, sibling.socket] : [sibling.socket, socket]
    const address = formatHostPort({ host: control.remoteAddress ?? '', port: control.remotePort ?? 0 })
    this.#events?.onInbound(new TcpLink(hello.peer, 'accepted', address, { control, bulk }))
  }
}
