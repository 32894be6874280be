/**
 * Puts plain votes into the slots of their rounds, and names who votes against the rules.
 */
import type { Bit, Effects, PeerIndex, Round } from '@mc/protocol'
import type { Trit } from '../quadratic/messages.js'
import { hasPrevote, MAINVOTE, VOTE, type VoteRecord, voteOf } from '../quadratic/vote-record.js'
import type { RoundWindow } from '../quadratic/window.js'
import { type CubicRounds, cubicRulesOf } from './round-rules.js'

/** The stages that are voted plainly. */
export type PlainStage = typeof VOTE | typeof MAINVOTE

/** Every method says whether something new was stored, so that rules have to be looked at. */
export class PlainVotes {
  readonly #window: RoundWindow
  readonly #rules: CubicRounds
  readonly #effects: Pick<Effects<never, never>, 'fault'>

  constructor(window: RoundWindow, rules: CubicRounds, effects: Pick<Effects<never, never>, 'fault'>) {
    this.#window = window
    this.#rules = rules
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
  vote(from: PeerIndex, number: Round, stage: PlainStage, value: Trit): boolean {
    if (!this.#exists(number, stage, value)) return this.#blame(from, UNEXPECTED[stage], number)
    // Stages run in the current round only: a late vote of an earlier round serves no rule
    if (number < this.#window.current) return false
    const round = this.#window.at(number)
    if (round === undefined) {
      this.#window.noteMissed(from, number)
      return false
    }
    const outcome = round.addVote(from, stage, value)
    return outcome === 'conflict' ? this.#blame(from, CONFLICTS[stage], number) : outcome === 'added'
  }

  /** Stores all votes of a record, as if they had arrived one by one. */
  record(from: PeerIndex, number: Round, record: VoteRecord): boolean {
    let changed = false
    for (const bit of BITS) {
      if (hasPrevote(record, bit) && this.prevote(from, number, bit)) changed = true
    }
    for (const stage of STAGES) {
      const value = voteOf(record, stage)
      if (value !== undefined && this.vote(from, number, stage, value)) changed = true
    }
    return changed
  }

  // A round that begins with MAINVOTE has no VOTE, and its MAINVOTE is a bit
  #exists(number: Round, stage: PlainStage, value: Trit): boolean {
    const { firstStage } = cubicRulesOf(this.#rules, number)
    return stage > firstStage || (stage === firstStage && value !== '*')
  }

  #blame(peer: PeerIndex, rule: string, number: Round): false {
    this.#effects.fault({ rule, peer, detail: `round ${number}` })
    return false
  }
}

const BITS = [0, 1] as const
const STAGES = [VOTE, MAINVOTE] as const
const CONFLICTS = ['raba/conflicting-vote', 'raba/conflicting-mainvote'] as const
const UNEXPECTED = ['raba/unexpected-vote', 'raba/unexpected-mainvote'] as const
