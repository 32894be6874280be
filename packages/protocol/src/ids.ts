/**
 * Branded numbers: parsed once at the edge, trusted inside.
 */

declare const brand: unique symbol

/** A value of type `T` that only the parser of `Name` can make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** Position of a member in its committee, 0 ≤ index < n. */
export type PeerIndex = Brand<number, 'PeerIndex'>

/** One agreement on one batch, counted from 0 through the life of a network. */
export type Epoch = Brand<number, 'Epoch'>

/** One iteration of a binary agreement, counted from 0. */
export type Round = Brand<number, 'Round'>

/** The value that binary agreement decides on. */
export type Bit = 0 | 1

/**
 * Brands a committee position that the caller chose, for tests and compositions.
 *
 * Positions that arrive from outside are parsed by the wire codecs, which know n.
 *
 * @throws RangeError if `index` is not a non-negative safe integer.
 */
export const peer = (index: number): PeerIndex => natural('peer', index) as PeerIndex

/**
 * Brands an epoch number.
 *
 * @throws RangeError if `number` is not a non-negative safe integer.
 */
export const epoch = (number: number): Epoch => natural('epoch', number) as Epoch

/**
 * Brands a round number.
 *
 * @throws RangeError if `number` is not a non-negative safe integer.
 */
export const round = (number: number): Round => natural('round', number) as Round

/** The bit that is not this one. */
export const opposite = (bit: Bit): Bit => (bit === 0 ? 1 : 0)

function natural(what: string, number: number): number {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new RangeError(`${what}: need a non-negative safe integer, got ${number}`)
  }
  return number
}
