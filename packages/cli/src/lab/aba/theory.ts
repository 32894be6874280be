/**
 * What a good case costs, by formula: all propose the same bit, nobody is faulty, every message takes equally long, and a common
 * coin gives the bit at once.
 *
 * One unit is what all members broadcast together: n · (n − 1) messages. Each formula is the sum of the words that its rules say,
 * so it counts to the last message before everybody has halted, not only to the decision.
 */
import type { Bit } from '@mc/protocol'

/** The good case of one variant. */
export interface GoodCase {
  readonly steps: number
  /** Broadcasts of each member, from the proposal to the halt. */
  readonly broadcasts: (size: Size) => number
  readonly because: string
}

interface Size {
  readonly n: number
  readonly f: number
}

/** A reliable broadcast of Bracha: one SEND, and of everybody an ECHO and a READY; n of them, one per member. */
const voteBroadcasts = ({ n }: Size): number => 1 + 2 * n

/**
 * Who has decided enters one more round. It says the first word there, and the second one, too, if 2f + 1 first words come before
 * n − f TERM: the last TERM that counts comes before its sender's first word, so n − f − 1 have come, own included.
 */
const nextRound = ({ n, f }: Size): number => (n - f - 1 >= 2 * f + 1 ? 2 : 1)

const TERM = 1

const plain = (steps: number, words: number, said: string): GoodCase => ({
  steps,
  broadcasts: size => words + TERM + nextRound(size),
  because: `${said}, TERM, and of the next round one word, two if n > 3f + 1`,
})

const withFinals = (steps: number, words: number, said: string): GoodCase => ({
  steps,
  broadcasts: size => words + voteBroadcasts(size) + TERM + nextRound(size),
  because: `${said}, FINALVOTE by broadcast (1 + 2n), TERM, and of the next round one word, two if n > 3f + 1`,
})

const QUADRATIC_ABA = plain(5, 5, 'PREVOTE, VOTE, MAINVOTE, FINALVOTE, FIXVOTE')
const QUADRATIC_ABA_4 = plain(4, 4, 'PREVOTE, VOTE, MAINVOTE, FINALVOTE')
const CUBIC_ABA = withFinals(6, 3, 'PREVOTE, VOTE, MAINVOTE')
const CUBIC_ABA_2 = withFinals(5, 2, 'PREVOTE, MAINVOTE')
const CRAIN = plain(5, 5, 'EST, AUX, CONF, EST2, AUX2; no share')
const CRAIN_4 = plain(4, 4, 'EST, AUX, EST2, AUX2; no share')
const COBALT = plain(4, 4, 'BVAL, AUX, CONF, share')
const MMR = plain(3, 3, 'BVAL, AUX, share')
const FAST = plain(1, 1, 'FAST')

/** Three broadcasts in a row; then TERM, the SEND of the next round, and an ECHO for each SEND that comes before n − f TERM. */
const BRACHA: GoodCase = {
  steps: 9,
  broadcasts: size => 3 * voteBroadcasts(size) + TERM + 1 + (size.n - size.f - 1),
  because: 'three broadcasts (1 + 2n each), TERM, and of the next round a SEND and n − f − 1 ECHO',
}

const GOOD_CASES: Readonly<Record<string, readonly [all0: GoodCase, all1: GoodCase]>> = {
  'raba/quadratic': [QUADRATIC_ABA_4, FAST],
  'raba/quadratic-s1': [plain(9, 9, 'four words of round 0, five of round 1'), FAST],
  'raba/cubic': [CUBIC_ABA_2, { ...CUBIC_ABA_2, steps: 3 }],
  'raba/pace-cobalt': [plain(7, 7, 'BVAL, AUX, CONF, then BVAL, AUX, CONF, share'), FAST],
  'aba/quadratic': [QUADRATIC_ABA, QUADRATIC_ABA],
  'aba/quadratic-4': [QUADRATIC_ABA_4, QUADRATIC_ABA_4],
  'aba/cubic': [CUBIC_ABA, CUBIC_ABA],
  'aba/cubic-2': [CUBIC_ABA_2, CUBIC_ABA_2],
  'aba/bracha': [BRACHA, BRACHA],
  'aba/crain': [CRAIN, CRAIN],
  'aba/crain-4': [CRAIN_4, CRAIN_4],
  'aba/cobalt': [COBALT, COBALT],
  'aba/crusader': [COBALT, COBALT],
  'aba/mmr': [MMR, MMR],
}

/** What all members together send in the good case, and how long the longest chain to a decision is. */
export interface GoodCaseCost {
  readonly steps: number
  readonly messages: number
  readonly because: string
}

/** The good case of a variant; undefined where there is no formula, as for a stranger's. */
export function goodCase(variant: string, bit: Bit, size: Size): GoodCaseCost | undefined {
  const found = GOOD_CASES[variant]?.[bit]
  if (found === undefined) return undefined
  const { steps, broadcasts, because } = found
  return { steps, messages: size.n * (size.n - 1) * broadcasts(size), because }
}
