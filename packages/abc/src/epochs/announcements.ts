import { type Epoch, epoch, type PeerIndex } from '@mc/protocol'

/**
 * The epoch that each member announced last: every epoch below it is over for that member.
 *
 * Who has announced nothing yet counts as being at epoch 0, the only bound that holds for everybody.
 */
export class Announcements {
  readonly #epochs: Epoch[]

  /** Nobody has announced anything, among n members. */
  constructor(n: number) {
    this.#epochs = new Array<Epoch>(n).fill(epoch(0))
  }

  /** Notes where a member stands; false if it is no news. Nobody goes back: links may reorder, and old words arrive late. */
  raise(from: PeerIndex, announced: Epoch): boolean {
    if (announced <= this.of(from)) return false
    this.#epochs[from] = announced
    return true
  }

  /** Where a member stands. */
  of(peer: PeerIndex): Epoch {
    return this.#epochs[peer] as Epoch
  }

  /** The largest epoch that at least `count` members have reached, 1 ≤ count ≤ n. */
  reachedBy(count: number): Epoch {
    return this.#epochs.toSorted((a, b) => b - a)[count - 1] as Epoch
  }
}
