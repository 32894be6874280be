/**
 * All that one member says in one round of Crain's agreement, packed into eleven bits.
 *
 * EST and EST2 are said of a value each, and of several; of AUX, CONF and AUX2 a member says one. The same form serves the slots
 * of the peers, the log of our own votes, and the reply to a peer that missed them.
 */
import type { Trit } from '../rounds/messages.js'
import { type VoteRecord, valueIndex } from '../rounds/vote-record.js'

/** What is said, in the order of a round. */
export type Kind = typeof EST | typeof AUX | typeof CONF | typeof EST2 | typeof AUX2

/** Stage one: an estimate, said and relayed. */
export const EST = 0

/** Stage one: the first value of bset. */
export const AUX = 1

/** Between the stages: the values of n − f AUX. */
export const CONF = 2

/** Stage two: what came of stage one, said and relayed; `*` for nothing definite. */
export const EST2 = 3

/** Stage two: the first value of bset2. */
export const AUX2 = 4

/** The kinds in their order. */
export const KINDS: readonly Kind[] = [EST, AUX, CONF, EST2, AUX2]

/** What can be said of each kind. */
export const VALUES: readonly (readonly Trit[])[] = [
  [0, 1],
  [0, 1],
  [0, 1, '*'],
  [0, 1, '*'],
  [0, 1, '*'],
]

const SHIFT = [0, 2, 4, 6, 9] as const
const MASK = [0b11, 0b11, 0b11, 0b111, 0b11] as const

/** Whether a kind is relayed, so that one member may say several values of it. */
export const isRelayed = (kind: Kind): boolean => kind === EST || kind === EST2

const bitsOf = (kind: Kind, value: Trit): number =>
  isRelayed(kind) ? 1 << valueIndex(value) : valueIndex(value) + 1

/** Whether `record` says `value`. */
export const says = (record: VoteRecord, kind: Kind, value: Trit): boolean => {
  const said = (record >> SHIFT[kind]) & MASK[kind]
  return isRelayed(kind) ? (said & bitsOf(kind, value)) !== 0 : said === bitsOf(kind, value)
}

/** Whether `record` says anything of a kind. */
export const saysAny = (record: VoteRecord, kind: Kind): boolean =>
  ((record >> SHIFT[kind]) & MASK[kind]) !== 0

/** The record that says this alone; combined by `|`. */
export const saying = (kind: Kind, value: Trit): VoteRecord => bitsOf(kind, value) << SHIFT[kind]

/** Whether a member can have said this: eleven bits, and no AUX of `*`. */
export const isCrainRecord = (record: VoteRecord): boolean => record < 2 ** 11 && !says(record, AUX, '*')
