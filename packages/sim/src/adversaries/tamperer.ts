/**
 * Adversaries that follow the protocol but for what they send.
 */
import type { Outgoing, PeerIndex } from '@mc/protocol'
import type { Adversary, Corruption } from '../adversary.js'
import { recipients } from '../member.js'
import { grafted, mutated, withFlippedBit } from '../mutation.js'
import type { Random } from '../random.js'

/** How often an adversary departs from the protocol. */
export interface TamperOptions {
  /** Chance per message, 0 to 1. */
  readonly probability?: number
}

/** How a mutator lies: given what the protocol wants to send, and some messages seen before. */
export type Mutate<Message> = (message: Message, random: Random, earlier: readonly Message[]) => Message

/**
 * Sends slightly wrong messages, each peer another one: a number ± 1, a bit flipped, a field of an earlier message.
 * What the codec cannot carry is not sent at all, and counted as `unencodable`.
 */
export const mutator = <Message>({
  mutate = nearTruth,
  probability = 0.5,
}: TamperOptions & { readonly mutate?: Mutate<Message> } = {}): Adversary<unknown, Message> => ({
  name: 'mutator',
  corrupt: world => {
    const memory = new Memory<Message>(world.random)
    return tampering(world, memory, (to, message) => {
      if (!world.random.chance(probability)) return false
      world.count('mutated')
      world.send(to, mutate(message, world.random, memory.messages))
      return true
    })
  },
})

/** One small structural change, or a field of an earlier message put into this one. */
function nearTruth<Message>(message: Message, random: Random, earlier: readonly Message[]): Message {
  if (earlier.length === 0 || random.chance(0.7)) return mutated(message, random)
  return grafted(message, random.pick(earlier), random)
}

/** Follows the protocol and now and then sends, as its own, a message that it saw or sent before. */
export const replayer = ({ probability = 0.3 }: TamperOptions = {}): Adversary => ({
  name: 'replayer',
  corrupt: world => {
    const memory = new Memory<unknown>(world.random)
    return tampering(world, memory, to => {
      if (memory.messages.length > 0 && world.random.chance(probability)) {
        world.count('replayed')
        world.send(to, world.random.pick(memory.messages))
      }
      return false
    })
  },
})

/** Sends bytes with flipped bits, cut short, or made up. Only for encoded runs. @throws RangeError at its first lie in others. */
export const garbler = ({ probability = 0.5 }: TamperOptions = {}): Adversary => ({
  name: 'garbler',
  corrupt: world =>
    tampering(world, undefined, (to, message) => {
      if (!world.random.chance(probability)) return false
      world.count('garbled')
      world.sendBytes(to, garbled(world.codec.encode(message), world.random), message)
      return true
    }),
})

function garbled(bytes: Uint8Array, random: Random): Uint8Array {
  switch (random.below(4)) {
    case 0:
      return random.bytes(random.below(2 * bytes.length + 2))
    case 1:
      return bytes.slice(0, random.below(bytes.length + 1))
    default:
      return withFlippedBit(bytes, random)
  }
}

/** Runs one copy; `tamper` sees each message to each peer, and says whether it took its place. */
function tampering<Input, Message>(
  world: Corruption<Input, Message>,
  memory: Memory<Message> | undefined,
  tamper: (to: PeerIndex, message: Message) => boolean,
): ReturnType<Adversary<Input, Message>['corrupt']> {
  const copy = world.copy()
  const send = (messages: readonly Outgoing<Message>[]): void => {
    for (const outgoing of messages) {
      for (const to of recipients(world.committee, outgoing)) {
        if (!tamper(to, outgoing.message)) world.forward([{ to, message: outgoing.message }])
      }
      memory?.remember(outgoing.message)
    }
  }
  return {
    input: input => send(copy.input(input)),
    message: (from, message) => {
      memory?.remember(message)
      send(copy.message(from, message))
    },
  }
}

/** A bounded sample of what was seen. */
class Memory<Message> {
  readonly messages: Message[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  remember(message: Message): void {
    if (this.messages.length < REMEMBERED) this.messages.push(message)
    else this.messages[this.#random.below(REMEMBERED)] = message
  }
}

const REMEMBERED = 64
