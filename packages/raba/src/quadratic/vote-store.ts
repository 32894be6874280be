/**
 * Puts votes into the slots of their rounds, and names who votes against the rules.
 */
import type { Bit, Effects, PeerIndex, Round } from '@mc/protocol'
import type { Trit } from './messages.js'
import type { RoundRules } from './round-rules.js'
import { rulesOf } from './setup.js'
import { hasPrevote, STAGES, type Stage, type VoteRecord, voteOf } from './vote-record.js'
import type { RoundWindow } from './window.js'

/** Every method says whether something new was stored, so that rules have to be looked at. */
export class VoteStore {
  readonly #window: RoundWindow
  readonly #rules: { readonly roundZero: RoundRules; readonly laterRounds: RoundRules }
  readonly #effects: Pick<Effects<never, never>, 'fault'>

  constructor(
    window: RoundWindow,
    rules: { readonly roundZero: RoundRules; readonly laterRounds: RoundRules },
    effects: Pick<Effects<never, never>, 'fault'>,
  ) {
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
  vote(from: PeerIndex, number: Round, stage: Stage, value: Trit): boolean {
    if (stage > rulesOf(this.#rules, number).lastStage) {
      return this.#blame(from, 'raba/unexpected-fixvote', number)
    }
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

  #blame(peer: PeerIndex, rule: string, number: Round): false {
    this.#effects.fault({ rule, peer, detail: `round ${number}` })
    return false
  }
}

const BITS = [0, 1] as const

const CONFLICTS = [
  'raba/conflicting-vote',
  'raba/conflicting-mainvote',
  'raba/conflicting-finalvote',
  'raba/conflicting-fixvote',
] as const
