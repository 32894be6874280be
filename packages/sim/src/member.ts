/**
 * A member as the simulation sees it, and the simulation as its members see it.
 */
import type { Committee, Outgoing, PeerIndex, Step } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { DecodeError } from '@mc/protocol/wire'
import type { Sighting } from './adversary.js'
import type { Delivery, SimEvent } from './event.js'
import type { Instance } from './instance.js'
import type { Random } from './random.js'

/** Takes in events, and knows how long a chain of messages led to its state. */
export interface Member<Input, Message> {
  depth: number
  take(event: SimEvent<Input, Message>): void
  observe?(sighting: Sighting<Input, Message>): void
  idle?(): void
}

/** What the simulation does for its members. */
export interface Host<Input, Message, Output> {
  readonly encoded: boolean
  readonly codec: Codec<Message>
  committee(index: PeerIndex): Committee
  /** Puts a message on its way; `encoding` in encoded runs, where it is what travels, and wherever else it is known. */
  post(from: PeerIndex, to: PeerIndex | 'all', message: Message, encoding: Uint8Array | undefined): void
  /** Takes everything that one event caused at a correct member. */
  settle(index: PeerIndex, step: Step<Message, Output>): void
  /** An input was given to this member. */
  given(index: PeerIndex, input: Input): void
  /** A copy in the hands of an adversary gave an output. */
  copyOutput(index: PeerIndex, output: Output): void
  /** A correct member threw. */
  threw(index: PeerIndex, error: unknown): void
  /** A fresh instance of the protocol, drawing from `random`. */
  create(index: PeerIndex, random: Random): Instance<Input, Message, Output>
  /** Sends a logged message, for the first time or again after a restart. */
  sendLogged(index: PeerIndex, outgoing: Outgoing<Message>, bytes: Uint8Array, time: 'first' | 'again'): void
  /** A member came back; `lost` says what of its past it contradicts. */
  restarted(index: PeerIndex, lost: string | undefined): void
  /** Puts an event back that was taken but not acknowledged. */
  requeue(event: SimEvent<Input, Message>): void
  /** All correct members lose power. */
  powerCut(): void
  /** A line for the trace. */
  note(text: string): void
  pending(): Iterable<Delivery<Message>>
  count(kind: string): void
}

/** What arrives: in encoded runs what the bytes say, or the fault of whoever sent bytes that say nothing. */
export function arrived<Message>(
  codec: Codec<Message>,
  event: Delivery<Message>,
): { readonly message: Message } | { readonly undecodable: string } {
  if (event.bytes === undefined) return event
  try {
    return { message: codec.decode(event.bytes) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { undecodable: error.message }
  }
}

/** Expands `all` to everybody but the sender. */
export function recipients({ peers, self }: Committee, { to }: Outgoing<unknown>): readonly PeerIndex[] {
  return to === 'all' ? peers.filter(peer => peer !== self) : [to]
}
