/**
 * The published round, C1 to C6, and round 0 of the reproposable agreement, which is built on it.
 */
import { fPlus1, twoFPlus1 } from '@mc/protocol'
import type { Acceptance } from '../rounds/acceptance.js'
import { ADOPT } from '../rounds/outcome.js'
import { hasVoted, MAINVOTE } from '../rounds/vote-record.js'
import { bothSupported, type CubicRules, finalOutcome, inBset, NEVER } from './round-rules.js'

/** MAINVOTE(v), FINALVOTE(v): v ∈ bset. FINALVOTE(`*`): bset = {0, 1}; a MAINVOTE(`*`) is not stored in such a round. */
const publishedAcceptance: Acceptance = {
  vote: NEVER,
  mainvote: inBset,
  finalvote: inBset,
  fixvote: NEVER,
  star: round => round.inBset(0) && round.inBset(1),
}

/** MAINVOTE and FINALVOTE, as published. Not binding for f ≥ 2: a scheduler that reads coins keeps it from ending. */
export const publishedRound: CubicRules = {
  firstStage: MAINVOTE,
  flips: true,
  acceptance: publishedAcceptance,
  // C3: 2f + 1 PREVOTE(v): bset += v
  bsetThreshold: (_, committee) => twoFPlus1(committee),
  takesFastPath: NEVER,
  outcome: finalOutcome,
  contradicts: bothSupported,
}

/** Round 0 of Cubic-RABA: biased towards 1. Its coin is a constant, so it need not be binding. */
export const cubicRoundZero: CubicRules = {
  ...publishedRound,
  // R6: the coin of round 0 is the constant 1
  flips: false,
  outcome: (tally, committee) => {
    const outcome = finalOutcome(tally, committee)
    return outcome?.estimate === 'coin' ? ADOPT[1] : outcome
  },
  // R4: f + 1 PREVOTE_0(1): bset_0 += 1. Value 0 still needs 2f + 1
  bsetThreshold: (bit, committee) => (bit === 1 ? fPlus1(committee) : twoFPlus1(committee)),
  // R5: 1 ∈ bset_0 and MAINVOTE_0 not yet sent: MAINVOTE_0(1) and FINALVOTE_0(1) at once
  takesFastPath: own => !hasVoted(own, MAINVOTE),
  // Fast votes of up to f correct and f faulty members may stand against f + 1 correct FINALVOTE_0(0)
  contradicts: NEVER,
}
