/**
 * The coin that a randomised agreement flips when votes alone do not decide.
 */
import type { Bit, Committee, Domain, ProtocolDefinition } from '@mc/protocol'

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
 * Local coins answer at once and differ between members; common coins exchange shares and agree.
 */
export interface Coin<Message> extends ProtocolDefinition<CoinParams, CoinInput, Message, Bit> {
  readonly role: 'coin'
  /** Whether all correct members get the same bit. */
  readonly common: boolean
}
