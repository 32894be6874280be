/**
 * Which votes a quadratic round has: all four stages, or three.
 */
import { STAGES } from '../rounds/vote-record.js'
import type { Ballot } from '../rounds/vote-slots.js'
import { type QuadraticRounds, rulesOf } from './round-rules.js'

/** The ballot of an agreement with these rounds. */
export const quadraticBallot = (rounds: QuadraticRounds): Ballot => ({
  stages: STAGES,
  conflicts: [
    'raba/conflicting-vote',
    'raba/conflicting-mainvote',
    'raba/conflicting-finalvote',
    'raba/conflicting-fixvote',
  ],
  unexpected: (round, stage) =>
    stage > rulesOf(rounds, round).lastStage ? 'raba/unexpected-fixvote' : undefined,
})
