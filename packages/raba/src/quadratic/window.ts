/**
 * Which rounds a member keeps: those it may still need, and no more than a peer could fill.
 */
import type { PeerIndex, Round } from '@mc/protocol'
import { QuadraticRound } from './round.js'

/** A range of rounds, both ends included. */
export interface RoundRange {
  readonly fromRound: Round
  readonly toRound: Round
}

/**
 * The rounds from the current one to `roundsAhead` beyond it, and the earlier ones that still have something to amplify.
 *
 * Votes of rounds beyond the window are not stored: per sender only the range that was missed is remembered, so that it can be
 * asked for once the window reaches it. Rounds come into being with their first vote.
 *
 * State: at most n · 2 bytes for each of the `roundsAhead` + 1 rounds of the window and for each earlier round that was kept,
 * and 8 bytes per peer.
 */
export class RoundWindow {
  readonly #n: number
  readonly #roundsAhead: number
  readonly #missedFrom: Uint32Array
  readonly #missedTo: Uint32Array
  #rounds: (QuadraticRound | undefined)[] = []
  #current = 0
  #missing = 0
  #dropped = 0

  constructor(n: number, roundsAhead: number) {
    this.#n = n
    this.#roundsAhead = roundsAhead
    this.#missedFrom = new Uint32Array(n).fill(NOTHING_MISSED)
    this.#missedTo = new Uint32Array(n)
  }

  /** The current round's number. */
  get current(): Round {
    return this.#current as Round
  }

  /** Records of votes that were dropped because their round was beyond the window. */
  get dropped(): number {
    return this.#dropped
  }

  /** Bytes that the slots of all kept rounds take. */
  get bytes(): number {
    return this.#rounds.reduce((sum, round) => sum + (round?.bytes ?? 0), 0)
  }

  /** The state of a round of the window; undefined if the round is beyond it, or finished. */
  at(round: number): QuadraticRound | undefined {
    const kept = this.#rounds[round]
    if (kept !== undefined || round < this.#current || !this.covers(round)) return kept
    const created = new QuadraticRound(this.#n)
    this.#rounds[round] = created
    return created
  }

  /** Whether a round is not beyond the window. */
  covers(round: number): boolean {
    return round <= this.#current + this.#roundsAhead
  }

  /** The state of the current round. */
  now(): QuadraticRound {
    return this.at(this.#current) as QuadraticRound
  }

  /** Remembers that a vote of this peer was dropped, if its round is beyond the window. */
  noteMissed(from: PeerIndex, round: number): void {
    if (this.covers(round)) return
    this.#dropped += 1
    if (this.#missedFrom[from] === NOTHING_MISSED) {
      this.#missing += 1
      this.#missedTo[from] = round
    }
    this.#missedFrom[from] = Math.min(this.#missedFrom[from] as number, round)
    this.#missedTo[from] = Math.max(this.#missedTo[from] as number, round)
  }

  /** Makes the next round the current one; the caller forgets the one that was left, if it may. */
  advance(): void {
    this.#current += 1
  }

  /** Frees a round that nobody will need here again. */
  forget(round: number): void {
    if (round < this.#current) this.#rounds[round] = undefined
  }

  /** Frees everything. */
  clear(): void {
    this.#rounds = []
    this.#missing = 0
    this.#missedFrom.fill(NOTHING_MISSED)
  }

  /**
   * Takes the ranges of missed votes that are due, per peer: when all of them lie within the window, and at the latest when the
   * first of them is half a window away. Each missed round is asked for once.
   */
  takeDue(ask: (peer: PeerIndex, range: RoundRange) => void): void {
    if (this.#missing === 0) return
    const edge = this.#current + this.#roundsAhead
    const soon = this.#current + (this.#roundsAhead >> 1)
    for (let peer = 0; peer < this.#n; peer += 1) {
      const from = this.#missedFrom[peer] as number
      const last = this.#missedTo[peer] as number
      if (from > soon && (from === NOTHING_MISSED || last > edge)) continue
      const to = Math.min(last, edge)
      this.#missedFrom[peer] = to < last ? to + 1 : NOTHING_MISSED
      if (to === last) this.#missing -= 1
      ask(peer as PeerIndex, { fromRound: from as Round, toRound: to as Round })
    }
  }
}

const NOTHING_MISSED = 0xffffffff
