/**
 * What a member takes from stage one into stage two.
 */
import { type Committee, nMinusF } from '@mc/protocol'
import type { Trit } from '../rounds/messages.js'
import type { VoteRecord } from '../rounds/vote-record.js'
import { AUX, CONF } from './record.js'
import type { CrainRound } from './round.js'

/** The rules that differ between forms of this agreement; everything else is one code path. */
export interface CrainRules {
  /** The last votes before stage two. */
  readonly lastOfStageOne: typeof AUX | typeof CONF
  /** x, once those votes are complete: a bit, or `*`; undefined: wait. */
  view(round: CrainRound, own: VoteRecord, committee: Committee): Trit | undefined
}

/**
 * CONF between the stages, and x from the CONF messages alone.
 *
 * x = v needs n − f CONF({v}). When the first correct member enters stage two, n − 2f ≥ f + 1 correct CONF are fixed: if one of
 * them is {v}, no correct member can hold another bit; if none is, no correct member can hold a bit at all. So the one bit that
 * stage two can carry is fixed before any coin of the round is asked for.
 */
export const bindingStages: CrainRules = {
  lastOfStageOne: CONF,
  // E6: n − f accepted CONF (S ⊆ bset): x := v if n − f of them are {v}, else *
  view: (round, _, committee) => round.verdict(CONF, nMinusF(committee)),
}

/**
 * The two stages alone. Not binding: who knows the coin of the first member that asks can still choose what a late one carries
 * into stage two. For comparison only.
 */
export const plainStages: CrainRules = {
  lastOfStageOne: AUX,
  view: (round, _, committee) => round.verdict(AUX, nMinusF(committee)),
}
