/**
 * Whether a replica may vote.
 *
 * It votes only once it is sure that its log is the latest: after it has heard from as many members as one can wait for, and
 * unless f + 1 of them have heard it in epochs that its log knows nothing of. A replica whose log is missing, damaged or stale
 * is quarantined: it reads and catches up, and votes again from an epoch above any that it may have voted in.
 */
import { type Committee, fPlus1, nMinusF, type PeerIndex, PeerSet } from '@mc/protocol'

/** `joining`: not enough members heard yet; `quarantined`: reads only; `voting`. */
export type StandingState = 'joining' | 'quarantined' | 'voting'

/** What a standing is decided from. */
export interface StandingOptions {
  readonly committee: Committee
  /** Our log knows of no words of ours from this epoch on. */
  readonly spokenBelow: number
  /** Whether the log is whole; a lost or damaged one quarantines at once. */
  readonly logIsWhole: boolean
  /** An earlier quarantine that may not be over. */
  readonly quarantinedUntil: number
  /** How far above its tip a member may have voted. */
  readonly epochsTaken: number
}

/** The standing of one replica in one configuration. */
export class Standing {
  readonly #options: StandingOptions
  readonly #heardFrom: PeerSet
  readonly #knowMore: PeerSet
  #nothingMore: PeerSet
  #nothingMoreAt = -1
  #until: number | undefined
  #isQuarantined: boolean
  #mayVote = false

  constructor(options: StandingOptions) {
    const { n } = options.committee
    this.#options = options
    this.#heardFrom = new PeerSet(n)
    this.#knowMore = new PeerSet(n)
    this.#nothingMore = new PeerSet(n)
    this.#isQuarantined = !options.logIsWhole || options.quarantinedUntil > 0
    if (options.logIsWhole && options.quarantinedUntil > 0) this.#until = options.quarantinedUntil
  }

  get state(): StandingState {
    if (this.#mayVote) return 'voting'
    return this.#isQuarantined ? 'quarantined' : 'joining'
  }

  /** The epoch from which a quarantined replica votes again, once it is known. */
  get quarantinedUntil(): number | undefined {
    return this.#isQuarantined && !this.#mayVote ? this.#until : undefined
  }

  /** A member said hello, and below which epoch it has heard us. */
  onHello(peer: PeerIndex, heardBelow: number): void {
    if (this.#mayVote) return
    this.#heardFrom.add(peer)
    if (heardBelow > this.#options.spokenBelow) this.#knowMore.add(peer)
    // f + 1 say so: one of them is correct, so we did speak in an epoch that our log does not hold.
    if (this.#knowMore.size >= fPlus1(this.#options.committee)) this.#isQuarantined = true
  }

  /**
   * A member has no block beyond the one before `nextEpoch`.
   *
   * n − f of the others say so: we can have spoken at most in the epochs that a member may hold above that, since at least
   * one of those who took part in our last epoch is among them.
   */
  onNothingMore(peer: PeerIndex, nextEpoch: number): void {
    if (!this.#isQuarantined || this.#until !== undefined) return
    if (nextEpoch !== this.#nothingMoreAt) {
      this.#nothingMore = new PeerSet(this.#options.committee.n)
      this.#nothingMoreAt = nextEpoch
    }
    this.#nothingMore.add(peer)
    const needed = Math.min(nMinusF(this.#options.committee), this.#options.committee.n - 1)
    if (this.#nothingMore.size >= needed) this.#until = nextEpoch + 2 * this.#options.epochsTaken + 1
  }

  /** Whether voting may begin now, at `nextEpoch`; true exactly once. */
  begins(nextEpoch: number): boolean {
    if (this.#mayVote || !this.#isReady(nextEpoch)) return false
    this.#mayVote = true
    return true
  }

  #isReady(nextEpoch: number): boolean {
    if (this.#isQuarantined) return this.#until !== undefined && nextEpoch >= this.#until
    return this.#heardFrom.size >= nMinusF(this.#options.committee) - 1
  }
}
