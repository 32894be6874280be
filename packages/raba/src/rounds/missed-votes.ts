/**
 * Which rounds of which peers were beyond the window when their votes came.
 */
import type { PeerIndex, Round } from '@mc/protocol'

/** A range of rounds, both ends included. */
export interface RoundRange {
  readonly fromRound: Round
  readonly toRound: Round
}

/** One range per peer, from the first to the last round that was missed: 8 bytes a peer, whatever it sends. */
export class MissedVotes {
  readonly #from: Uint32Array
  readonly #to: Uint32Array
  #missing = 0
  #count = 0

  /** Nothing missed, among n members. */
  constructor(n: number) {
    this.#from = new Uint32Array(n).fill(NOTHING)
    this.#to = new Uint32Array(n)
  }

  /** How many votes were missed. */
  get count(): number {
    return this.#count
  }

  /** Notes that a vote of this peer for this round was not stored. */
  note(peer: PeerIndex, round: number): void {
    this.#count += 1
    if (this.#from[peer] === NOTHING) {
      this.#missing += 1
      this.#to[peer] = round
    }
    this.#from[peer] = Math.min(this.#from[peer] as number, round)
    this.#to[peer] = Math.max(this.#to[peer] as number, round)
  }

  /**
   * Takes the ranges that are due, per peer, for a window from `current` to `current + roundsAhead`: when all of a range lies
   * within the window, and at the latest when its first round is half a window away. Each missed round is asked for once.
   */
  takeDue(current: number, roundsAhead: number, ask: (peer: PeerIndex, range: RoundRange) => void): void {
    if (this.#missing === 0) return
    const edge = current + roundsAhead
    const soon = current + (roundsAhead >> 1)
    for (let peer = 0; peer < this.#from.length; peer += 1) {
      const from = this.#from[peer] as number
      const last = this.#to[peer] as number
      if (from > soon && (from === NOTHING || last > edge)) continue
      const to = Math.min(last, edge)
      this.#from[peer] = to < last ? to + 1 : NOTHING
      if (to === last) this.#missing -= 1
      ask(peer as PeerIndex, { fromRound: from as Round, toRound: to as Round })
    }
  }
}

const NOTHING = 0xffffffff
