/**
 * Gather with a binding core: everybody ends with a set of indices, and n − f indices that are in all of them are fixed
 * before anybody ends.
 *
 * A core exists after two exchanges: each correct T holds n − f sets S, at least n − 2f of them from correct members, so some
 * correct S lies in n − 2f ≥ f + 1 correct T's, and every U, made of n − f T's, holds one of these. The third exchange binds
 * it: who ends has n − f U's, f + 1 of them correct and out of anybody's hands; what they share holds a core of n − f, and
 * every other member's n − f U's include one of these f + 1.
 */
import {
  type Committee,
  type Effects,
  nMinusF,
  type PeerIndex,
  PeerSet,
  type Protocol,
  type ProtocolDefinition,
  unreachable,
} from '@mc/protocol'
import { union } from '@mc/protocol/wire'
import { AcceptedSets } from './accepted-sets.js'
import { indexSet } from './index-set.js'

/** What one gather has to know. */
export interface GatherParams {
  readonly committee: Committee
}

/** The sets of the three exchanges; ascending. */
export type GatherMessage =
  /** What is counted at the sender. */
  | { readonly type: 's'; readonly members: readonly PeerIndex[] }
  /** The union of n − f sets S. */
  | { readonly type: 't'; readonly members: readonly PeerIndex[] }
  /** The union of n − f sets T. */
  | { readonly type: 'u'; readonly members: readonly PeerIndex[] }

/**
 * Gather. Each index that is counted here is an input, once; the output is a set of counted indices, once, ascending.
 *
 * What is counted at one correct member must in time be counted at all of them, and n − f indices at least.
 * `handleInput` throws a RangeError on an index that is counted already.
 */
export interface Gather
  extends ProtocolDefinition<GatherParams, PeerIndex, GatherMessage, readonly PeerIndex[]> {
  readonly role: 'gather'
}

/**
 * Gather with a binding core, in three exchanges of n-bit sets.
 *
 * Guarantees for n ≥ 3f + 1 over authenticated, reliable links:
 * - binding core: when the first correct member outputs, n − f indices are fixed that are in every correct output;
 * - termination: all correct members output.
 *
 * State: 3n sets of n bits. Faults reported: `acs/short-set`, `acs/conflicting-set`.
 *
 * @see derived; see PAPER.md
 */
export const bindingGather = (): Gather => ({
  role: 'gather',
  name: 'gather/binding',
  wireVersion: 1,
  parameters: {},
  parts: {},
  codec: ({ n }) => {
    const members = indexSet(n)
    return union({ s: { members }, t: { members }, u: { members } })
  },
  create: (params, effects) => new BindingGather(params, effects),
})

class BindingGather implements Protocol<PeerIndex, GatherMessage> {
  readonly #committee: Committee
  readonly #effects: Effects<GatherMessage, readonly PeerIndex[]>
  readonly #counted: PeerSet
  readonly #s: AcceptedSets
  readonly #t: AcceptedSets
  readonly #u: AcceptedSets
  readonly #sent = new Set<GatherMessage['type']>()
  #ended = false

  constructor({ committee }: GatherParams, effects: Effects<GatherMessage, readonly PeerIndex[]>) {
    this.#committee = committee
    this.#effects = effects
    this.#counted = new PeerSet(committee.n)
    this.#s = new AcceptedSets(committee.n)
    this.#t = new AcceptedSets(committee.n)
    this.#u = new AcceptedSets(committee.n)
  }

  handleInput(index: PeerIndex): void {
    if (!this.#counted.add(index)) throw new RangeError(`gather: index ${index} is counted already`)
    this.#settle()
  }

  handleMessage(from: PeerIndex, message: GatherMessage): void {
    const { type, members } = message
    if (members.length < nMinusF(this.#committee)) {
      this.#effects.fault({ rule: 'acs/short-set', peer: from, detail: `${type} of ${members.length}` })
      return
    }
    if (this.#setsOf(type).add(from, members) === 'conflict') {
      this.#effects.fault({ rule: 'acs/conflicting-set', peer: from, detail: `${type} of ${members}` })
    }
    this.#settle()
  }

  #settle(): void {
    this.#trySendS()
    this.#trySendT()
    this.#trySendU()
    this.#tryEnd()
  }

  // G1: n − f indices are counted: S_i := the counted ones, broadcast S_i
  #trySendS(): void {
    if (this.#counted.size >= nMinusF(this.#committee)) this.#send('s', [...this.#counted])
  }

  // G2: S_j is accepted once all its indices are counted here; n − f accepted: T_i := their union, broadcast T_i
  #trySendT(): void {
    if (this.#hasEnough(this.#s)) this.#send('t', this.#s.union())
  }

  // G3: T_j is accepted once all its indices are counted here; n − f accepted: U_i := their union, broadcast U_i
  #trySendU(): void {
    if (this.#hasEnough(this.#t)) this.#send('u', this.#t.union())
  }

  // G4: U_j is accepted once all its indices are counted here; n − f accepted: V_i := their union, output V_i
  #tryEnd(): void {
    if (this.#ended || !this.#hasEnough(this.#u)) return
    this.#ended = true
    this.#effects.output(this.#u.union())
  }

  #hasEnough(sets: AcceptedSets): boolean {
    sets.accept(this.#counted)
    return sets.acceptedCount >= nMinusF(this.#committee)
  }

  #send(type: GatherMessage['type'], members: readonly PeerIndex[]): void {
    if (this.#sent.has(type)) return
    this.#sent.add(type)
    this.#effects.broadcast({ type, members })
  }

  #setsOf(type: GatherMessage['type']): AcceptedSets {
    switch (type) {
      case 's':
        return this.#s
      case 't':
        return this.#t
      case 'u':
        return this.#u
      default:
        return unreachable(type)
    }
  }
}
