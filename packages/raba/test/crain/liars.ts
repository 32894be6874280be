/**
 * Byzantine members that know Crain's agreement: they vote in every round that they hear of.
 */
import { type PeerIndex, type Round, round } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import type { Adversaries } from '@mc/raba/conformance'
import type { Adversary, Random } from '@mc/sim'
import type { Message } from './driven.js'

const TRITS = [0, 1, '*'] as const

const votesFor = (number: Round, bit: 0 | 1): readonly Message[] => [
  { type: 'est', round: number, bit },
  { type: 'aux', round: number, bit },
  { type: 'conf', round: number, value: bit },
  { type: 'est2', round: number, value: bit },
  { type: 'aux2', round: number, value: bit },
]

const randomVotes = (number: Round, random: Random): readonly Message[] => [
  ...([0, 1] as const)
    .filter(() => random.chance(0.7))
    .map((bit): Message => ({ type: 'est', round: number, bit })),
  { type: 'aux', round: number, bit: random.bit() },
  { type: 'conf', round: number, value: random.pick(TRITS) },
  ...TRITS.filter(() => random.chance(0.7)).map((value): Message => ({ type: 'est2', round: number, value })),
  { type: 'aux2', round: number, value: random.pick(TRITS) },
]

/** Speaks once per round and recipient; in half of the runs it also says TERM of a random bit to everybody. */
function liar<M>(
  name: string,
  votes: (random: Random, to: PeerIndex, number: Round) => readonly Message[],
): Adversary<RabaInput, M> {
  return {
    name,
    corrupt: world => {
      const spoken = new Set<number>()
      const falseTerms = world.random.bit() === 1
      const say = (to: PeerIndex, message: Message) => world.send(to, message as M)
      const speak = (number: Round) => {
        if (spoken.has(number)) return
        spoken.add(number)
        for (const to of world.committee.peers) {
          if (to === world.self) continue
          for (const message of world.random.shuffle(votes(world.random, to, number))) say(to, message)
          if (falseTerms && number === 0) say(to, { type: 'term', bit: world.random.bit() })
        }
      }
      return {
        input: () => speak(round(0)),
        message: (_, message) => {
          const heard = message as Message
          if ('round' in heard) speak(heard.round)
        },
      }
    },
  }
}

/** Random votes, drawn anew for every recipient. */
export const randomLiar = <M>(): Adversary<RabaInput, M> =>
  liar('random-liar', (random, _, number) => randomVotes(number, random))

/** Everything for 0 to one half of the members, everything for 1 to the other. */
export const splitter = <M>(): Adversary<RabaInput, M> =>
  liar('splitter', (_, to, number) => votesFor(number, to % 2 === 0 ? 0 : 1))

/** Both: split for some recipients, random for others. */
export const randomSplitter = <M>(): Adversary<RabaInput, M> =>
  liar('random-splitter', (random, to, number) =>
    random.bit() === 1 ? randomVotes(number, random) : votesFor(number, to % 2 === 0 ? 0 : 1),
  )

export const crainLiars = <M>(): Adversaries<M> => ({
  'random-liar': randomLiar,
  splitter,
  'random-splitter': randomSplitter,
})
