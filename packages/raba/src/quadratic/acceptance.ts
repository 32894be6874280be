/**
 * When a stored vote of a quadratic agreement counts.
 */
import { fPlus1 } from '@mc/protocol'
import type { Acceptance, AcceptancePredicate } from '../rounds/acceptance.js'
import { FINALVOTE, MAINVOTE, VOTE } from '../rounds/vote-record.js'

/**
 * The table of an ordinary round.
 *
 * Accepting FIXVOTE(v) needs f + 1 accepted FINALVOTE(v), hence a correct one, hence n − f MAINVOTE(v): so the value that can
 * still be adopted is fixed before any coin of the round exists. Weakened to v ∈ bset, a scheduler that reads the coins keeps
 * the agreement from ending for ever.
 */
export const ordinaryAcceptance: Acceptance = {
  // VOTE(v): v ∈ bset
  vote: (round, bit) => round.inBset(bit),
  // MAINVOTE(v): v ∈ bset and ≥ f + 1 accepted VOTE(v)
  mainvote: (round, bit, committee) => round.inBset(bit) && round.accepted(VOTE, bit) >= fPlus1(committee),
  // FINALVOTE(v): v ∈ bset and ≥ f + 1 accepted MAINVOTE(v)
  finalvote: (round, bit, committee) =>
    round.inBset(bit) && round.accepted(MAINVOTE, bit) >= fPlus1(committee),
  // FIXVOTE(v): v ∈ bset and ≥ f + 1 accepted FINALVOTE(v)
  fixvote: (round, bit, committee) =>
    round.inBset(bit) && round.accepted(FINALVOTE, bit) >= fPlus1(committee),
  // MAINVOTE(*), FINALVOTE(*), FIXVOTE(*): bset = {0, 1}
  star: round => round.inBset(0) && round.inBset(1),
}

/**
 * The table of round 0 of a reproposable agreement (R6): every vote for 1 is accepted on 1 ∈ bset alone, without f + 1 support,
 * so that the fast votes of a lone proposer of 1 count. Votes for 0 and `*` as in an ordinary round.
 */
export const roundZeroAcceptance: Acceptance = {
  vote: ordinaryAcceptance.vote,
  mainvote: forOneOnBset(ordinaryAcceptance.mainvote),
  finalvote: forOneOnBset(ordinaryAcceptance.finalvote),
  fixvote: () => false,
  star: ordinaryAcceptance.star,
}

function forOneOnBset(forZero: AcceptancePredicate): AcceptancePredicate {
  return (round, bit, committee) => (bit === 1 ? round.inBset(1) : forZero(round, bit, committee))
}
