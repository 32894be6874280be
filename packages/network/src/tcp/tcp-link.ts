import type { Socket } from 'node:net'
import type { Link, LinkEvents } from '../mesh/link.js'
import { type MemberKey, PRIORITIES, type Priority } from '../transport.js'

/** Bodies up to this length are copied behind their prefix: one buffer costs less than two. */
const COPY_BYTES_MAX = 4_096

/** Two authenticated sockets to one member, one per lane. */
export interface SocketPair {
  readonly control: Socket
  readonly bulk: Socket
}

/** A link over two sockets, so that the kernel keeps control apart from bulk. */
export class TcpLink implements Link {
  readonly peer: MemberKey
  readonly direction: Link['direction']
  readonly remoteAddress: string
  readonly #sockets: SocketPair
  readonly #corked: Record<Priority, boolean> = { control: false, bulk: false }
  #onClosed: ((reason: string) => void) | undefined

  constructor(peer: MemberKey, direction: Link['direction'], remoteAddress: string, sockets: SocketPair) {
    this.peer = peer
    this.direction = direction
    this.remoteAddress = remoteAddress
    this.#sockets = sockets
  }

  get bufferedBytes(): number {
    return this.#sockets.control.writableLength + this.#sockets.bulk.writableLength
  }

  attach(events: LinkEvents): void {
    this.#onClosed = events.onClosed
    for (const priority of PRIORITIES) {
      const socket = this.#sockets[priority]
      socket.on('data', chunk => events.onBytes(priority, chunk))
      socket.on('close', () => this.close('the peer closed the connection'))
      // A socket that closed before is told of here: it will not say so again.
      if (socket.destroyed) queueMicrotask(() => this.close('the peer closed the connection'))
    }
  }

  write(priority: Priority, prefix: Uint8Array, body?: Uint8Array): void {
    const socket = this.#sockets[priority]
    if (socket.destroyed) return
    this.#cork(priority, socket)
    if (body === undefined) socket.write(prefix)
    else if (body.length <= COPY_BYTES_MAX) socket.write(Buffer.concat([prefix, body]))
    else {
      socket.write(prefix)
      socket.write(body)
    }
  }

  close(reason: string): void {
    for (const priority of PRIORITIES) this.#sockets[priority].destroy()
    const onClosed = this.#onClosed
    this.#onClosed = undefined
    onClosed?.(reason)
  }

  // What one turn writes leaves in one system call.
  #cork(priority: Priority, socket: Socket) {
    if (this.#corked[priority]) return
    this.#corked[priority] = true
    socket.cork()
    process.nextTick(() => {
      this.#corked[priority] = false
      socket.uncork()
    })
  }
}
