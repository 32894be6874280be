/**
 * Puts votes into the slots of their rounds, and names who votes against the rules.
 */
import type { Bit, Effects, PeerIndex, Round } from '@mc/protocol'
import type { Trit } from '../quadratic/messages.js'
import { hasPrevote, type VoteRecord, voteOf } from '../quadratic/vote-record.js'
import type { RoundWindow } from '../quadratic/window.js'
import { COBALT_STAGES, type CobaltStage } from './stages.js'

/** Every method says whether something new was stored, so that rules have to be looked at. */
export class VoteSlots {
  readonly #window: RoundWindow
  readonly #lastStage: CobaltStage
  readonly #effects: Pick<Effects<never, never>, 'fault'>

  constructor(window: RoundWindow, lastStage: CobaltStage, effects: Pick<Effects<never, never>, 'fault'>) {
    this.#window = window
    this.#lastStage = lastStage
    this.#effects = effects
  }

  /** Stores BVAL(bit): one slot per peer and value. */
  bval(from: PeerIndex, number: Round, bit: Bit): boolean {
    const round = this.#window.at(number)
    if (round !== undefined) return round.addPrevote(from, bit)
    this.#window.noteMissed(from, number)
    return false
  }

  /** Stores the first vote of a peer in a stage; a different later one is its fault. */
  vote(from: PeerIndex, number: Round, stage: CobaltStage, value: Trit): boolean {
    if (stage > this.#lastStage) return this.#blame(from, 'raba/unexpected-conf', number)
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
      if (hasPrevote(record, bit) && this.bval(from, number, bit)) changed = true
    }
    for (const stage of COBALT_STAGES) {
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

const CONFLICTS = ['raba/conflicting-aux', 'raba/conflicting-conf'] as const
