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
  /** Whether the log is whole; a lost or damaged one quarantines at once. */
  readonly logIsWhole: boolean
  /** The epoch at which an earlier quarantine is over, if it is not yet. */
  readonly quarantinedUntil: number | undefined
  /** How far above its tip a member may have voted. */
  readonly epochsTaken: number
}

/** The standing of one replica in one configuration. */
export class Standing {
  readonly #options: StandingOptions
  readonly #heardFrom: PeerSet
  readonly #knowMore: PeerSet
  readonly #nothingMore: PeerSet
  #spokenBelow = 0
  #until: number | undefined
  #isQuarantined: boolean
  #mayVote = false

  constructor(options: StandingOptions) {
    const { n } = options.committee
    this.#options = options
    this.#heardFrom = new PeerSet(n)
    this.#knowMore = new PeerSet(n)
    this.#nothingMore = new PeerSet(n)
    this.#until = options.logIsWhole ? options.quarantinedUntil : undefined
    // Who is alone has never said anything to anybody.
    this.#isQuarantined = n > 1 && (!options.logIsWhole || this.#until !== undefined)
  }

  get state(): StandingState {
    if (this.#mayVote) return 'voting'
    return this.#isQuarantined ? 'quarantined' : 'joining'
  }

  /** The epoch from which a quarantined replica votes again, once it is known. */
  get quarantinedUntil(): number | undefined {
    return this.state === 'quarantined' ? this.#until : undefined
  }

  /** The log was heard again: it knows of no words of ours from this epoch on. */
  onReplayed(spokenBelow: number): void {
    this.#spokenBelow = spokenBelow
  }

  /** A member said hello, and below which epoch it has heard us. */
  onHello(peer: PeerIndex, heardBelow: number): void {
    if (this.#mayVote) return
    this.#heardFrom.add(peer)
    if (heardBelow > this.#spokenBelow) this.#knowMore.add(peer)
    // f + 1 say so: one of them is correct, so we did speak in an epoch that our log does not hold.
    if (this.#knowMore.size >= fPlus1(this.#options.committee)) this.#isQuarantined = true
  }

  /**
   * A member has no certified block at `nextEpoch` or above, which is where we stand.
   *
   * Derived: n − f of the others say so, each at its time. We spoke at most `epochsTaken` − 1 epochs above the first one that
   * was not over for us, e. The n − f members who took part in e − 1 and these n − f others share a correct one, and that one
   * stood less than `epochsTaken` below e − 1. It took part in the epoch before its own only after f + 1 correct members had
   * sealed all that lies `epochsTaken` below, over the same links. So nothing of ours lies 3 × `epochsTaken` above what it
   * could show us; what we have fetched since only raises the bound, and no liar can, as nobody can forge a block.
   */
  onNothingMore(peer: PeerIndex, nextEpoch: number): void {
    if (this.state !== 'quarantined' || this.#until !== undefined) return
    this.#nothingMore.add(peer)
    const { committee, epochsTaken } = this.#options
    const needed = Math.min(nMinusF(committee), committee.n - 1)
    if (this.#nothingMore.size >= needed) this.#until = nextEpoch + 3 * epochsTaken + 1
  }

  /**
   * Whether we may have spoken in `epoch` or above without knowing what, where `epoch` is the first of another configuration.
   *
   * A quarantine is decided among the members of one configuration. Where it does not end below the next one, those members say
   * nothing about what we said there, so there it is decided anew.
   */
  isUnsureFrom(epoch: number): boolean {
    return this.#isQuarantined && (!this.#mayVote || (this.#until ?? epoch) >= epoch)
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
