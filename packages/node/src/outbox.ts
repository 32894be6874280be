/**
 * What a turn sends: one frame per peer and priority, each message encoded once.
 */
import type { MemberKey, Priority, Transport } from '@mc/network'
import type { PeerIndex } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type { Members } from './members.js'
import { FrameBuilder, type PeerMessage } from './replica/peer-messages.js'
import type { Outgoing } from './replica/turn.js'

/** Messages up to this size go with the votes; larger ones must not make votes wait. */
const CONTROL_BYTES_MAX = 4_096

/** A frame that would grow beyond this is sent before the turn is over. */
const FRAME_BYTES_MAX = 1024 * 1024

/** What an outbox is made of. */
export interface OutboxOptions {
  readonly transport: Transport
  readonly members: Members
  readonly codec: Codec<PeerMessage>
  /** Counts on; those of an earlier configuration, perhaps. */
  readonly counts?: OutboxCounts
}

/** Counts of what was sent. */
export interface OutboxCounts {
  messages: number
  frames: number
  bytes: number
}

/** Sends the messages of turns to the members of one configuration. */
export class Outbox {
  readonly counts: OutboxCounts
  readonly #options: OutboxOptions
  readonly #peers: readonly PeerIndex[]
  readonly #frames: Readonly<Record<Priority, readonly FrameBuilder[]>>

  constructor(options: OutboxOptions) {
    const { counts = { messages: 0, frames: 0, bytes: 0 }, members, transport } = options
    const builders = (): readonly FrameBuilder[] => members.keys.map(() => new FrameBuilder())
    this.#options = options
    this.counts = counts
    // We tell ourselves nothing over the network.
    this.#peers = members.keys.flatMap((key, index) => (key === transport.self ? [] : [index as PeerIndex]))
    this.#frames = { control: builders(), bulk: builders() }
  }

  /** Sends everything; what a peer does not take now it is sent again when it reconnects. */
  send(outgoing: readonly Outgoing[]): void {
    let earlier: { readonly message: PeerMessage; readonly bytes: Uint8Array } | undefined
    for (const { to, message } of outgoing) {
      const bytes = isSame(earlier?.message, message)
        ? (earlier?.bytes as Uint8Array)
        : this.#options.codec.encode(message)
      earlier = { message, bytes }
      if (to !== 'all') this.#add(to, bytes)
      else for (const peer of this.#peers) this.#add(peer, bytes)
    }
    this.#flush('control')
    this.#flush('bulk')
  }

  /** Sends one message to anybody who is connected, member or not. */
  say(to: MemberKey, message: PeerMessage): void {
    const frame = new FrameBuilder()
    const bytes = this.#options.codec.encode(message)
    frame.add(bytes)
    this.counts.messages += 1
    this.#sendFrame(to, priorityOf(bytes), frame)
  }

  #add(peer: PeerIndex, bytes: Uint8Array): void {
    const priority = priorityOf(bytes)
    const frame = this.#frames[priority][peer] as FrameBuilder
    // A large message goes in a frame of its own, or together they could be more than a frame may hold.
    if (frame.length > 0 && frame.length + bytes.length > FRAME_BYTES_MAX) {
      this.#sendFrame(this.#options.members.key(peer), priority, frame)
    }
    frame.add(bytes)
    this.counts.messages += 1
  }

  // Most turns say the same to all: then they share the bytes.
  #flush(priority: Priority): void {
    let last: { readonly messages: readonly Uint8Array[]; readonly bytes: Uint8Array } | undefined
    for (const [peer, frame] of this.#frames[priority].entries()) {
      if (frame.length === 0) continue
      const messages = frame.messages
      const bytes = last !== undefined && isSameList(last.messages, messages) ? last.bytes : frame.bytes()
      frame.clear()
      last = { messages, bytes }
      this.#sendBytes(this.#options.members.key(peer as PeerIndex), priority, bytes)
    }
  }

  #sendFrame(to: MemberKey, priority: Priority, frame: FrameBuilder): void {
    this.#sendBytes(to, priority, frame.take())
  }

  #sendBytes(to: MemberKey, priority: Priority, bytes: Uint8Array): void {
    this.counts.frames += 1
    this.counts.bytes += bytes.length
    this.#options.transport.send(to, priority, bytes)
  }
}

const priorityOf = ({ length }: Uint8Array): Priority => (length <= CONTROL_BYTES_MAX ? 'control' : 'bulk')

/** Whether two messages are the same words of the agreement, sent to several peers one by one. */
function isSame(earlier: PeerMessage | undefined, message: PeerMessage): boolean {
  if (earlier?.type !== 'consensus' || message.type !== 'consensus') return false
  return earlier.bytes === message.bytes
}

const isSameList = (left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean =>
  left.length === right.length && left.every((message, at) => message === right[at])
