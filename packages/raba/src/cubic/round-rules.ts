/**
 * What differs between the kinds of rounds; everything else is one code path. Every round ends on FINALVOTE.
 */
import type { Bit, Committee } from '@mc/protocol'
import { fPlus1, nMinusF } from '@mc/protocol'
import type { RoundRules } from '../quadratic/round-rules.js'
import type { Acceptance } from '../rounds/acceptance.js'
import { ADOPT, DECIDE, FLIP, type Outcome, type Tally } from '../rounds/outcome.js'
import type { MAINVOTE, VOTE } from '../rounds/vote-record.js'

/** The rules of one kind of round: those of a quadratic one, but for where it begins. */
export interface CubicRules extends Omit<RoundRules, 'lastStage'> {
  /** The stage that says what entered bset first. From MAINVOTE on, a round has no VOTE and its MAINVOTE is a bit. */
  readonly firstStage: typeof VOTE | typeof MAINVOTE
}

/** The rules of an agreement: of its first round, and of all others. */
export interface CubicRounds {
  readonly roundZero: CubicRules
  readonly laterRounds: CubicRules
}

/** The rules of a round. */
export const cubicRulesOf = ({ roundZero, laterRounds }: CubicRounds, round: number): CubicRules =>
  round === 0 ? roundZero : laterRounds

/**
 * C6, H7: n − f accepted FINALVOTEs. n − f of v: decide v, est := v. Else f + 1 of v: est := v. Else est := coin.
 *
 * By broadcast n − f FINALVOTE(v) leave n − 2f ≥ f + 1 of them, and at most f others, in every other n − f.
 */
export function finalOutcome({ zeros, ones, stars }: Tally, committee: Committee): Outcome | undefined {
  const enough = nMinusF(committee)
  if (ones >= enough) return DECIDE[1]
  if (zeros >= enough) return DECIDE[0]
  if (zeros + ones + stars < enough) return undefined
  return adoption({ zeros, ones }, fPlus1(committee)) ?? FLIP
}

// In round 0 of a RABA both values may have f + 1; nobody has decided then, and 1 is what the round is biased to
function adoption({ zeros, ones }: Pick<Tally, 'zeros' | 'ones'>, enough: number): Outcome | undefined {
  if (ones >= enough) return ADOPT[1]
  return zeros >= enough ? ADOPT[0] : undefined
}

/** Correct members send FINALVOTE of at most one bit, so f + 1 of both prove more than f faulty members, or a bug. */
export const bothSupported = ({ zeros, ones }: Tally, committee: Committee): boolean =>
  zeros >= fPlus1(committee) && ones >= fPlus1(committee)

/** No vote of a kind that the rounds do not have is ever accepted. */
export const NEVER = (): boolean => false

/** v ∈ bset. */
export const inBset: Acceptance['vote'] = (round, bit: Bit) => round.inBset(bit)
