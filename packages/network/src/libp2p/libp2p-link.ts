import type { Connection, Stream, StreamMessageEvent } from '@libp2p/interface'
import type { Link, LinkEvents } from '../mesh/link.js'
import { type MemberKey, PRIORITIES, type Priority } from '../transport.js'
import { OutboundLane } from './outbound-lane.js'

/** The two long-lived streams of a link. */
export type StreamPair = Readonly<Record<Priority, Stream>>

/** A link over one libp2p connection with one stream per lane; it ends when any of the three ends. */
export class Libp2pLink implements Link {
  readonly peer: MemberKey
  readonly direction: Link['direction']
  readonly remoteAddress: string
  readonly #connection: Connection
  readonly #streams: StreamPair
  readonly #lanes: Readonly<Record<Priority, OutboundLane>>
  #onClosed: ((reason: string) => void) | undefined
  #closed = false

  constructor(peer: MemberKey, direction: Link['direction'], connection: Connection, streams: StreamPair) {
    this.peer = peer
    this.direction = direction
    this.remoteAddress = connection.remoteAddr.toString()
    this.#connection = connection
    this.#streams = streams
    this.#lanes = { control: new OutboundLane(streams.control), bulk: new OutboundLane(streams.bulk) }
  }

  get bufferedBytes(): number {
    return this.#lanes.control.bufferedBytes + this.#lanes.bulk.bufferedBytes
  }

  attach(events: LinkEvents): void {
    this.#onClosed = events.onClosed
    this.#connection.addEventListener('close', () => this.close('the connection closed'))
    for (const priority of PRIORITIES) {
      const stream = this.#streams[priority]
      stream.addEventListener('close', () => this.close(`the ${priority} stream closed`))
      stream.addEventListener('remoteCloseWrite', () => this.close(`the peer ended the ${priority} stream`))
      stream.addEventListener('message', event => this.#onMessage(priority, event, events))
      // What closed before is told of here: it will not say so again.
      if (stream.status !== 'open') queueMicrotask(() => this.close(`the ${priority} stream closed`))
    }
    if (this.#connection.status !== 'open') queueMicrotask(() => this.close('the connection closed'))
  }

  write(priority: Priority, prefix: Uint8Array, body?: Uint8Array): void {
    if (!this.#closed) this.#lanes[priority].write(prefix, body)
  }

  close(reason: string): void {
    if (this.#closed) return
    this.#closed = true
    for (const priority of PRIORITIES) this.#lanes[priority].clear()
    this.#connection.abort(new Error(reason))
    this.#onClosed?.(reason)
  }

  // A message is whatever arrived, in one array or in a list of them: each part is read where it lies.
  #onMessage(priority: Priority, { data }: StreamMessageEvent, events: LinkEvents) {
    if (data instanceof Uint8Array) return events.onBytes(priority, data)
    for (const part of data) if (!this.#closed) events.onBytes(priority, part)
  }
}
