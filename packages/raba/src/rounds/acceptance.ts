/**
 * When a stored vote counts.
 *
 * Predicates are pure functions of one member's view of the round that only turn from false to true. A vote that is not
 * acceptable yet stays in its slot; it is neither dropped nor queued again.
 */
import type { Bit, Committee } from '@mc/protocol'
import type { VotingRound } from './voting-round.js'

/** Whether votes of `bit` are accepted in a round. */
export type AcceptancePredicate = (round: VotingRound, bit: Bit, committee: Committee) => boolean

/** The acceptance table: one line per kind of vote; `star` is MAINVOTE(`*`), FINALVOTE(`*`) and FIXVOTE(`*`). */
export interface Acceptance {
  readonly vote: AcceptancePredicate
  readonly mainvote: AcceptancePredicate
  readonly finalvote: AcceptancePredicate
  readonly fixvote: AcceptancePredicate
  readonly star: (round: VotingRound) => boolean
}
