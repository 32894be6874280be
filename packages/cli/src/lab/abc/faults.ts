/**
 * Faults of measured runs: members that crash, stall or lie. Whoever lies is a real member in the hands of an adversary.
 */
import type { AtomicBroadcastInput } from '@mc/abc'
import type { Bit, Outgoing, PeerIndex } from '@mc/protocol'
import { type Adversary, type Corruption, silent } from '@mc/sim'

/** One kind of fault. */
export interface LabFault {
  readonly sentence: string
  /** Which f members, of n. */
  readonly who: (n: number, f: number) => readonly number[]
  readonly adversary?: () => Adversary<AtomicBroadcastInput, unknown>
  /** The members stand still for these milliseconds, run for as many, and so on. */
  readonly stallMs?: number
}

const first = (_n: number, f: number): readonly number[] => Array.from({ length: f }, (_, at) => at)
const last = (n: number, f: number): readonly number[] => Array.from({ length: f }, (_, at) => n - f + at)

/** The modes 0 to 3 are those of the published WaterBear program. */
export const FAULTS: Readonly<Record<string, LabFault>> = {
  none: { sentence: 'all members are correct', who: () => [] },
  'crash-f': { sentence: 'f members never start', who: last, adversary: silent },
  'slow-f': { sentence: 'f members stand still for 1 s, run for 1 s, and so on', who: last, stallMs: 1_000 },
  byz0: {
    sentence: 'the first f members vote 0 in every agreement',
    who: first,
    adversary: () => voting('byz0', () => 0),
  },
  byz1: {
    sentence: 'the last f members vote 0 in every agreement',
    who: last,
    adversary: () => voting('byz1', () => 0),
  },
  byz2: {
    sentence: 'f members never propose, and vote as everybody does',
    who: first,
    adversary: () => mute(),
  },
  byz3: {
    sentence: 'f members vote the opposite in every agreement',
    who: first,
    adversary: () => voting('byz3', bit => (bit === 0 ? 1 : 0)),
  },
}

/** Follows the protocol, but for the bits that it says. What no codec can carry is not sent. */
const voting = (name: string, said: (bit: Bit) => Bit): Adversary<AtomicBroadcastInput, unknown> => ({
  name,
  corrupt: world => {
    const copy = world.copy()
    return {
      input: input => lie(world, copy.input(input), said),
      message: (from, message) => lie(world, copy.message(from, message), said),
    }
  },
})

/** Follows the protocol, but never proposes anything of its own. */
const mute = (): Adversary<AtomicBroadcastInput, unknown> => ({
  name: 'byz2',
  corrupt: world => {
    const copy = world.copy()
    return {
      input: input => {
        if (input.type !== 'propose') world.forward(copy.input(input))
      },
      message: (from, message) => world.forward(copy.message(from, message)),
    }
  },
})

function lie(
  world: Corruption<AtomicBroadcastInput, unknown>,
  messages: readonly Outgoing<unknown>[],
  said: (bit: Bit) => Bit,
): void {
  for (const outgoing of messages) {
    const lies = liesFor(outgoing.message, said)
    if (lies === undefined) world.forward([outgoing])
    else for (const message of lies) tell(world, outgoing.to, message)
  }
}

const tell = (
  world: Corruption<AtomicBroadcastInput, unknown>,
  to: PeerIndex | 'all',
  message: unknown,
): void => {
  if (to !== 'all') world.send(to, message)
  else for (const peer of world.committee.peers) if (peer !== world.self) world.send(peer, message)
}

/** What is said in place of a message; undefined if no vote is in it. */
function liesFor(message: unknown, said: (bit: Bit) => Bit): readonly unknown[] | undefined {
  if (typeof message !== 'object' || message === null || message instanceof Uint8Array) return undefined
  const { type, bit, value, message: inner } = message as Record<string, unknown>
  if (type === 'fast') return fastLies(said)
  if (bit === 0 || bit === 1) return [{ ...message, bit: said(bit) }]
  if (value === 0 || value === 1) return [{ ...message, value: said(value) }]
  return liesFor(inner, said)?.map(lie => ({ ...message, message: lie }))
}

/** A fast vote can say nothing but 1: another bit is said in plain words, those of one agreement or of the other. */
const fastLies = (said: (bit: Bit) => Bit): readonly unknown[] => {
  const bit = said(1)
  if (bit === 1) return [{ type: 'fast' }]
  return [
    { type: 'prevote', round: 0, bit },
    { type: 'vote', round: 0, bit },
    { type: 'mainvote', round: 0, value: bit },
    { type: 'finalvote', round: 0, value: bit },
    { type: 'bval', round: 0, bit },
    { type: 'aux', round: 0, bit },
    { type: 'conf', round: 0, value: bit },
  ]
}
