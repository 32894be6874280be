/**
 * How many bytes of agreement a peer may make us log and handle.
 */
import type { Epoch, PeerIndex } from '@mc/protocol'

/** What a budget is computed from. */
export interface EpochBudgetOptions {
  readonly n: number
  readonly payloadBytesMax: number
}

/** Bytes of votes that one peer may send for one slot of one epoch: thousands of rounds. */
const VOTE_BYTES_MAX = 64 * 1024

/** A new link gives a new budget at most this often, in ms: who reconnects all the time gains nothing. */
const RENEWAL_MS = 1_000

/**
 * How many bytes each peer may make us log and handle in one epoch: for each of n proposals two shards of the largest payload
 * and thousands of rounds of votes. A correct peer stays far below; it starts anew on a new link, since it sends again then.
 *
 * Only epochs that the agreement takes are counted here, and those that are over are forgotten, so its size is bounded.
 */
export class EpochBudget {
  readonly bytesMax: number
  readonly #spent: readonly Map<Epoch, number>[]
  readonly #renewedAt: number[]

  constructor({ n, payloadBytesMax }: EpochBudgetOptions) {
    this.bytesMax = 2 * (payloadBytesMax + n * VOTE_BYTES_MAX) * Math.max(1, Math.ceil(n / 2))
    this.#spent = Array.from({ length: n }, () => new Map())
    this.#renewedAt = new Array<number>(n).fill(Number.NEGATIVE_INFINITY)
  }

  /** Takes bytes from what a peer has left in an epoch; false if that is not enough. */
  take(peer: PeerIndex, epoch: Epoch, bytes: number): boolean {
    const epochs = this.#spent[peer] as Map<Epoch, number>
    const spent = (epochs.get(epoch) ?? 0) + bytes
    if (spent > this.bytesMax) return false
    epochs.set(epoch, spent)
    return true
  }

  /** Counts a peer's bytes from zero again, unless that was done a moment ago. */
  renew(peer: PeerIndex, nowMs: number): void {
    if (nowMs - (this.#renewedAt[peer] as number) < RENEWAL_MS) return
    this.#renewedAt[peer] = nowMs
    this.#spent[peer]?.clear()
  }

  /** Forgets the epochs below `floor`. */
  retire(floor: number): void {
    for (const epochs of this.#spent)
      for (const epoch of epochs.keys()) if (epoch < floor) epochs.delete(epoch)
  }
}
