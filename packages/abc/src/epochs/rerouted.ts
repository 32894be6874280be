import type { ChildScope, Effects, Fault, PeerIndex } from '@mc/protocol'

/** Where messages go instead of straight to the link. */
export interface Route<Message> {
  send(to: PeerIndex, message: Message): void
  broadcast(message: Message): void
}

/** Effects whose messages take another route; outputs, faults and the order of calls stay those of `effects`. */
export const rerouted = <Message, Output>(
  effects: Effects<Message, Output>,
  route: Route<Message>,
): Effects<Message, Output> => new Rerouted(effects, route)

class Rerouted<Message, Output> implements Effects<Message, Output> {
  readonly #effects: Effects<Message, Output>
  readonly #route: Route<Message>

  constructor(effects: Effects<Message, Output>, route: Route<Message>) {
    this.#effects = effects
    this.#route = route
  }

  send(to: PeerIndex, message: Message): void {
    this.#route.send(to, message)
  }

  broadcast(message: Message): void {
    this.#route.broadcast(message)
  }

  output(output: Output): void {
    this.#effects.output(output)
  }

  fault(fault: Fault): void {
    this.#effects.fault(fault)
  }

  scope<M, O>(child: ChildScope<Message, M, O>): Effects<M, O> {
    const route = this.#route
    return rerouted(this.#effects.scope(child), {
      send: (to, message) => route.send(to, child.wrap(message)),
      broadcast: message => route.broadcast(child.wrap(message)),
    })
  }
}
