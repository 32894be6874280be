/**
 * Which rounds a member keeps: those it may still need, and no more than a peer could fill.
 */
import type { PeerIndex, Round } from '@mc/protocol'
import { MissedVotes, type RoundRange } from './missed-votes.js'

/**
 * The rounds from the current one to `roundsAhead` beyond it, and the earlier ones that still have something to amplify.
 *
 * Votes of rounds beyond the window are not stored; what was missed is remembered, and asked for once the window reaches it.
 * Rounds come into being with their first vote.
 *
 * State: at most n · 2 bytes for each of the `roundsAhead` + 1 rounds of the window and for each earlier round that was kept,
 * and 8 bytes per peer.
 */
export class RoundWindow<Slots extends { readonly bytes: number }> {
  readonly #n: number
  readonly #roundsAhead: number
  readonly #make: (n: number) => Slots
  #rounds: (Slots | undefined)[] = []
  #missed: MissedVotes | undefined
  #current = 0

  /** A window among n members; `make` gives the empty slots of a round. */
  constructor(n: number, roundsAhead: number, make: (n: number) => Slots) {
    this.#n = n
    this.#roundsAhead = roundsAhead
    this.#make = make
  }

  /** The current round's number. */
  get current(): Round {
    return this.#current as Round
  }

  /** Votes that were not stored because their round was beyond the window. */
  get dropped(): number {
    return this.#missed?.count ?? 0
  }

  /** Bytes that the slots of all kept rounds take. */
  get bytes(): number {
    return this.#rounds.reduce((sum, round) => sum + (round?.bytes ?? 0), 0)
  }

  /** The state of a round of the window; undefined if the round is beyond it, or finished. */
  at(round: number): Slots | undefined {
    const kept = this.#rounds[round]
    if (kept !== undefined || round < this.#current || !this.covers(round)) return kept
    const created = this.#make(this.#n)
    this.#rounds[round] = created
    return created
  }

  /** The state of the current round. */
  now(): Slots {
    return this.at(this.#current) as Slots
  }

  /** Whether a round is not beyond the window. */
  covers(round: number): boolean {
    return round <= this.#current + this.#roundsAhead
  }

  /** Remembers that a vote of this peer was dropped, if its round is beyond the window. */
  noteMissed(from: PeerIndex, round: number): void {
    if (this.covers(round)) return
    this.#missed ??= new MissedVotes(this.#n)
    this.#missed.note(from, round)
  }

  /** Makes the next round the current one; `ask` is told which missed votes have come within reach. */
  advance(ask: (peer: PeerIndex, range: RoundRange) => void): void {
    this.#current += 1
    this.#missed?.takeDue(this.#current, this.#roundsAhead, ask)
  }

  /** Frees an earlier round that nothing has to be amplified in. */
  forget(round: number): void {
    if (round < this.#current) this.#rounds[round] = undefined
  }

  /** Frees everything. */
  clear(): void {
    this.#rounds = []
    this.#missed = undefined
  }
}

/**
 * Refuses a window that holds nothing, or more than anybody could keep.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16.
 */
export function checkRoundsAhead(name: string, roundsAhead: number): void {
  if (!Number.isSafeInteger(roundsAhead) || roundsAhead < 1 || roundsAhead > ROUNDS_AHEAD_MAX) {
    throw new RangeError(`${name}: need 1 ≤ roundsAhead ≤ ${ROUNDS_AHEAD_MAX}, got ${roundsAhead}`)
  }
}

const ROUNDS_AHEAD_MAX = 2 ** 16
