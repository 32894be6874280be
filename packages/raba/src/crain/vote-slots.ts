/**
 * Puts the votes of Crain's agreement into the slots of their rounds, and names who votes against the rules.
 */
import { type Effects, opposite, type PeerIndex, type Round } from '@mc/protocol'
import type { Trit } from '../rounds/messages.js'
import type { VoteRecord } from '../rounds/vote-record.js'
import type { RoundWindow } from '../rounds/window.js'
import { AUX, CONF, EST2, isRelayed, KINDS, type Kind, says, VALUES } from './record.js'
import type { CrainRound } from './round.js'
import type { CrainRules } from './rules.js'

/** Every method says whether something new was stored, so that rules have to be looked at. */
export class CrainSlots {
  readonly #window: RoundWindow<CrainRound>
  readonly #rules: CrainRules
  readonly #effects: Pick<Effects<never, never>, 'fault'>

  constructor(
    window: RoundWindow<CrainRound>,
    rules: CrainRules,
    effects: Pick<Effects<never, never>, 'fault'>,
  ) {
    this.#window = window
    this.#rules = rules
    this.#effects = effects
  }

  /** Stores a vote; what a correct peer does not say is its sender's fault. */
  vote(from: PeerIndex, number: Round, kind: Kind, value: Trit): boolean {
    if (kind === CONF && this.#rules.lastOfStageOne === AUX) {
      return this.#blame(from, 'raba/unexpected-conf', number)
    }
    // What is not relayed serves the current round only: a late vote of an earlier one serves no rule
    if (number < this.#window.current && !isRelayed(kind)) return false
    const round = this.#window.at(number)
    if (round === undefined) {
      this.#window.noteMissed(from, number)
      return false
    }
    const outcome = round.add(from, kind, value)
    if (outcome === 'conflict') return this.#blame(from, CONFLICTS[kind] as string, number)
    if (outcome === 'added' && kind === EST2) this.#checkEst2(from, number, value, round)
    return outcome === 'added'
  }

  /** Stores all votes of a record, as if they had arrived one by one. */
  record(from: PeerIndex, number: Round, record: VoteRecord): boolean {
    let changed = false
    for (const kind of KINDS) {
      for (const value of VALUES[kind] as readonly Trit[]) {
        if (says(record, kind, value) && this.vote(from, number, kind, value)) changed = true
      }
    }
    return changed
  }

  // No two correct members bring different bits into stage two. A peer that says both is faulty, but at most f such peers exist,
  // so both count
  #checkEst2(from: PeerIndex, number: Round, value: Trit, round: CrainRound): void {
    if (value === '*' || !round.hasSaid(from, EST2, opposite(value))) return
    this.#blame(from, 'raba/conflicting-est2', number)
  }

  #blame(peer: PeerIndex, rule: string, number: Round): false {
    this.#effects.fault({ rule, peer, detail: `round ${number}` })
    return false
  }
}

/** By kind; EST and EST2 may be said of several values. */
const CONFLICTS = [
  undefined,
  'raba/conflicting-aux',
  'raba/conflicting-conf',
  undefined,
  'raba/conflicting-aux2',
] as const
