/**
 * What a protocol is: two synchronous methods, and a definition from which instances are made.
 */
import type { CommitteeSize } from './committee.js'
import type { Effects } from './effects.js'
import type { PeerIndex } from './ids.js'
import type { Codec } from './wire/codec.js'

/**
 * A running protocol instance. It acts only through the `Effects` it was created with.
 *
 * Law 4: `handleMessage` is total. Any message that the codec accepts, from any peer at any time, returns normally; a bad one
 * becomes a `Fault`. `handleInput` may throw on misuse by the local caller, before any state has changed.
 */
export interface Protocol<Input, Message> {
  handleInput(input: Input): void
  handleMessage(from: PeerIndex, message: Message): void
}

/** What a part is called and which choices it was built with; the fingerprint of a suite is made from this. */
export interface Descriptor {
  /** `role/variant`, for example `rbc/bracha`. */
  readonly name: string
  /** Raised whenever an encoded message changes its bytes or its meaning. */
  readonly wireVersion: number
  /** The choices that all members must share. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** The parts that were injected, by their place. */
  readonly parts: Readonly<Record<string, Descriptor>>
}

/** A protocol, uninstantiated: its name, its wire format and how to make one. This is what gets injected. */
export interface ProtocolDefinition<Params, Input, Message, Output> extends Descriptor {
  /** The wire format among n members: an index outside 0..n − 1 or a length over its cap cannot be decoded. */
  codec(size: CommitteeSize): Codec<Message>
  create(params: Params, effects: Effects<Message, Output>): Protocol<Input, Message>
}
