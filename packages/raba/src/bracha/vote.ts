/**
 * What a vote of Bracha's agreement says, and in which of the three steps of a round.
 */
import type { Bit } from '@mc/protocol'

/** The steps of a round, counted from 1 as in the paper. */
export type Step = 1 | 2 | 3

/** The steps in their order. */
export const STEPS: readonly Step[] = [1, 2, 3]

/** v is v; `D0` and `D1` are (D, v): more than n/2 members voted v in step 2. Only step 3 has them. */
export type BrachaVote = Bit | 'D0' | 'D1'

/** All votes, each at its byte. */
export const VOTES: readonly BrachaVote[] = [0, 1, 'D0', 'D1']

/** (D, v). */
export const marked = (bit: Bit): BrachaVote => (bit === 0 ? 'D0' : 'D1')

/** The byte that carries a vote. */
export const byteOf = (vote: BrachaVote): number => (vote === 'D0' ? 2 : vote === 'D1' ? 3 : vote)

/** The vote that a byte carries in a step, if it carries one. */
export const voteOf = (byte: number | undefined, step: Step): BrachaVote | undefined =>
  byte === undefined || (step !== 3 && byte > 1) ? undefined : VOTES[byte]
