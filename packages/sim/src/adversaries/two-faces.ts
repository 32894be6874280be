import type { PeerIndex } from '@mc/protocol'
import type { Adversary, Corrupted } from '../adversary.js'
import { otherValue } from '../mutation.js'

/** What the second face is given in place of an input. */
export interface TwoFacesOptions<Input> {
  /** By default a value of the same shape with one bit, byte or number changed. */
  readonly otherInput?: (input: Input) => Input
}

/**
 * Runs the real protocol twice with different inputs: one half of the peers talks with the first copy, the other half with the
 * second. Which half is which is drawn per run.
 */
export const equivocator = <Input>({
  otherInput = otherValue,
}: TwoFacesOptions<Input> = {}): Adversary<Input, unknown> => ({
  name: 'equivocator',
  corrupt: world => {
    const seesSecond = new Set(
      world.random.shuffle(world.committee.peers).slice(0, Math.ceil(world.committee.n / 2)),
    )
    return twoFaces(
      world,
      otherInput,
      to => !seesSecond.has(to),
      to => seesSecond.has(to),
    )
  },
})

/**
 * Two copies of one identity, like a member restored from a backup while it still runs: with different inputs, both talk to
 * everybody and hear everything.
 */
export const twins = <Input>({
  otherInput = otherValue,
}: TwoFacesOptions<Input> = {}): Adversary<Input, unknown> => ({
  name: 'twins',
  corrupt: world => twoFaces(world, otherInput, everybody, everybody),
})

const everybody = (): boolean => true

function twoFaces<Input, Message>(
  world: Parameters<Adversary<Input, Message>['corrupt']>[0],
  otherInput: (input: Input) => Input,
  first: (to: PeerIndex) => boolean,
  second: (to: PeerIndex) => boolean,
): Corrupted<Input, Message> {
  const [one, two] = [world.copy(), world.copy()]
  return {
    input: input => {
      world.count('equivocation')
      world.forward(one.input(input), first)
      world.forward(two.input(otherInput(input)), second)
    },
    message: (from, message) => {
      world.forward(one.message(from, message), first)
      world.forward(two.message(from, message), second)
    },
  }
}
