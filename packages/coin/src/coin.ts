/**
 * The coin that a randomised agreement flips when votes alone do not decide.
 */
import type { Bit, Committee, Domain, PeerIndex, ProtocolDefinition } from '@mc/protocol'

/** What a coin has to know: the committee, and the (instance, round) that this flip belongs to. */
export interface CoinParams {
  readonly committee: Committee
  /** Ends with the instance and the round: a coin value must never serve two of them. */
  readonly domain: Domain
}

/** Ask for the bit; a common coin releases its share only now. */
export type CoinInput = 'flip'

/**
 * One flip of a coin. Asked once with `flip`, it outputs one bit, once.
 *
 * Local coins answer at once and differ between members; common coins exchange shares and agree. Unless `common` is false,
 * every correct member must flip, also one that does not need the bit: the others need its share.
 */
export interface Coin<Message> extends ProtocolDefinition<CoinParams, CoinInput, Message, Bit> {
  readonly role: 'coin'
  /**
   * Whether all correct members get the same bit: never, always, or in later rounds only.
   *
   * An agreement whose safety rests on a common coin takes a `CommonCoin`, where this is `true`, and no other.
   */
  readonly common: boolean | 'later'
}

/** A coin that gives all correct members the same bit, in every instance and round. */
export interface CommonCoin<Message> extends Coin<Message> {
  readonly common: true
}

/**
 * Draws one member in common: asked once with `flip`, it outputs the same member everywhere, once.
 *
 * Nobody knows whom before enough members have flipped.
 */
export interface ElectionCoin<Message> extends ProtocolDefinition<CoinParams, CoinInput, Message, PeerIndex> {
  readonly role: 'election'
}
