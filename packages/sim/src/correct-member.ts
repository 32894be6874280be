import { InvariantViolation, type PeerIndex, type Step } from '@mc/protocol'
import type { Delivery, SimEvent } from './event.js'
import type { Instance } from './instance.js'
import { arrived, type Host, type Member } from './member.js'
import type { Random } from './random.js'

/** A member that follows the protocol and never crashes. */
export class CorrectMember<Input, Message, Output> implements Member<Input, Message> {
  readonly instance: Instance<Input, Message, Output>
  depth = 0
  readonly #index: PeerIndex
  readonly #host: Host<Input, Message, Output>

  constructor(index: PeerIndex, random: Random, host: Host<Input, Message, Output>) {
    this.#index = index
    this.#host = host
    this.instance = host.create(index, random)
  }

  take(event: SimEvent<Input, Message>): void {
    if (event.depth > this.depth) this.depth = event.depth
    const step = this.#step(event)
    if (step === undefined) return
    this.#host.settle(this.#index, step)
    if (event.type === 'input') this.#host.given(this.#index, event.input)
  }

  #step(event: SimEvent<Input, Message>): Step<Message, Output> | undefined {
    try {
      return event.type === 'input' ? this.instance.driven.input(event.input) : this.#receive(event)
    } catch (error) {
      // Misuse of handleInput is the mistake of whoever wrote the scenario, and is theirs to see.
      if (event.type === 'input' && !(error instanceof InvariantViolation)) throw error
      this.#host.threw(this.#index, error)
      return undefined
    }
  }

  #receive(event: Delivery<Message>): Step<Message, Output> {
    const arrival = arrived(this.#host.codec, event)
    return 'message' in arrival
      ? this.instance.driven.message(event.from, arrival.message)
      : undecodable(event.from, arrival.undecodable)
  }
}

/** The step of bytes that no correct peer would have sent. */
export const undecodable = (peer: PeerIndex, detail: string): Step<never, never> => ({
  messages: [],
  outputs: [],
  faults: [{ rule: 'wire/undecodable', peer, detail }],
})
