/**
 * Runs a protocol from outside: one event in, everything it caused out.
 *
 * The four laws hold here. Down is a call, up is deferred: a child's output reaches its parent after the running handler has
 * returned. Self is a peer: a broadcast also comes back through `handleMessage`, within the same step. Effects are complete.
 * Handlers are total: whatever a codec accepts returns normally, so an exception out of `message` is a bug of ours.
 */
import type { Committee } from './committee.js'
import type { ChildScope, Effects, Fault } from './effects.js'
import type { PeerIndex } from './ids.js'
import type { Protocol, ProtocolDefinition } from './protocol.js'

/** A message on its way to one peer, or to all peers but ourselves. */
export interface Outgoing<Message> {
  readonly to: PeerIndex | 'all'
  readonly message: Message
}

/** Everything one event caused. Our own copies of messages have been handled already and do not appear. */
export interface Step<Message, Output> {
  readonly messages: readonly Outgoing<Message>[]
  readonly outputs: readonly Output[]
  readonly faults: readonly Fault[]
}

/** A protocol instance seen from outside. */
export interface Driven<Input, Message, Output> {
  /** @throws what the protocol's `handleInput` throws on misuse; nothing has changed then. */
  input(input: Input): Step<Message, Output>
  message(from: PeerIndex, message: Message): Step<Message, Output>
}

/**
 * Creates an instance of `definition` and drives it.
 *
 * What an instance does while it is created leaves with its first step.
 */
export function drive<Params extends { readonly committee: Committee }, Input, Message, Output>(
  definition: ProtocolDefinition<Params, Input, Message, Output>,
  params: Params,
): Driven<Input, Message, Output> {
  const recorder = new Recorder<Message, Output>(params.committee.self)
  const protocol = definition.create(params, recorder)
  recorder.attach(protocol)
  return {
    input: input => {
      protocol.handleInput(input)
      return recorder.settle()
    },
    message: (from, message) => {
      protocol.handleMessage(from, message)
      return recorder.settle()
    },
  }
}

const NONE: readonly never[] = []

/** The root effects: records what leaves, and defers what comes back. */
class Recorder<Message, Output> implements Effects<Message, Output> {
  readonly #self: PeerIndex
  readonly #queue = new DeferredCalls()
  // Bound once and early: what a protocol sends to itself while it is being created must find it later.
  readonly #toSelf = (message: Message): void => this.#protocol?.handleMessage(this.#self, message)
  #protocol: Protocol<never, Message> | undefined
  #messages: Outgoing<Message>[] = []
  #outputs: Output[] = []
  #faults: Fault[] = []

  constructor(self: PeerIndex) {
    this.#self = self
  }

  attach(protocol: Protocol<never, Message>): void {
    this.#protocol = protocol
  }

  send(to: PeerIndex, message: Message): void {
    if (to === this.#self) this.#queue.push(this.#toSelf, message)
    else this.#messages.push({ to, message })
  }

  broadcast(message: Message): void {
    this.#messages.push({ to: 'all', message })
    this.#queue.push(this.#toSelf, message)
  }

  output(output: Output): void {
    this.#outputs.push(output)
  }

  fault(fault: Fault): void {
    this.#faults.push(fault)
  }

  scope<M, O>(child: ChildScope<Message, M, O>): Effects<M, O> {
    return new Scope(this, child, this.#queue)
  }

  /** Runs what was deferred until nothing is left, and hands over what was recorded. */
  settle(): Step<Message, Output> {
    this.#queue.run()
    const step = {
      messages: this.#messages.length > 0 ? this.#messages : NONE,
      outputs: this.#outputs.length > 0 ? this.#outputs : NONE,
      faults: this.#faults.length > 0 ? this.#faults : NONE,
    }
    if (this.#messages.length > 0) this.#messages = []
    if (this.#outputs.length > 0) this.#outputs = []
    if (this.#faults.length > 0) this.#faults = []
    return step
  }
}

/** The effects of a child: wraps its messages, defers its outputs to the parent. */
class Scope<Message, M, O> implements Effects<M, O> {
  readonly #parent: Effects<Message, unknown>
  readonly #child: ChildScope<Message, M, O>
  readonly #queue: DeferredCalls

  constructor(parent: Effects<Message, never>, child: ChildScope<Message, M, O>, queue: DeferredCalls) {
    this.#parent = parent as Effects<Message, unknown>
    this.#child = child
    this.#queue = queue
  }

  send(to: PeerIndex, message: M): void {
    this.#parent.send(to, this.#child.wrap(message))
  }

  broadcast(message: M): void {
    this.#parent.broadcast(this.#child.wrap(message))
  }

  output(output: O): void {
    this.#queue.push(this.#child.onOutput, output)
  }

  fault(fault: Fault): void {
    this.#parent.fault(fault)
  }

  scope<M2, O2>(child: ChildScope<M, M2, O2>): Effects<M2, O2> {
    return new Scope<M, M2, O2>(this as Effects<M, never>, child, this.#queue)
  }
}

/** First in, first out; calls that are made while it runs wait for their turn. Flat, so that a deferred call allocates nothing. */
class DeferredCalls {
  #calls: unknown[] = []

  push<T>(call: (argument: T) => void, argument: T): void {
    this.#calls.push(call, argument)
  }

  run(): void {
    const calls = this.#calls
    for (let at = 0; at < calls.length; at += 2) (calls[at] as (argument: unknown) => void)(calls[at + 1])
    calls.length = 0
  }
}
