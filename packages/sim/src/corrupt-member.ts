import type { Committee, Outgoing, PeerIndex } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { DecodeError } from '@mc/protocol/wire'
import type { Adversary, Copy, Corrupted, Corruption, Sighting } from './adversary.js'
import type { Delivery, SimEvent } from './event.js'
import type { Instance } from './instance.js'
import { arrived, type Host, type Member, recipients } from './member.js'
import type { Random } from './random.js'

/** A member in the hands of an adversary. */
export class CorruptMember<Input, Message, Output>
  implements Member<Input, Message>, Corruption<Input, Message>
{
  readonly self: PeerIndex
  readonly committee: Committee
  readonly random: Random
  readonly encoded: boolean
  /** Whether the adversary wants to see the network. */
  readonly observing: boolean
  depth = 0
  #copies = 0
  readonly #protocolRandom: Random
  readonly #host: Host<Input, Message, Output>
  readonly #corrupted: Corrupted<Input, Message>

  constructor(
    index: PeerIndex,
    adversary: Adversary<Input, Message>,
    random: Random,
    own: Random,
    host: Host<Input, Message, Output>,
  ) {
    this.#protocolRandom = own
    this.self = index
    this.committee = host.committee(index)
    this.random = random
    this.encoded = host.encoded
    this.#host = host
    this.#corrupted = adversary.corrupt(this)
    this.observing = this.#corrupted.observe !== undefined
  }

  get codec(): Codec<Message> {
    return this.#host.codec
  }

  take(event: SimEvent<Input, Message>): void {
    if (event.depth > this.depth) this.depth = event.depth
    if (event.type === 'input') {
      this.#corrupted.input?.(event.input)
      this.#host.given(this.self, event.input)
      return
    }
    const arrival = arrived(this.codec, event)
    if ('message' in arrival) this.#corrupted.message?.(event.from, arrival.message)
  }

  observe(sighting: Sighting<Input, Message>): void {
    this.#corrupted.observe?.(sighting)
  }

  idle(): void {
    this.#corrupted.idle?.()
  }

  copy(): Copy<Input, Message> {
    // Only the first copy's outputs ask the scenario for further inputs; these reach all copies.
    const first = this.#copies === 0
    const random = first ? this.#protocolRandom : this.#protocolRandom.fork(`copy ${this.#copies}`)
    this.#copies += 1
    return new ContainedCopy(this.#host.create(this.self, random), this.#host, first ? this.self : undefined)
  }

  forward(messages: readonly Outgoing<Message>[], towards?: (to: PeerIndex) => boolean): void {
    for (const outgoing of messages) {
      const bytes = this.encoded ? this.codec.encode(outgoing.message) : undefined
      if (towards === undefined) {
        this.#host.post(this.self, outgoing.to, outgoing.message, bytes)
        continue
      }
      for (const to of recipients(this.committee, outgoing)) {
        if (towards(to)) this.#host.post(this.self, to, outgoing.message, bytes)
      }
    }
  }

  send(to: PeerIndex | 'all', message: Message): void {
    const carried = this.#carry(message)
    if (carried === undefined) this.#host.count('unencodable')
    else this.#host.post(this.self, to, carried.message, carried.bytes)
  }

  sendBytes(to: PeerIndex | 'all', bytes: Uint8Array, meant: Message): void {
    if (!this.encoded) throw new RangeError('adversary: bytes can be sent only in encoded runs')
    this.#host.post(this.self, to, meant, bytes)
  }

  pending(): Iterable<Delivery<Message>> {
    return this.#host.pending()
  }

  count(kind: string): void {
    this.#host.count(kind)
  }

  /** What the wire makes of a message; undefined if no bytes can say it. */
  #carry(message: Message): { readonly message: Message; readonly bytes: Uint8Array } | undefined {
    try {
      const bytes = this.codec.encode(message)
      return { message: this.codec.decode(bytes), bytes }
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError || error instanceof DecodeError)
        return undefined
      throw error
    }
  }
}

const NOTHING: readonly never[] = []

/** A copy whose exceptions stay inside: what an adversary feeds it no correct member would have to bear. */
class ContainedCopy<Input, Message, Output> implements Copy<Input, Message> {
  readonly #instance: Instance<Input, Message, Output>
  readonly #host: Host<Input, Message, Output>
  readonly #reportAs: PeerIndex | undefined
  #dead = false

  constructor(
    instance: Instance<Input, Message, Output>,
    host: Host<Input, Message, Output>,
    reportAs: PeerIndex | undefined,
  ) {
    this.#instance = instance
    this.#host = host
    this.#reportAs = reportAs
  }

  input(input: Input): readonly Outgoing<Message>[] {
    return this.#contained('input', input, undefined)
  }

  message(from: PeerIndex, message: Message): readonly Outgoing<Message>[] {
    return this.#contained('message', message, from)
  }

  #contained(
    what: 'input' | 'message',
    value: Input | Message,
    from: PeerIndex | undefined,
  ): readonly Outgoing<Message>[] {
    if (this.#dead) return NOTHING
    try {
      const { driven } = this.#instance
      const step =
        what === 'input' ? driven.input(value as Input) : driven.message(from as PeerIndex, value as Message)
      if (this.#reportAs !== undefined) {
        for (const output of step.outputs) this.#host.copyOutput(this.#reportAs, output)
      }
      return step.messages
    } catch (error) {
      // An input that came too early or twice changes nothing; any other exception leaves a state we cannot rely on.
      const refused = what === 'input' && (error instanceof RangeError || error instanceof TypeError)
      if (!refused) {
        this.#dead = true
        this.#host.count('copy-died')
      }
      return NOTHING
    }
  }
}
