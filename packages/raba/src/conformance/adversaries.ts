/**
 * Adversaries against any agreement: they hold real copies of it and need not understand its messages.
 */
import { type Bit, opposite } from '@mc/protocol'
import { type Adversary, equivocator, mutated, silent, twins } from '@mc/sim'
import type { RabaInput } from '../raba.js'

/** Adversaries by name; each is made anew for every Byzantine member. */
export type Adversaries<Message> = Readonly<Record<string, () => Adversary<RabaInput, Message>>>

const otherInput = (input: RabaInput): RabaInput =>
  input.type === 'propose' ? { type: 'propose', bit: opposite(input.bit) } : input

/**
 * Two copies, one that proposed 0 and one that proposed 1; every recipient of every message is told by one of them at random,
 * and now and then what it is told has one thing changed.
 */
export const fickle = <Message>(): Adversary<RabaInput, Message> => ({
  name: 'fickle',
  corrupt: world => {
    const copies = [world.copy(), world.copy()] as const
    const tell = (side: Bit, messages: ReturnType<(typeof copies)[Bit]['input']>) =>
      world.forward(messages, () => world.random.bit() === side)
    return {
      input: input => {
        tell(0, copies[0].input(input))
        tell(1, copies[1].input(otherInput(input)))
      },
      message: (from, message) => {
        tell(0, copies[0].message(from, message))
        tell(1, copies[1].message(from, message))
        if (world.random.chance(0.2))
          world.send(world.random.pick(world.committee.peers), mutated(message, world.random))
      },
    }
  },
})

/** Silence, two faces, twins, and random lies per recipient. */
export function genericAdversaries<Message>(): Adversaries<Message> {
  return {
    silent,
    equivocator: () => equivocator<RabaInput>({ otherInput }),
    twins: () => twins<RabaInput>({ otherInput }),
    fickle,
  }
}
