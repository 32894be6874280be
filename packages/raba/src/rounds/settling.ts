/**
 * When the rules of a round are looked at: after whatever could let one of them fire, until none does.
 */
import type { PeerIndex, Round } from '@mc/protocol'
import type { SyncReply } from './messages.js'
import type { Standing } from './participation.js'
import type { Proposal } from './proposal.js'
import type { VoteRecord } from './vote-record.js'
import type { RoundWindow } from './window.js'

/** What is settled, and how. */
export interface SettlingOptions<Slots extends { readonly bytes: number }> {
  readonly participation: Standing
  readonly proposal: Proposal
  readonly window: RoundWindow<Slots>
  /** Stores all votes of a record; whether something was new. */
  readonly store: (from: PeerIndex, round: Round, record: VoteRecord) => boolean
  /** The rules that hold in every round ≤ current; undefined where nothing is left to relay. */
  readonly amplify: (round: Round, slots: Slots | undefined) => void
  /** One pass through the rules of the current round, in the paper's order; true if another round was entered. */
  readonly runRound: () => boolean
}

/** Stages run in the current round only, amplification in every round up to it. Before the proposal nothing runs. */
export class Settling<Slots extends { readonly bytes: number }> {
  readonly #participation: Standing
  readonly #proposal: Proposal
  readonly #window: RoundWindow<Slots>
  readonly #store: SettlingOptions<Slots>['store']
  readonly #amplify: SettlingOptions<Slots>['amplify']
  readonly #runRound: () => boolean

  constructor(options: SettlingOptions<Slots>) {
    this.#participation = options.participation
    this.#proposal = options.proposal
    this.#window = options.window
    this.#store = options.store
    this.#amplify = options.amplify
    this.#runRound = options.runRound
  }

  /** A vote of this round came; `stored`: it was new. */
  at(round: Round, stored: boolean): void {
    const { current } = this.#window
    if (!stored || round > current) return
    if (round === current) this.all()
    else this.#amplify(round, this.#window.at(round))
  }

  /** Runs the rules to a fixpoint. Within a round one pass in the papers' order is enough: no rule enables an earlier one. */
  all(): void {
    if (!this.#proposal.made) return
    while (this.#runRound()) {}
  }

  /** A reply is treated exactly as if the votes had arrived one by one from that peer. */
  onSyncReply(from: PeerIndex, { fromRound, records }: SyncReply): void {
    let round = fromRound as number
    for (const record of records) {
      if (this.#participation.silent) return
      this.at(round as Round, this.#store(from, round as Round, record))
      round += 1
    }
  }
}
