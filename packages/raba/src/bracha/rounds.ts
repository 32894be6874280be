/**
 * Which rounds a member keeps, and how validity runs through them.
 */
import type { Committee, PeerIndex, Round } from '@mc/protocol'
import { MissedVotes, type RoundRange } from '../rounds/missed-votes.js'
import { BrachaRound } from './round.js'
import { BEFORE_ROUND_0, type CountOf, type Validity } from './validity.js'
import type { BrachaVote, Step } from './vote.js'

/**
 * The rounds from the one before the current to `roundsAhead` beyond it.
 *
 * The round before is kept because the step-1 votes of the current one are judged by it. State: 3 bytes and some counters per
 * member and round, for at most `roundsAhead` + 2 rounds, and 8 bytes per peer that ran ahead.
 */
export class BrachaRounds {
  readonly #committee: Committee
  readonly #roundsAhead: number
  readonly #validity: Validity
  #rounds: (BrachaRound | undefined)[] = []
  #missed: MissedVotes | undefined
  #current = 0

  constructor(committee: Committee, roundsAhead: number, validity: Validity) {
    this.#committee = committee
    this.#roundsAhead = roundsAhead
    this.#validity = validity
  }

  /** The current round's number. */
  get current(): Round {
    return this.#current as Round
  }

  /** Messages that were not taken in because their round was beyond the window. */
  get dropped(): number {
    return this.#missed?.count ?? 0
  }

  /** Bytes that the slots of all kept rounds take. */
  get bytes(): number {
    return this.#rounds.reduce((sum, round) => sum + (round?.bytes ?? 0), 0)
  }

  /** The valid votes of the current round. */
  now(): CountOf {
    return this.#at(this.#current).count
  }

  /** Whether a round is not beyond the window. */
  covers(round: number): boolean {
    return round <= this.#current + this.#roundsAhead
  }

  /** Remembers that a message of this peer was dropped: its round is beyond the window. */
  noteMissed(from: PeerIndex, round: number): void {
    this.#missed ??= new MissedVotes(this.#committee.n)
    this.#missed.note(from, round)
  }

  /** Stores a delivered vote, and judges what it makes valid: in its round, and in later ones for as long as that changes. */
  store(round: number, step: Step, proposer: PeerIndex, vote: BrachaVote): void {
    if (round < this.#current - 1) return
    this.#at(round).store(step, proposer, vote)
    for (let at = round; this.#accept(at) && this.#rounds[at + 1] !== undefined; ) at += 1
  }

  /** Makes the next round the current one; `ask` is told which missed rounds have come within reach. */
  advance(ask: (peer: PeerIndex, range: RoundRange) => void): void {
    this.#current += 1
    if (this.#current > 1) this.#rounds[this.#current - 2] = undefined
    this.#missed?.takeDue(this.#current, this.#roundsAhead, ask)
  }

  /** Frees everything. */
  clear(): void {
    this.#rounds = []
    this.#missed = undefined
  }

  #accept(round: number): boolean {
    const before = round === 0 ? BEFORE_ROUND_0 : this.#rounds[round - 1]?.count
    return this.#at(round).accept(this.#validity, before, this.#committee)
  }

  #at(round: number): BrachaRound {
    const kept = this.#rounds[round]
    if (kept !== undefined) return kept
    const created = new BrachaRound(this.#committee.n)
    this.#rounds[round] = created
    return created
  }
}
