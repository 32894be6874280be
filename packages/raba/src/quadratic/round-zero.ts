/**
 * Round 0 of the reproposable agreement: four phases, biased towards 1, the coin is the constant 1.
 */
import { fPlus1, nMinusF, twoFPlus1 } from '@mc/protocol'
import { ADOPT, DECIDE } from '../rounds/outcome.js'
import { FINALVOTE, hasVoted, VOTE } from '../rounds/vote-record.js'
import { roundZeroAcceptance } from './acceptance.js'
import type { RoundRules } from './round-rules.js'

/** Rule set S2, the default. */
export const roundZeroS2: RoundRules = {
  lastStage: FINALVOTE,
  flips: false,
  acceptance: roundZeroAcceptance,
  // R4: f + 1 PREVOTE_0(1): bset_0 += 1. Value 0 still needs 2f + 1
  bsetThreshold: (bit, committee) => (bit === 1 ? fPlus1(committee) : twoFPlus1(committee)),
  // R5: if 1 ∈ bset_0 and VOTE_0 is not yet sent: broadcast VOTE_0(1), MAINVOTE_0(1), FINALVOTE_0(1) together
  takesFastPath: own => !hasVoted(own, VOTE),
  // R7: n − f ones: decide 1. n − f zeros: decide 0. Then est_1 := 0 if any accepted FINALVOTE_0(0), else 1
  outcome: ({ zeros, ones, stars }, committee) => {
    const enough = nMinusF(committee)
    if (ones >= enough) return DECIDE[1]
    if (zeros >= enough) return DECIDE[0]
    if (zeros + ones + stars < enough) return undefined
    return zeros > 0 ? ADOPT[0] : ADOPT[1]
  },
  // assert: never ≥ n − f accepted ones together with an accepted 0; a few ones together with zeros are legal
  contradicts: ({ zeros, ones }, committee) => ones >= nMinusF(committee) && zeros > 0,
}

/** Rule set S1, the fallback: round 0 never decides 0. Trivially safe, but a decision for 0 costs two rounds. */
export const roundZeroS1: RoundRules = {
  ...roundZeroS2,
  // n − f ones: decide 1. Otherwise no decision; est_1 := 1 if any accepted FINALVOTE_0(1), else 0 if any accepted 0, else 1
  outcome: ({ zeros, ones, stars }, committee) => {
    if (ones >= nMinusF(committee)) return DECIDE[1]
    if (zeros + ones + stars < nMinusF(committee)) return undefined
    return ones === 0 && zeros > 0 ? ADOPT[0] : ADOPT[1]
  },
}
