/**
 * Adversaries of the laboratory: whom they hold, and what they do to the order of messages. All of them serve any agreement.
 */
import type { Bit, PeerIndex } from '@mc/protocol'
import type { RabaInput } from '@mc/raba'
import { fickle } from '@mc/raba/conformance'
import { type Adversary, equivocator, silent } from '@mc/sim'
import type { Holds } from './networks.js'
import { bitIn } from './reading.js'

/** One adversary. */
export interface LabAdversary {
  readonly sentence: string
  /** What each of the f members does that it holds; without it, all members are correct. */
  readonly byzantine?: () => Adversary<RabaInput, unknown>
  /** Which messages it makes wait. */
  readonly holds?: (readBit: (message: unknown) => Bit | undefined) => Holds
}

const proposing = (bit: Bit): RabaInput => ({ type: 'propose', bit })

const otherInput = (input: RabaInput): RabaInput =>
  input.type === 'propose' ? proposing(input.bit === 0 ? 1 : 0) : input

/** Even members are told by a copy that proposed 0, odd ones by a copy that proposed 1. */
const splitter = (): Adversary<RabaInput, unknown> => ({
  name: 'splitter',
  corrupt: world => {
    const copies = [world.copy(), world.copy()] as const
    const each = (
      act: (copy: (typeof copies)[Bit], side: Bit) => ReturnType<(typeof copies)[Bit]['input']>,
    ): void => {
      for (const side of [0, 1] as const) world.forward(act(copies[side], side), to => to % 2 === side)
    }
    return {
      input: input => each((copy, side) => copy.input(input.type === 'propose' ? proposing(side) : input)),
      message: (from, message) => each(copy => copy.message(from, message)),
    }
  },
})

/** Even members hear of 0 first and odd ones of 1. */
const splitOrder =
  (readBit: (message: unknown) => Bit | undefined): Holds =>
  event => {
    if (event.type === 'input') return false
    const bit = readBit(event.message)
    return bit !== undefined && bit !== event.to % 2
  }

/**
 * Reads all votes. What the majority of a round speaks for waits at two thirds of the members, so that the rest hears the minority
 * first: it keeps the estimates apart for as long as it can.
 */
function againstMajority(readBit: (message: unknown) => Bit | undefined): Holds {
  const spoken = new Map<number, [Set<PeerIndex>, Set<PeerIndex>]>()
  return event => {
    if (event.type === 'input') return false
    const bit = readBit(event.message)
    if (bit === undefined) return false
    const round = (event.message as { readonly round?: number }).round ?? -1
    const speakers = spoken.get(round) ?? [new Set(), new Set()]
    spoken.set(round, speakers)
    speakers[bit].add(event.from)
    const isMajority = speakers[bit].size >= speakers[bit === 0 ? 1 : 0].size
    return isMajority ? (event.to + round) % 3 !== 0 : (event.to + round) % 3 === 0
  }
}

/** The adversaries by name. */
export const ADVERSARIES: Readonly<Record<string, LabAdversary>> = {
  none: { sentence: 'all members are correct; messages in random order' },
  crash: { sentence: 'f members never say a word', byzantine: silent },
  equivocate: {
    sentence: 'f members run the protocol twice, with opposite inputs, each for one half of the members',
    byzantine: () => equivocator<RabaInput>({ otherInput }),
  },
  split: {
    sentence:
      'even members hear 0 first and odd ones 1, from f members that tell each side its bit, and from the network',
    byzantine: splitter,
    holds: splitOrder,
  },
  'content-aware': {
    sentence:
      'the network reads all votes and holds back the majority of each round; f members tell every member one of two stories',
    byzantine: fickle,
    holds: () => againstMajority(bitIn),
  },
}
