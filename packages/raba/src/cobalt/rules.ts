/**
 * Which votes fix the set U that a round holds against its coin.
 */
import { type Committee, fPlus1, nMinusF } from '@mc/protocol'
import type { Acceptance } from '../rounds/acceptance.js'
import type { Trit } from '../rounds/messages.js'
import type { VoteRecord } from '../rounds/vote-record.js'
import type { VotingRound } from '../rounds/voting-round.js'
import { AUX, CONF, type CobaltStage, cobaltAcceptance } from './stages.js'

/** The rules that differ between agreements over a common coin; everything else is one code path. */
export interface CobaltRules {
  /** The stage after which a member asks for the coin. */
  readonly lastStage: CobaltStage
  readonly acceptance: Acceptance
  /** S, once it can be told; undefined: wait. */
  confirm(round: VotingRound, committee: Committee): Trit | undefined
  /** U when the last stage is complete: a bit for {0} or {1}, `*` for {0, 1}; undefined: wait. */
  union(round: VotingRound, own: VoteRecord, committee: Committee): Trit | undefined
  /** Whether the accepted votes of a round with a coin prove more than f faulty members, or a bug. */
  contradicts(round: VotingRound, committee: Committee): boolean
}

/**
 * Rules 5 and 6: CONF before the coin, and U from the CONF messages alone.
 *
 * Two sets of n − f AUX share a correct member, so no two correct members hold CONF({0}) and CONF({1}). When the first correct
 * member asks for the coin, n − 2f ≥ f + 1 correct CONF are fixed, and with them the only v that can still be unanimous.
 */
export const cobaltRules: CobaltRules = {
  lastStage: CONF,
  acceptance: cobaltAcceptance,
  // 5: n − f accepted AUX (v ∈ bset): S := {v} if n − f equal v, else {0, 1}
  confirm: (round, committee) => round.verdict(AUX, nMinusF(committee)),
  // 6: n − f accepted CONF (S ⊆ bset): U := {v} iff n − f CONF messages are {v}, else {0, 1}
  union: (round, _, committee) => round.verdict(CONF, nMinusF(committee)),
  // assert: never f + 1 CONF({0}) together with f + 1 CONF({1}), as a correct member sent one of each
  contradicts: (round, committee) =>
    round.accepted(CONF, 0) >= fPlus1(committee) && round.accepted(CONF, 1) >= fPlus1(committee),
}
