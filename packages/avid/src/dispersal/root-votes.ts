import { digestKey } from '@mc/crypto'
import { type Effects, type PeerIndex, VoteSet } from '@mc/protocol'
import { conflicting } from './blame.js'

/** Votes for roots, one per member, counted per root: at most n roots, whatever is sent. */
export class RootVotes {
  readonly #votes: VoteSet<string>
  readonly #rule: string
  readonly #effects: Pick<Effects<never, never>, 'fault'>

  /** No votes yet; `rule` is the fault of a second root. */
  constructor(n: number, effects: Pick<Effects<never, never>, 'fault'>, { rule }: { readonly rule: string }) {
    this.#votes = new VoteSet(n)
    this.#rule = rule
    this.#effects = effects
  }

  /** Counts a vote; the new count of its root, or 0 if it was not that member's first. A different one is a fault. */
  add(from: PeerIndex, root: Uint8Array): number {
    const key = digestKey(root)
    const outcome = this.#votes.add(from, key)
    if (outcome === 'conflict') {
      this.#effects.fault(conflicting(this.#rule, from, root, this.#votes.of(from)))
    }
    return outcome === 'added' ? this.#votes.count(key) : 0
  }
}
