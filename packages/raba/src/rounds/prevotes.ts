/**
 * The first votes of a round, which say an estimate: relayed by everybody once f + 1 have said it, so that all hear of it.
 */
import { type Bit, type Committee, type Effects, fPlus1, type Round } from '@mc/protocol'
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
  readonly #window: RoundWindow<VotingRound>
  readonly #own: OwnVotes
  readonly #effects: Pick<Effects<Message, never>, 'broadcast'>
  readonly #message: (round: Round, bit: Bit) => Message
  readonly #fPlus1: number

  constructor({ committee, window, own, effects, message }: PrevotesOptions<Message>) {
    this.#window = window
    this.#own = own
    this.#effects = effects
    this.#message = message
    this.#fPlus1 = fPlus1(committee)
  }

  /** Says that of a round, once. */
  say(round: Round, bit: Bit): void {
    if (!this.#own.addPrevote(round, bit)) return
    this.#effects.broadcast(this.#message(round, bit))
    this.forgetIfRelayed(round)
  }

  /** Any round r' ≤ current: f + 1 PREVOTE_r'(v), own unsent: broadcast PREVOTE_r'(v). */
  amplify(number: Round, round: VotingRound | undefined): void {
    if (round === undefined) return
    if (round.prevotes(0) >= this.#fPlus1) this.say(number, 0)
    if (round.prevotes(1) >= this.#fPlus1) this.say(number, 1)
  }

  /** `enough` PREVOTE(v): bset += v; first := v if bset was empty. */
  gather(round: VotingRound, bit: Bit, enough: number): void {
    if (round.prevotes(bit) >= enough) round.addToBset(bit)
  }

  /** Once both values are relayed, an earlier round has nothing left to do here: amplification was its last rule. */
  forgetIfRelayed(round: Round): void {
    if (this.#own.prevotedBoth(round)) this.#window.forget(round)
  }
}
