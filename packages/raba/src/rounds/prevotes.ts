/**
 * The first votes of a round, which say an estimate: relayed by everybody once f + 1 have said it, so that all hear of it.
 */
import { type Bit, type Committee, type Effects, fPlus1, opposite, type Round } from '@mc/protocol'
import type { OwnVotes } from './own-votes.js'
import type { VotingRound } from './voting-round.js'
import type { RoundWindow } from './window.js'

/** What the pre-votes of a member are made from. */
export interface PrevotesOptions<Message> {
  readonly committee: Committee
  readonly window: RoundWindow<VotingRound>
  readonly own: OwnVotes
  readonly effects: Pick<Effects<Message, never>, 'broadcast'>
  readonly message: (round: Round, bit: Bit) => Message
}

/** PREVOTE, or BVAL: said, relayed and gathered into bset. */
export class Prevotes<Message> {
  readonly #options: PrevotesOptions<Message>
  readonly #fPlus1: number

  constructor(options: PrevotesOptions<Message>) {
    this.#options = options
    this.#fPlus1 = fPlus1(options.committee)
  }

  /** Says that of a round, once. */
  say(round: Round, bit: Bit): void {
    const { own, effects, message } = this.#options
    if (!own.addPrevote(round, bit)) return
    effects.broadcast(message(round, bit))
    this.forgetIfRelayed(round)
  }

  /** Any round r' ≤ current: f + 1 PREVOTE_r'(v), own unsent: broadcast PREVOTE_r'(v). */
  amplify(number: Round, round: VotingRound | undefined): void {
    if (round === undefined) return
    if (round.prevotes(0) >= this.#fPlus1) this.say(number, 0)
    if (round.prevotes(1) >= this.#fPlus1) this.say(number, 1)
  }

  /** As many PREVOTE(v) as `enough` says: bset += v; first := v if bset was empty (both in one pass: prefer the own estimate). */
  gather(round: VotingRound, estimate: Bit, enough: (bit: Bit) => number): void {
    if (round.prevotes(estimate) >= enough(estimate)) round.addToBset(estimate)
    const other = opposite(estimate)
    if (round.prevotes(other) >= enough(other)) round.addToBset(other)
  }

  /** Once both values are relayed, an earlier round has nothing left to do here: amplification was its last rule. */
  forgetIfRelayed(round: Round): void {
    const { own, window } = this.#options
    if (own.prevotedBoth(round)) window.forget(round)
  }
}
