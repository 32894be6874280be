/**
 * What can happen next in a simulated network: a message arrives, or a local input is given.
 */
import type { PeerIndex } from '@mc/protocol'

/** A message on its way from one member to another. */
export interface Delivery<Message> {
  readonly type: 'message'
  /** Counts all events of a run in the order in which they became pending. */
  readonly id: number
  readonly from: PeerIndex
  readonly to: PeerIndex
  /** What the sender meant; in encoded runs `bytes` is what arrives. */
  readonly message: Message
  /** What travels, in encoded runs; a garbler's bytes may decode to another message or to none. */
  readonly bytes: Uint8Array | undefined
  /** The same on paper, travelling or not, where the sender had to encode it: spares whoever has to log it from encoding it again. */
  readonly encoding: Uint8Array | undefined
  /** Length of the longest chain of messages that led to this one, itself included. */
  readonly depth: number
  /** Virtual time of arrival, in milliseconds; schedules that model time set it. */
  atMs: number
}

/** A local input that is ready to be given. */
export interface InputEvent<Input> {
  readonly type: 'input'
  readonly id: number
  /** The same as `to`. */
  readonly from: PeerIndex
  readonly to: PeerIndex
  readonly input: Input
  readonly bytes: undefined
  readonly depth: number
  atMs: number
}

/** What a schedule orders. */
export type SimEvent<Input = unknown, Message = unknown> = Delivery<Message> | InputEvent<Input>

/** One shape for all events, so that the hot path stays monomorphic. */
class PendingEvent {
  readonly type: 'message' | 'input'
  readonly id: number
  readonly from: PeerIndex
  readonly to: PeerIndex
  readonly message: unknown
  readonly input: unknown
  readonly bytes: Uint8Array | undefined
  readonly encoding: Uint8Array | undefined
  readonly depth: number
  atMs: number

  constructor(
    type: 'message' | 'input',
    id: number,
    from: PeerIndex,
    to: PeerIndex,
    message: unknown,
    input: unknown,
    bytes: Uint8Array | undefined,
    encoding: Uint8Array | undefined,
    depth: number,
    atMs: number,
  ) {
    this.type = type
    this.id = id
    this.from = from
    this.to = to
    this.message = message
    this.input = input
    this.bytes = bytes
    this.encoding = encoding
    this.depth = depth
    this.atMs = atMs
  }
}

/** A message that is now pending. */
export const delivery = <Message>(
  id: number,
  from: PeerIndex,
  to: PeerIndex,
  message: Message,
  bytes: Uint8Array | undefined,
  encoding: Uint8Array | undefined,
  depth: number,
  atMs: number,
): Delivery<Message> =>
  new PendingEvent(
    'message',
    id,
    from,
    to,
    message,
    undefined,
    bytes,
    encoding,
    depth,
    atMs,
  ) as Delivery<Message>

/** An input that is now pending. */
export const inputEvent = <Input>(
  id: number,
  to: PeerIndex,
  input: Input,
  depth: number,
  atMs: number,
): InputEvent<Input> =>
  new PendingEvent(
    'input',
    id,
    to,
    to,
    undefined,
    input,
    undefined,
    undefined,
    depth,
    atMs,
  ) as InputEvent<Input>
