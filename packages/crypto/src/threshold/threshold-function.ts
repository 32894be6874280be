/**
 * A function whose key is shared: any `threshold` members can compute it together, fewer cannot.
 */

import type { KeyOrigin } from './key-set.js'

/** A member's part in one value, as it came from the network. */
export interface ValueShare {
  readonly member: number
  readonly share: Uint8Array
  /** Whether `combine` or `verifyShare` has found it valid before; it is not verified again. */
  readonly verified: boolean
}

/** What shares came to: the value, or the members whose shares are not valid. The others' are. */
export type Combination =
  | { readonly type: 'value'; readonly value: Uint8Array }
  | { readonly type: 'bad-shares'; readonly members: readonly number[] }

/**
 * One shared key seen as a function from inputs to values.
 *
 * Guarantees, as far as the assumption of the scheme holds: the value is a function of key and input alone, whichever valid
 * shares it is made from; without `threshold` shares it cannot be told from 32 random bytes. Everything that takes foreign
 * bytes is total.
 */
export interface ThresholdFunction {
  /** Scheme and group. */
  readonly name: string
  readonly members: number
  readonly threshold: number
  /** Length of every share. */
  readonly shareBytes: number
  /** Names the key set, 32 bytes. */
  readonly keySet: Uint8Array
  /** Where the key set says that it came from. */
  readonly origin: KeyOrigin

  /** Whose verification keys this secret fits: one member, nobody, or everybody if the threshold is 1. */
  holdersOf(secretShare: Uint8Array): readonly number[]

  /**
   * Our share of the value at `input`. The same bytes for the same input and secret, always.
   *
   * @throws RangeError if `secretShare` is no secret of a member.
   */
  share(input: Uint8Array, secretShare: Uint8Array): Uint8Array

  /** Whether `share` is what `member` must give for `input`. Total. */
  verifyShare(input: Uint8Array, member: number, share: Uint8Array): boolean

  /**
   * The value from exactly `threshold` shares of different members; no invalid share ever enters a value.
   *
   * @throws RangeError unless there are exactly `threshold` shares of different members.
   */
  combine(input: Uint8Array, shares: readonly ValueShare[]): Combination
}

/** @throws RangeError unless `shares` are exactly `threshold`, of different members 0 … members − 1. */
export function requireShares(
  { members, threshold }: Pick<ThresholdFunction, 'members' | 'threshold'>,
  shares: readonly ValueShare[],
): void {
  if (shares.length !== threshold) {
    throw new RangeError(`threshold function: need ${threshold} shares, got ${shares.length}`)
  }
  const seen = new Set(shares.map(({ member }) => member))
  if (seen.size !== shares.length) throw new RangeError('threshold function: two shares of one member')
  for (const member of seen) {
    if (!isMember(member, members)) throw new RangeError(`threshold function: no member ${member}`)
  }
}

/** Whether `member` is one of 0 … members − 1. */
export const isMember = (member: number, members: number): boolean =>
  Number.isSafeInteger(member) && member >= 0 && member < members
