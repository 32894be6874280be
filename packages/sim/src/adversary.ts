/**
 * What a Byzantine member is: a program that holds one identity and may do anything with it.
 *
 * It can run real copies of the protocol under its identity, send different things to different members, read the whole
 * network, and keep silent. It cannot send as somebody else, alter or drop what others send, or look into correct members.
 */
import type { Committee, Outgoing, PeerIndex } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type { Delivery, SimEvent } from './event.js'
import type { Random } from './random.js'

/**
 * Behaviour of a corrupted member. `corrupt` is called once per run and member, before anything happens: it may make copies,
 * but it may send only from the methods that it returns.
 */
export interface Adversary<Input = unknown, Message = unknown> {
  readonly name: string
  corrupt(world: Corruption<Input, Message>): Corrupted<Input, Message>
}

/** What a corrupted member does when something happens. An absent method ignores it. */
export interface Corrupted<Input, Message> {
  input?(input: Input): void
  message?(from: PeerIndex, message: Message): void
  /** A correct member has sent something, or something is about to be taken in by a correct member. */
  observe?(sighting: Sighting<Input, Message>): void
  /** Nothing is pending: the last chance to send before the run ends; called again whenever the network falls silent again. */
  idle?(): void
}

/** What can be seen of others on the network. */
export interface Sighting<Input, Message> {
  readonly what: 'sent' | 'delivered'
  readonly event: SimEvent<Input, Message>
}

/** The powers of a corrupted member. */
export interface Corruption<Input, Message> {
  readonly self: PeerIndex
  readonly committee: Committee
  /** A stream of its own, forked from the seed. */
  readonly random: Random
  readonly codec: Codec<Message>
  /** Whether messages travel as bytes. */
  readonly encoded: boolean
  /** A fresh instance of the real protocol under this identity. Nothing that it sends leaves before `forward`. */
  copy(): Copy<Input, Message>
  /** Sends what a copy wants to send, to those peers that `towards` lets through. */
  forward(messages: readonly Outgoing<Message>[], towards?: (to: PeerIndex) => boolean): void
  /** Sends any message that the codec can carry; what it cannot carry is dropped and counted as `unencodable`. */
  send(to: PeerIndex | 'all', message: Message): void
  /** Sends any bytes; @throws RangeError unless the run is encoded. `meant` is what schedules and traces show. */
  sendBytes(to: PeerIndex | 'all', bytes: Uint8Array, meant: Message): void
  /** All messages on their way between anybody, oldest first. Kept only for adversaries that `observe`. */
  pending(): Iterable<Delivery<Message>>
  /** Counts an injected fault of this kind, for `run.injected`. */
  count(kind: string): void
}

/** A real protocol instance in the hands of an adversary. What it throws silences it for good and is counted as `copy-died`. */
export interface Copy<Input, Message> {
  input(input: Input): readonly Outgoing<Message>[]
  message(from: PeerIndex, message: Message): readonly Outgoing<Message>[]
}
