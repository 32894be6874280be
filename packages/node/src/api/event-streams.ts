/**
 * Server-sent events: blocks, faults, and the status as a sign of life.
 *
 * A listener that reads too slowly is cut off: what waits for it is bounded, and it can ask for what it has missed.
 */
import type { ServerResponse } from 'node:http'
import type { AppliedBlock } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import type { NamedFault, Node } from '../node.js'
import { ApiError } from './api-error.js'
import type { ApiLimits } from './limits.js'

/** Something that happened in the state, as listeners hear of it: after the block that it happened in. */
export interface StateEventJson {
  readonly epoch: number
  readonly type: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** A block, as listeners hear of it. */
export interface BlockEventJson {
  readonly epoch: number
  readonly cid: string
  readonly time: number
  /** Operations on the ledger after this block, and those that it brought. */
  readonly operations: number
  readonly accepted: number
  readonly refused: number
  /** Ids of the operations it brought; only for listeners that asked with `?ids=1`. */
  readonly ids?: readonly string[]
}

interface Listener {
  readonly response: ServerResponse
  readonly withIds: boolean
}

/** All listeners of one node. */
export class EventStreams {
  readonly #node: Node
  readonly #limits: ApiLimits
  readonly #listeners = new Set<Listener>()
  readonly #ticker: NodeJS.Timeout
  readonly #onBlock = (block: AppliedBlock): void => this.#tellBlock(block)
  readonly #onFault = (fault: NamedFault): void => this.#tell('fault', faultJson(fault))

  constructor(node: Node, limits: ApiLimits) {
    this.#node = node
    this.#limits = limits
    this.#ticker = setInterval(() => this.#tell('status', statusEvent(node)), limits.heartbeatMs)
    this.#ticker.unref()
    node.events.on('block', this.#onBlock)
    node.events.on('fault', this.#onFault)
  }

  /** @throws ApiError 503 if there are too many listeners already. */
  requireRoom(): void {
    if (this.#listeners.size >= this.#limits.listenersMax)
      throw new ApiError(503, 'api/too-many-listeners', `at most ${this.#limits.listenersMax} listeners`)
  }

  /** Begins to tell a listener, from now on. */
  open(response: ServerResponse, withIds: boolean): void {
    const listener = { response, withIds }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    this.#listeners.add(listener)
    response.on('close', () => this.#listeners.delete(listener))
    response.on('error', () => this.#listeners.delete(listener))
    this.#write(listener, eventText('status', statusEvent(this.#node)))
  }

  /** Says goodbye to everybody. */
  close(): void {
    clearInterval(this.#ticker)
    this.#node.events.off('block', this.#onBlock)
    this.#node.events.off('fault', this.#onFault)
    for (const { response } of this.#listeners) response.end()
  }

  #tellBlock({ block, cid, receipts, events }: AppliedBlock): void {
    if (this.#listeners.size === 0) return
    const ids = receipts.flatMap(receipt => (receipt.accepted ? [hex(receipt.id)] : []))
    const { epoch, time, operations } = block
    const counts = { operations, accepted: ids.length, refused: receipts.length - ids.length }
    const event: BlockEventJson = { epoch, cid: String(cid), time, ...counts }
    const short = eventText('block', event)
    const long = eventText('block', { ...event, ids })
    for (const listener of this.#listeners) this.#write(listener, listener.withIds ? long : short)
    for (const { type, detail } of events) this.#tell('state', { epoch: block.epoch, type, detail })
  }

  #tell(name: string, value: unknown): void {
    const text = eventText(name, value)
    for (const listener of this.#listeners) this.#write(listener, text)
  }

  #write(listener: Listener, text: string): void {
    const { response } = listener
    if (response.writableLength + text.length > this.#limits.listenerBytesMax) {
      this.#listeners.delete(listener)
      response.destroy()
    } else response.write(text)
  }
}

const eventText = (name: string, value: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`

function statusEvent({ status }: Node) {
  const { state, nextEpoch, pending, operations, peersConnected, failure } = status
  return { state, nextEpoch, pending, operations, peersConnected, failure }
}

const faultJson = ({ rule, detail, peer, peerName, disconnected }: NamedFault) => ({
  rule,
  detail,
  peer,
  peerName,
  disconnected,
})
