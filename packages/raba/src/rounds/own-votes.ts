/**
 * The log of what this member itself has voted, kept until it halts: two bytes a round.
 */
import type { Bit, Effects } from '@mc/protocol'
import type { SyncReply, Trit } from './messages.js'
import type { Memory } from './participation.js'
import {
  hasPrevote,
  hasVoted,
  NO_VOTES,
  type Stage,
  type VoteRecord,
  withPrevote,
  withVote,
} from './vote-record.js'

/** A rule fires once because its vote is written here before it is sent; peers that missed votes are answered from here. */
export class OwnVotes {
  #records = new Uint16Array(4)
  #rounds = 0

  /** How many rounds have a record; the rounds 0..rounds − 1. */
  get rounds(): number {
    return this.#rounds
  }

  /** What was voted in a round. */
  of(round: number): VoteRecord {
    return this.#records[round] ?? NO_VOTES
  }

  /** Whether both values were pre-voted, so that amplification has nothing left to do in that round. */
  prevotedBoth(round: number): boolean {
    return hasPrevote(this.of(round), 0) && hasPrevote(this.of(round), 1)
  }

  /** Notes PREVOTE(bit); false if it was sent before. */
  addPrevote(round: number, bit: Bit): boolean {
    const record = this.of(round)
    if (hasPrevote(record, bit)) return false
    this.add(round, withPrevote(record, bit))
    return true
  }

  /** Notes a vote of a stage; false if that stage has a vote. */
  addVote(round: number, stage: Stage, value: Trit): boolean {
    const record = this.of(round)
    if (hasVoted(record, stage)) return false
    this.add(round, withVote(record, stage, value))
    return true
  }

  /** Notes several votes at once. */
  add(round: number, votes: VoteRecord): void {
    this.#reserve(round)
    this.#records[round]! |= votes
    if (round >= this.#rounds) this.#rounds = round + 1
  }

  /** The records of the rounds from..to, both included. */
  slice(from: number, to: number): readonly VoteRecord[] {
    return Array.from(this.#records.subarray(from, to + 1))
  }

  /** Tells peers that missed them of these votes, in a reply. */
  memory(effects: Pick<Effects<SyncReply, never>, 'send'>): Memory {
    return {
      rounds: () => this.#rounds,
      tell: (peer, { fromRound, toRound }) =>
        effects.send(peer, { type: 'sync-rep', fromRound, records: this.slice(fromRound, toRound) }),
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#records = new Uint16Array(0)
    this.#rounds = 0
  }

  #reserve(round: number): void {
    if (round < this.#records.length) return
    const grown = new Uint16Array(Math.max(round + 1, 2 * this.#records.length))
    grown.set(this.#records)
    this.#records = grown
  }
}
