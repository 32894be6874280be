/**
 * Byzantine members that know the quadratic agreements: they vote in every round that they hear of.
 */
import { type Bit, type PeerIndex, type Round, round } from '@mc/protocol'
import type { QuadraticMessage, RabaInput, Trit } from '@mc/raba'
import type { Adversaries } from '@mc/raba/conformance'
import type { Adversary, Corruption, Random } from '@mc/sim'

export type Message = QuadraticMessage<never>
type World = Corruption<RabaInput, Message>

const TRITS: readonly Trit[] = [0, 1, '*']

/** All votes of a round for one value, from PREVOTE to FIXVOTE. */
export const votesFor = (number: Round, bit: Bit): readonly Message[] => [
  { type: 'prevote', round: number, bit },
  { type: 'vote', round: number, bit },
  { type: 'mainvote', round: number, value: bit },
  { type: 'finalvote', round: number, value: bit },
  { type: 'fixvote', round: number, value: bit },
]

const randomVotes = (number: Round, random: Random): readonly Message[] => [
  ...([0, 1] as const)
    .filter(() => random.chance(0.7))
    .map((bit): Message => ({ type: 'prevote', round: number, bit })),
  { type: 'vote', round: number, bit: random.bit() },
  { type: 'mainvote', round: number, value: random.pick(TRITS) },
  { type: 'finalvote', round: number, value: random.pick(TRITS) },
  { type: 'fixvote', round: number, value: random.pick(TRITS) },
]

/** Speaks once per round and recipient; in half of the runs it also says TERM of a random bit to everybody. */
function liar(
  name: string,
  votes: (world: World, to: PeerIndex, number: Round) => readonly Message[],
): Adversary<RabaInput, Message> {
  return {
    name,
    corrupt: world => {
      const spoken = new Set<number>()
      const falseTerms = world.random.bit() === 1
      const speak = (number: Round) => {
        if (spoken.has(number)) return
        spoken.add(number)
        for (const to of world.committee.peers) {
          if (to === world.self) continue
          for (const message of world.random.shuffle(votes(world, to, number))) world.send(to, message)
          if (falseTerms && number === 0) world.send(to, { type: 'term', bit: world.random.bit() })
        }
      }
      return {
        input: () => speak(round(0)),
        message: (_, message) => {
          if ('round' in message) speak(message.round)
        },
      }
    },
  }
}

/** Random votes, drawn anew for every recipient. */
export const randomLiar = (): Adversary<RabaInput, Message> =>
  liar('random-liar', ({ random }, _, number) => randomVotes(number, random))

/** Everything for 0 to one half of the members, everything for 1 to the other. */
export const splitter = (): Adversary<RabaInput, Message> =>
  liar('splitter', (_, to, number) => votesFor(number, to % 2 === 0 ? 0 : 1))

/** Both: split for some recipients, random for others. */
export const randomSplitter = (): Adversary<RabaInput, Message> =>
  liar('random-splitter', ({ random }, to, number) =>
    random.bit() === 1 ? randomVotes(number, random) : votesFor(number, to % 2 === 0 ? 0 : 1),
  )

export const liars: Adversaries<Message> = {
  'random-liar': randomLiar,
  splitter,
  'random-splitter': randomSplitter,
}
