/**
 * Who takes part in one protocol run, and the only three thresholds that the protocols use.
 *
 * Sizes that are not of the form 3f + 1 are legal. There n − f exceeds 2f + 1, and the two must not be mixed up:
 * wait for n − f, enter a value into a binary set or deliver a broadcast on 2f + 1.
 */
import { type PeerIndex, peer } from './ids.js'

/** Who takes part: n members, at most f of them Byzantine, n ≥ 3f + 1, seen from the member `self`. */
export interface Committee extends CommitteeSize {
  readonly f: number
  readonly self: PeerIndex
  readonly peers: readonly PeerIndex[]
}

/** What a wire codec has to know of a committee. */
export interface CommitteeSize {
  readonly n: number
}

/** What `committee` is made from; `f` is floor((n − 1) / 3) unless a smaller one is wanted. */
export interface CommitteeOptions {
  readonly n: number
  readonly f?: number
  readonly self: number
}

/**
 * A committee of n members seen from one of them.
 *
 * @throws RangeError unless n ≥ 1, 0 ≤ f, n ≥ 3f + 1 and 0 ≤ self < n.
 */
export function committee({ n, f = faultsTolerated(n), self }: CommitteeOptions): Committee {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`committee: need n ≥ 1, got n=${n}`)
  if (!Number.isSafeInteger(f) || f < 0 || n < 3 * f + 1) {
    throw new RangeError(`committee: need n ≥ 3f + 1, got n=${n} f=${f}`)
  }
  if (!Number.isSafeInteger(self) || self < 0 || self >= n) {
    throw new RangeError(`committee: need 0 ≤ self < n, got self=${self} n=${n}`)
  }
  return { n, f, self: peer(self), peers: Array.from({ length: n }, (_, index) => peer(index)) }
}

/** floor((n − 1) / 3): the most Byzantine members that n members can tolerate in full asynchrony. */
export const faultsTolerated = (n: number): number => Math.floor((n - 1) / 3)

/** f + 1: at least one of them is correct. */
export const fPlus1 = ({ f }: Pick<Committee, 'f'>): number => f + 1

/** 2f + 1: at least f + 1 of them are correct, so amplification brings everybody here. */
export const twoFPlus1 = ({ f }: Pick<Committee, 'f'>): number => 2 * f + 1

/** n − f: as many as one can wait for, since f may stay silent. Two such sets share n − 2f ≥ f + 1 members, hence a correct one. */
export const nMinusF = ({ n, f }: Pick<Committee, 'n' | 'f'>): number => n - f
