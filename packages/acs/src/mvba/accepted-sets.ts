/**
 * Sets of indices that the members sent in one stage of a gather, and which of them are accepted.
 */
import { type PeerIndex, PeerSet, type VoteOutcome } from '@mc/protocol'

/** One set per member: the first counts. It is accepted once all its indices are counted here; that only turns to true. */
export class AcceptedSets {
  readonly #sets: (readonly PeerIndex[] | undefined)[]
  readonly #waiting = new Set<PeerIndex>()
  readonly #union: PeerSet
  #acceptedCount = 0

  /** No sets yet, among n members. */
  constructor(n: number) {
    this.#sets = new Array<readonly PeerIndex[] | undefined>(n).fill(undefined)
    this.#union = new PeerSet(n)
  }

  /** How many members' sets are accepted. */
  get acceptedCount(): number {
    return this.#acceptedCount
  }

  /** All indices of accepted sets, ascending. */
  union(): readonly PeerIndex[] {
    return [...this.#union]
  }

  /** Keeps the first set of a member; a different one changes nothing. */
  add(from: PeerIndex, members: readonly PeerIndex[]): VoteOutcome {
    const earlier = this.#sets[from]
    if (earlier !== undefined) return areSame(earlier, members) ? 'duplicate' : 'conflict'
    this.#sets[from] = members
    this.#waiting.add(from)
    return 'added'
  }

  /** Accepts the sets whose indices are all counted by now. */
  accept(counted: PeerSet): void {
    for (const from of this.#waiting) {
      const members = this.#sets[from] as readonly PeerIndex[]
      if (!members.every(index => counted.has(index))) continue
      this.#waiting.delete(from)
      this.#acceptedCount += 1
      for (const index of members) this.#union.add(index)
    }
  }
}

const areSame = (a: readonly PeerIndex[], b: readonly PeerIndex[]): boolean =>
  a.length === b.length && a.every((index, at) => index === b[at])
