/**
 * Byzantine members that know Bracha's agreement: they broadcast a vote of their own in every step that they hear of, to some or
 * to all, or two at once, and say that they are ready for anything.
 */
import { type PeerIndex, type Round, round } from '@mc/protocol'
import type { BrachaAbaMessage, RabaInput } from '@mc/raba'
import type { Adversaries } from '@mc/raba/conformance'
import type { BrachaMessage } from '@mc/rbc'
import type { Adversary, Corruption } from '@mc/sim'

export type Message = BrachaAbaMessage<never, BrachaMessage>
type World = Corruption<RabaInput, Message>
type Step = 1 | 2 | 3

/** Speaks once per round and step; in half of the runs it also says TERM of a random bit to everybody. */
function liar(
  name: string,
  payload: (world: World, to: PeerIndex, step: Step) => number,
  supports: (world: World, proposer: PeerIndex) => boolean,
): Adversary<RabaInput, Message> {
  return {
    name,
    corrupt: world => {
      const spoken = new Set<string>()
      const falseTerms = world.random.bit() === 1
      const say = (to: PeerIndex, number: Round, step: Step, proposer: PeerIndex, message: BrachaMessage) =>
        world.send(to, { type: 'vote', round: number, step, proposer, message })
      const speak = (number: Round, step: Step, proposer: PeerIndex) => {
        const key = `${number} ${step} ${proposer}`
        if (spoken.has(key)) return
        spoken.add(key)
        for (const to of world.committee.peers) {
          if (to === world.self) continue
          const bytes = Uint8Array.of(payload(world, to, step))
          if (proposer === world.self) say(to, number, step, proposer, { type: 'send', payload: bytes })
          if (supports(world, proposer)) say(to, number, step, proposer, { type: 'echo', payload: bytes })
          if (falseTerms && number === 0 && step === 1)
            world.send(to, { type: 'term', bit: world.random.bit() })
        }
      }
      const vote = (number: Round, step: Step) => speak(number, step, world.self)
      return {
        input: () => vote(round(0), 1),
        message: (_, message) => {
          if (message.type !== 'vote') return
          vote(message.round, message.step)
          speak(message.round, message.step, message.proposer)
        },
      }
    },
  }
}

const draw = ({ random }: World, step: Step): number => random.below(step === 3 ? 5 : 3)

/** One random vote per step, the same to everybody, sometimes none that exists. */
export const steadfast = (): Adversary<RabaInput, Message> => {
  const drawn = new Map<Step, number>()
  return liar(
    'steadfast-liar',
    (world, _, step) => {
      const known = drawn.get(step) ?? draw(world, step)
      drawn.set(step, known)
      return known
    },
    ({ self }, proposer) => proposer === self,
  )
}

/** A vote drawn anew for every recipient, and echoes of anything for anybody. */
export const twoTongued = (): Adversary<RabaInput, Message> =>
  liar(
    'two-tongued',
    (world, _, step) => draw(world, step),
    () => true,
  )

/** (D, v) in step 3 whatever was heard, v to even members and 1 − v to odd ones. */
export const splitter = (): Adversary<RabaInput, Message> =>
  liar(
    'splitter',
    (_, to, step) => (step === 3 ? 2 + (to % 2) : to % 2),
    ({ self }, proposer) => proposer === self,
  )

export const brachaLiars: Adversaries<Message> = {
  'steadfast-liar': steadfast,
  'two-tongued': twoTongued,
  splitter,
}
