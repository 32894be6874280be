/**
 * Byzantine members that know the cubic agreements: they vote in every round that they hear of, and broadcast FINALVOTEs of
 * anything, to some or to all, or two at once.
 */
import { type Bit, type PeerIndex, type Round, round } from '@mc/protocol'
import type { CubicMessage, RabaInput, Trit } from '@mc/raba'
import type { Adversaries } from '@mc/raba/conformance'
import type { BrachaMessage } from '@mc/rbc'
import type { Adversary, Corruption, Random } from '@mc/sim'

export type Message = CubicMessage<never, BrachaMessage>
type World = Corruption<RabaInput, Message>

const TRITS: readonly Trit[] = [0, 1, '*']

/** All plain votes of a round for one value, and what begins a broadcast of FINALVOTE(bit). */
const votesFor = (number: Round, bit: Bit, proposer: PeerIndex): readonly Message[] => [
  { type: 'prevote', round: number, bit },
  { type: 'vote', round: number, bit },
  { type: 'mainvote', round: number, value: bit },
  ...finalvote(number, proposer, bit),
]

/** SEND and our own ECHO: with f of them for one payload and f for another, who is told what decides. */
const finalvote = (number: Round, proposer: PeerIndex, byte: number): readonly Message[] =>
  (['send', 'echo'] as const).map(type => {
    return { type: 'finalvote', round: number, proposer, message: { type, payload: Uint8Array.of(byte) } }
  })

const randomVotes = (number: Round, random: Random, proposer: PeerIndex): readonly Message[] => [
  ...([0, 1] as const)
    .filter(() => random.chance(0.7))
    .map((bit): Message => ({ type: 'prevote', round: number, bit })),
  { type: 'vote', round: number, bit: random.bit() },
  { type: 'mainvote', round: number, value: random.pick(TRITS) },
  ...finalvote(number, proposer, random.below(4)),
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
        message: (from, message) => {
          if (!('round' in message)) return
          speak(message.round)
          // Echoes of what nobody has said, for the broadcasts of others
          if (message.type === 'finalvote' && message.message.type === 'send') {
            const [, echo] = finalvote(message.round, message.proposer, world.random.below(4))
            world.send(from, echo as Message)
          }
        },
      }
    },
  }
}

/** Random votes, drawn anew for every recipient. */
export const randomLiar = (): Adversary<RabaInput, Message> =>
  liar('random-liar', ({ random, self }, _, number) => randomVotes(number, random, self))

/** Everything for 0 to one half of the members, everything for 1 to the other. */
export const splitter = (): Adversary<RabaInput, Message> =>
  liar('splitter', ({ self }, to, number) => votesFor(number, (to % 2) as Bit, self))

/** Plain votes split, and a true broadcast of one FINALVOTE: one for all members, which fits only half of them. */
export const steadfast = (): Adversary<RabaInput, Message> =>
  liar('steadfast', ({ self }, to, number) => [
    ...votesFor(number, (to % 2) as Bit, self).slice(0, 3),
    ...finalvote(number, self, (number + self) % 2),
  ])

export const cubicLiars: Adversaries<Message> = { 'random-liar': randomLiar, splitter, steadfast }
