/**
 * Puts votes into the slots of their rounds, and names who votes against the rules.
 */
import type { Bit, Effects, PeerIndex, Round } from '@mc/protocol'
import type { Trit } from './messages.js'
import { hasPrevote, type Stage, type VoteRecord, voteOf } from './vote-record.js'
import type { VotingRound } from './voting-round.js'
import type { RoundWindow } from './window.js'

/** Which votes a round has, and what it is called to vote otherwise. */
export interface Ballot {
  /** The stages that are voted plainly, in their order. */
  readonly stages: readonly Stage[]
  /** What a peer did that said two values in a stage, by stage. */
  readonly conflicts: readonly string[]
  /** What a peer did that said a vote which its round does not have; undefined: the round has it. */
  unexpected(round: number, stage: Stage, value: Trit): string | undefined
}

/** Every method says whether something new was stored, so that rules have to be looked at. */
export class VoteSlots {
  readonly #window: RoundWindow<VotingRound>
  readonly #ballot: Ballot
  readonly #effects: Pick<Effects<never, never>, 'fault'>

  constructor(
    window: RoundWindow<VotingRound>,
    ballot: Ballot,
    effects: Pick<Effects<never, never>, 'fault'>,
  ) {
    this.#window = window
    this.#ballot = ballot
    this.#effects = effects
  }

  /** Stores PREVOTE(bit): one slot per peer and value. */
  prevote(from: PeerIndex, number: Round, bit: Bit): boolean {
    const round = this.#window.at(number)
    if (round !== undefined) return round.addPrevote(from, bit)
    this.#window.noteMissed(from, number)
    return false
  }

  /** Stores the first vote of a peer in a stage; a different later one is its fault. */
  vote(from: PeerIndex, number: Round, stage: Stage, value: Trit): boolean {
    const unexpected = this.#ballot.unexpected(number, stage, value)
    if (unexpected !== undefined) return this.#blame(from, unexpected, number)
    // Stages run in the current round only: a late vote of an earlier round serves no rule
    if (number < this.#window.current) return false
    const round = this.#window.at(number)
    if (round === undefined) {
      this.#window.noteMissed(from, number)
      return false
    }
    const outcome = round.addVote(from, stage, value)
    if (outcome === 'conflict') return this.#blame(from, this.#ballot.conflicts[stage] as string, number)
    return outcome === 'added'
  }

  /** Stores all votes of a record, as if they had arrived one by one. */
  record(from: PeerIndex, number: Round, record: VoteRecord): boolean {
    let changed = false
    for (const bit of BITS) {
      if (hasPrevote(record, bit) && this.prevote(from, number, bit)) changed = true
    }
    for (const stage of this.#ballot.stages) {
      const value = voteOf(record, stage)
      if (value !== undefined && this.vote(from, number, stage, value)) changed = true
    }
    return changed
  }

  #blame(peer: PeerIndex, rule: string, number: Round): false {
    this.#effects.fault({ rule, peer, detail: `round ${number}` })
    return false
  }
}

const BITS = [0, 1] as const
