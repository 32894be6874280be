/**
 * When a delivered vote is VALID: when it is what a correct member could have voted on some n − f valid votes of the step before.
 *
 * Predicates read counters of valid votes alone, and only turn from false to true. A vote that is not valid yet stays in its slot.
 */
import { type Bit, type Committee, fPlus1, nMinusF } from '@mc/protocol'
import { type BrachaVote, marked, type Step } from './vote.js'

/** How many valid votes of each kind a step has. */
export type CountOf = (step: Step, vote: BrachaVote) => number

/** The table of validity: one line per kind of vote. `count` reads the same round; `before` reads the round before it. */
export interface Validity {
  /** Step 1 of round r + 1, value v. */
  readonly estimate: (before: CountOf, bit: Bit, committee: Committee) => boolean
  /** Step 2, value v. */
  readonly majority: (count: CountOf, bit: Bit, committee: Committee) => boolean
  /** Step 3, (D, v). */
  readonly marked: (count: CountOf, bit: Bit, committee: Committee) => boolean
  /** Step 3, plain v, from a sender whose valid step-2 vote is v. */
  readonly plain: (count: CountOf, committee: Committee) => boolean
}

/** The table that makes a round binding: (D, 0) and (D, 1) cannot both be valid. */
export const validity: Validity = {
  // step 1 of round r + 1, v: f + 1 valid (D, v) in r, or some n − f valid step-3 votes of r have at most f of each (D, ·),
  // so that the coin allows any bit
  estimate: (before, bit, committee) => {
    const { f } = committee
    if (before(3, marked(bit)) >= fPlus1(committee)) return true
    const unsure = before(3, 0) + before(3, 1) + Math.min(before(3, 'D0'), f) + Math.min(before(3, 'D1'), f)
    return unsure >= nMinusF(committee)
  },
  // step 2, v: some n − f valid step-1 votes have majority v; a tie gives 0
  majority: (count, bit, committee) => {
    const enough = nMinusF(committee)
    const half = bit === 0 ? Math.ceil(enough / 2) : Math.floor(enough / 2) + 1
    return total(count, 1) >= enough && count(1, bit) >= half
  },
  // step 3, (D, v): n − f valid step-2 votes, more than n/2 of them for v
  marked: (count, bit, committee) =>
    total(count, 2) >= nMinusF(committee) && isMoreThanHalf(count(2, bit), committee),
  // step 3, plain v: some n − f valid step-2 votes have no value with more than n/2
  plain: (count, committee) => {
    const half = Math.floor(committee.n / 2)
    return Math.min(count(2, 0), half) + Math.min(count(2, 1), half) >= nMinusF(committee)
  },
}

/** More than n/2, so that two values cannot both have it. */
export const isMoreThanHalf = (votes: number, { n }: Committee): boolean => 2 * votes > n

/** All valid votes of a step. */
export const total = (count: CountOf, step: Step): number =>
  count(step, 0) + count(step, 1) + count(step, 'D0') + count(step, 'D1')

/** The round before round 0: as if all coins had been flipped in it, so that any bit is valid. */
export const BEFORE_ROUND_0: CountOf = (step, vote) =>
  step === 3 && vote === 0 ? Number.MAX_SAFE_INTEGER : 0
