import { digestKey, keyDigest } from '@mc/crypto'
import { type PeerIndex, type VoteOutcome, VoteSet } from '@mc/protocol'
import type { Fragment } from './fragment-collector.js'

/**
 * Votes of members who know the vector under a root, each with the fragment that they say is ours.
 *
 * Counted per root, and per fragment: what f + 1 of them say, a correct one says. One vote per member, so at most n of each.
 */
export class FragmentVotes {
  readonly #votes: VoteSet<string>
  /** By root: how many votes it has, whatever their fragments. */
  readonly #counts = new Map<string, number>()

  /** No votes yet, among n members. */
  constructor(n: number) {
    this.#votes = new VoteSet(n)
  }

  /** Counts the first vote of a member. */
  add(from: PeerIndex, vote: Fragment): VoteOutcome {
    const outcome = this.#votes.add(from, keyOf(vote))
    if (outcome !== 'added') return outcome
    const root = digestKey(vote.root)
    this.#counts.set(root, (this.#counts.get(root) ?? 0) + 1)
    return outcome
  }

  /** How many votes a root has. */
  count(root: Uint8Array): number {
    return this.#counts.get(digestKey(root)) ?? 0
  }

  /** The root that a member voted for, as a `digestKey`. */
  rootOf(from: PeerIndex): string | undefined {
    return this.#votes.of(from)?.slice(0, ROOT_LENGTH)
  }

  /** The fragment that at least `count` members say is ours under `root`. */
  agreed(root: Uint8Array, count: number): Uint8Array | undefined {
    const key = digestKey(root)
    for (const [vote, votes] of this.#votes.entries()) {
      if (votes >= count && vote.startsWith(key)) return keyDigest(vote.slice(ROOT_LENGTH))
    }
    return undefined
  }

  /** Those of `members` who said under the right root that our fragment is another one. */
  wrongAbout(right: Fragment, members: readonly PeerIndex[]): readonly PeerIndex[] {
    const root = digestKey(right.root)
    const key = keyOf(right)
    return members.filter(member => {
      const vote = this.#votes.of(member)
      return vote?.startsWith(root) && vote !== key
    })
  }
}

/** A key has a character for each byte, and a root has 32. */
const ROOT_LENGTH = 32

const keyOf = ({ root, fragment }: Fragment): string => digestKey(root) + digestKey(fragment)
