/**
 * Which proposals of the last epochs have been delivered, by their own epoch or by a later one: agreed, like the batches.
 */
import type { Epoch, PeerIndex } from '@mc/protocol'
import { add, decoded, has, type ProposalName, rowBytes, rowsCodec } from './proposal-set.js'

/**
 * A window of epochs below the next one: a bit per proposal, 1 once it is delivered.
 *
 * What lies below the window, or below where we began, counts as delivered: it is never linked.
 */
export class LinkState {
  readonly #n: number
  readonly #window: number
  /** By epoch, from next − window on. */
  readonly #rows: Uint8Array[]
  #next: number

  /** Everything below `next` is delivered. */
  constructor(n: number, window: number, next: Epoch) {
    this.#n = n
    this.#window = window
    this.#next = next
    this.#rows = Array.from({ length: window }, () => filled(n))
  }

  /** The state in `links`; undefined unless it was encoded for as many members and epochs. */
  static decode(links: Uint8Array, n: number, window: number): LinkState | undefined {
    const known = decoded(rowsCodec(n, window), links)
    if (known === undefined) return undefined
    const { epoch, rows } = known
    const state = new LinkState(n, window, epoch)
    for (const [at, row] of rows.entries()) state.#rows[at] = row.slice()
    return state
  }

  /** The next epoch: none below it can still be delivered as a batch. */
  get next(): Epoch {
    return this.#next as Epoch
  }

  /** The lowest epoch whose proposals may still be linked. */
  get first(): Epoch {
    return Math.max(0, this.#next - this.#window) as Epoch
  }

  /** Whether a proposal was delivered; one at or above `next` was not. */
  isDelivered(epoch: number, proposer: PeerIndex): boolean {
    if (epoch >= this.#next) return false
    const row = this.#rows[epoch - this.#next + this.#window]
    return row === undefined || has(row, proposer)
  }

  /** The next epoch is over: its batch had these proposers, and linked these proposals. The window moves on by one. */
  deliver(proposers: Iterable<PeerIndex>, linked: readonly ProposalName[]): void {
    for (const { epoch, proposer } of linked) add(this.#rows[epoch - this.#next + this.#window], proposer)
    const row = new Uint8Array(rowBytes(this.#n))
    for (const proposer of proposers) add(row, proposer)
    this.#rows.push(row)
    this.#rows.shift()
    this.#next += 1
  }

  /** The state as all members encode it. */
  encode(): Uint8Array {
    return rowsCodec(this.#n, this.#window).encode({ epoch: this.next, rows: this.#rows })
  }
}

const filled = (n: number): Uint8Array => new Uint8Array(rowBytes(n)).fill(0xff)
