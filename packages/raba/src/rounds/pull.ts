/**
 * Answers peers that ask for votes they could not store.
 */
import type { PeerIndex, Round } from '@mc/protocol'
import type { SyncRequest } from './messages.js'
import type { RoundRange } from './missed-votes.js'

/**
 * The rate limit of answers: each of our rounds is answered at most once per peer, and at most a window of them at a time.
 *
 * That is enough: a correct peer asks for a round once, when its window covers it, and stores whatever comes later.
 */
export class PullLimit {
  readonly #answeredBelow: Uint32Array
  readonly #roundsMax: number

  constructor(n: number, roundsAhead: number) {
    this.#answeredBelow = new Uint32Array(n)
    this.#roundsMax = roundsAhead + 1
  }

  /** What to answer, if anything; `rounds` is how many rounds of our own there are. It counts as answered from now on. */
  take(peer: PeerIndex, { fromRound, toRound }: SyncRequest, rounds: number): RoundRange | undefined {
    const from = Math.max(fromRound, this.#answeredBelow[peer] as number)
    const to = Math.min(toRound, rounds - 1, from + this.#roundsMax - 1)
    if (from > to) return undefined
    this.#answeredBelow[peer] = to + 1
    return { fromRound: from as Round, toRound: to as Round }
  }
}
