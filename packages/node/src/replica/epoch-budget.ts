import type { Epoch, PeerIndex } from '@mc/protocol'

/** What a budget is computed from. */
export interface EpochBudgetOptions {
  readonly n: number
  readonly payloadBytesMax: number
}

/** Bytes of votes that one peer may send for one slot of one epoch: thousands of rounds. */
const VOTE_BYTES_MAX = 64 * 1024

/** How many recent epochs are counted for each peer. */
const EPOCHS_COUNTED = 16

/**
 * How many bytes each peer may make us log and handle in one epoch: for each of n proposals two shards of the largest payload
 * and thousands of rounds of votes. A correct peer stays far below; it starts anew on every link, since it sends again then.
 */
export class EpochBudget {
  readonly bytesMax: number
  readonly #spent: Map<Epoch, number>[]

  constructor({ n, payloadBytesMax }: EpochBudgetOptions) {
    this.bytesMax = 2 * (payloadBytesMax + n * VOTE_BYTES_MAX) * Math.max(1, Math.ceil(n / 2))
    this.#spent = Array.from({ length: n }, () => new Map())
  }

  /** Takes bytes from what a peer has left in an epoch; false if that is not enough. */
  take(peer: PeerIndex, epoch: Epoch, bytes: number): boolean {
    const epochs = this.#spent[peer] as Map<Epoch, number>
    const spent = (epochs.get(epoch) ?? 0) + bytes
    if (spent > this.bytesMax) return false
    epochs.set(epoch, spent)
    if (epochs.size > EPOCHS_COUNTED) epochs.delete(epochs.keys().next().value as Epoch)
    return true
  }

  /** Counts a peer's bytes from zero again. */
  reset(peer: PeerIndex): void {
    this.#spent[peer]?.clear()
  }
}
