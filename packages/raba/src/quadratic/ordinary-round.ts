/**
 * Ordinary rounds: all rounds of the binary agreement, rounds ≥ 1 of the reproposable one.
 */
import { twoFPlus1 } from '@mc/protocol'
import { gradedOutcome } from '../rounds/outcome.js'
import { FINALVOTE, FIXVOTE } from '../rounds/vote-record.js'
import { ordinaryAcceptance } from './acceptance.js'
import type { RoundRules } from './round-rules.js'

/**
 * Five phases: a graded binding crusader agreement.
 *
 * When the first correct member leaves the FINALVOTE stage, n − 2f ≥ f + 1 correct MAINVOTEs are fixed: if one of them is v, only v
 * can reach n − f, and if all are `*`, no value can. So the adoptable value is fixed before any coin of the round exists, and
 * with local coins each round ends the agreement with probability ≥ 2^−(n − f).
 */
export const bindingRound: RoundRules = {
  lastStage: FIXVOTE,
  flips: true,
  acceptance: ordinaryAcceptance,
  // Q3: 2f + 1 PREVOTE(v): bset += v
  bsetThreshold: (_, committee) => twoFPlus1(committee),
  takesFastPath: () => false,
  // Q7: n − f accepted L-votes. All v: decide v, est := v. Some accepted v: est := v. Only *: est := coin
  outcome: gradedOutcome,
  // assert: never an accepted last-stage 0 together with an accepted last-stage 1
  contradicts: ({ zeros, ones }) => zeros > 0 && ones > 0,
}

/** Four phases, as published: ends on FINALVOTE and is not binding. For comparison only. */
export const fourPhaseRound: RoundRules = { ...bindingRound, lastStage: FINALVOTE }
