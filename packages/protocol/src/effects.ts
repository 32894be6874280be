/**
 * The only way a protocol acts on the world.
 */
import type { PeerIndex } from './ids.js'

/**
 * What somebody did wrong, as data.
 *
 * `rule` is stable and greppable (`package/what-they-did`). `peer` is absent only when no single peer can be named, that is
 * when the assumption "at most f are faulty" itself was seen broken. Without `proof` a fault is a local observation and must
 * not be passed on as truth: channels authenticate towards us, not towards third parties. `proof` holds signed, conflicting
 * statements that convince anybody.
 */
export interface Fault {
  readonly rule: string
  readonly peer?: PeerIndex
  readonly detail?: string
  readonly proof?: readonly Uint8Array[]
}

/**
 * What a protocol may do. Every call records; none runs other protocol code before the running handler has returned.
 *
 * There is no clock, no randomness, no promise and no log: what is not here cannot happen.
 */
export interface Effects<Message, Output> {
  /** Sends to one member; a message to ourselves comes back through `handleMessage`. */
  send(to: PeerIndex, message: Message): void
  /** Sends to all n members, ourselves included, like the papers' "multicast". */
  broadcast(message: Message): void
  /** Hands a result to whoever created this protocol. */
  output(output: Output): void
  /** Reports what a peer did wrong. */
  fault(fault: Fault): void
  /** The effects of a child protocol: its messages travel wrapped, its outputs arrive at `onOutput`, deferred. */
  scope<ChildMessage, ChildOutput>(
    child: ChildScope<Message, ChildMessage, ChildOutput>,
  ): Effects<ChildMessage, ChildOutput>
}

/** How a parent embeds a child. */
export interface ChildScope<Message, ChildMessage, ChildOutput> {
  readonly wrap: (message: ChildMessage) => Message
  readonly onOutput: (output: ChildOutput) => void
}
