/**
 * The hardened round, H1 to H7: a plain stage before MAINVOTE makes it binding.
 */
import { twoFPlus1 } from '@mc/protocol'
import { ordinaryAcceptance } from '../quadratic/acceptance.js'
import { VOTE } from '../rounds/vote-record.js'
import { bothSupported, type CubicRules, finalOutcome, NEVER } from './round-rules.js'

/**
 * VOTE, MAINVOTE and FINALVOTE: the acceptance table of a quadratic round, one stage shorter.
 *
 * Correct members send MAINVOTE(v) for at most one v. Adopting v needs a correct FINALVOTE(v), hence n − f MAINVOTE(v). When the
 * first correct member leaves the MAINVOTE stage, n − 2f ≥ f + 1 correct MAINVOTEs are fixed, and with them the only value that
 * can be adopted: before any coin of the round. The argument does not use the two f + 1 support tests; they keep useless votes out.
 */
export const hardenedRound: CubicRules = {
  firstStage: VOTE,
  flips: true,
  acceptance: { ...ordinaryAcceptance, fixvote: NEVER },
  // H3: 2f + 1 PREVOTE(v): bset += v
  bsetThreshold: (_, committee) => twoFPlus1(committee),
  takesFastPath: NEVER,
  outcome: finalOutcome,
  contradicts: bothSupported,
}
