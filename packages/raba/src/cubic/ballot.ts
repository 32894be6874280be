/**
 * Which plain votes a cubic round has. A round that begins with MAINVOTE has no VOTE, and its MAINVOTE is a bit.
 */
import { MAINVOTE, VOTE } from '../rounds/vote-record.js'
import type { Ballot } from '../rounds/vote-slots.js'
import { type CubicRounds, cubicRulesOf } from './round-rules.js'

const UNEXPECTED = ['raba/unexpected-vote', 'raba/unexpected-mainvote'] as const

/** The ballot of an agreement with these rounds. FINALVOTEs come by broadcast alone. */
export const cubicBallot = (rounds: CubicRounds): Ballot => ({
  stages: [VOTE, MAINVOTE],
  conflicts: ['raba/conflicting-vote', 'raba/conflicting-mainvote'],
  unexpected: (round, stage, value) => {
    const { firstStage } = cubicRulesOf(rounds, round)
    const exists = stage > firstStage || (stage === firstStage && value !== '*')
    return exists ? undefined : UNEXPECTED[stage as typeof VOTE | typeof MAINVOTE]
  },
})
