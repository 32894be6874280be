import { type Epoch, epoch, type PeerIndex } from '@mc/protocol'

/**
 * The epoch that each member announced last: every epoch below it is over for that member.
 *
 * Who has announced nothing yet counts as being at epoch 0, the only bound that holds for everybody.
 */
export class Announcements {
  readonly #epochs: Epoch[]
  /** The same, largest first: announcements come one by one, so keeping them sorted is cheaper than sorting. */
  readonly #descending: Epoch[]

  /** Nobody has announced anything, among n members. */
  constructor(n: number) {
    this.#epochs = new Array<Epoch>(n).fill(epoch(0))
    this.#descending = [...this.#epochs]
  }

  /** Notes where a member stands; false if it is no news. Nobody goes back: links may reorder, and old words arrive late. */
  raise(from: PeerIndex, announced: Epoch): boolean {
    const earlier = this.of(from)
    if (announced <= earlier) return false
    this.#epochs[from] = announced
    this.#lift(this.#descending.indexOf(earlier), announced)
    return true
  }

  /** Where a member stands. */
  of(peer: PeerIndex): Epoch {
    return this.#epochs[peer] as Epoch
  }

  /** The largest epoch that at least `count` members have reached, 1 ≤ count ≤ n. */
  reachedBy(count: number): Epoch {
    return this.#descending[count - 1] as Epoch
  }

  #lift(from: number, announced: Epoch): void {
    let at = from
    for (; at > 0 && (this.#descending[at - 1] as Epoch) < announced; at -= 1) {
      this.#descending[at] = this.#descending[at - 1] as Epoch
    }
    this.#descending[at] = announced
  }
}
