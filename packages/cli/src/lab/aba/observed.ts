/**
 * An agreement with somebody watching: in which round its members decide, and how much of it was coins.
 */
import type { Bit, ChildScope, Effects, PeerIndex } from '@mc/protocol'
import { DecodeError } from '@mc/protocol/wire'
import type { Agreement } from '../variant.js'

/** What is told of each member. */
export interface Sightings {
  /** The round that a message belongs to, sent by this member. */
  readonly roundOf: (message: unknown, self: PeerIndex) => number | undefined
  /** A member decided, when the highest round that it had spoken of was this one. */
  readonly onDecision: (self: PeerIndex, round: number) => void
}

/** The same agreement; what it sends and decides is seen on the way. Errors of a foreign codec become ours. */
export const observed = (agreement: Agreement, sightings: Sightings): Agreement => ({
  ...agreement,
  codec: size => {
    const codec = agreement.codec(size)
    return {
      encode: message => codec.encode(message),
      decode: bytes => ours(() => codec.decode(bytes)),
      write: (writer, message) => codec.write(writer, message),
      read: reader => ours(() => codec.read(reader)),
    }
  },
  create: (params, effects) =>
    agreement.create(params, new ObservedEffects(effects, params.committee.self, sightings)),
})

/** A stranger's package may bring a copy of ours, whose errors have the same name but another class. */
function ours<Message>(decode: () => Message): Message {
  try {
    return decode()
  } catch (error) {
    if (error instanceof Error && error.name === 'DecodeError') throw new DecodeError(error.message)
    throw error
  }
}

class ObservedEffects implements Effects<unknown, Bit> {
  readonly #effects: Effects<unknown, Bit>
  readonly #self: PeerIndex
  readonly #sightings: Sightings
  #highest = 0

  constructor(effects: Effects<unknown, Bit>, self: PeerIndex, sightings: Sightings) {
    this.#effects = effects
    this.#self = self
    this.#sightings = sightings
  }

  send(to: PeerIndex, message: unknown): void {
    this.#look(message)
    this.#effects.send(to, message)
  }

  broadcast(message: unknown): void {
    this.#look(message)
    this.#effects.broadcast(message)
  }

  output(bit: Bit): void {
    this.#sightings.onDecision(this.#self, this.#highest)
    this.#effects.output(bit)
  }

  fault(fault: Parameters<Effects<unknown, Bit>['fault']>[0]): void {
    this.#effects.fault(fault)
  }

  scope<Message, Output>({ wrap, onOutput }: ChildScope<unknown, Message, Output>): Effects<Message, Output> {
    return this.#effects.scope({
      wrap: (message: Message) => {
        const wrapped = wrap(message)
        this.#look(wrapped)
        return wrapped
      },
      onOutput,
    })
  }

  #look(message: unknown): void {
    const round = this.#sightings.roundOf(message, this.#self)
    if (round !== undefined && round > this.#highest) this.#highest = round
  }
}
