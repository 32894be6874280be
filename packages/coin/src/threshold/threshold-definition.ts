import type { ThresholdFunction } from '@mc/crypto/threshold'
import {
  type Committee,
  type Effects,
  fPlus1,
  nMinusF,
  type Protocol,
  type ProtocolDefinition,
} from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import type { CoinInput, CoinParams } from '../coin.js'
import { type CoinPurpose, coinInput } from './coin-input.js'
import { type CoinShareMessage, shareCodec } from './messages.js'
import { ThresholdFlip } from './threshold-flip.js'

/**
 * How many shares tell a coin.
 *
 * With f + 1 the adversary knows the coin as soon as one correct member has flipped; with n − f only after n − 2f ≥ f + 1 correct
 * members have. More than n − f would wait for the faulty.
 */
export type CoinThreshold = 'f + 1' | 'n − f'

/** What a threshold coin is made from. */
export interface ThresholdCoinOptions {
  /** The shared key: of @mc/crypto, with as many members as the committee has. */
  readonly scheme: ThresholdFunction
  /** Our own share of the key. */
  readonly secretShare: Uint8Array
  /** What the key set was dealt for; 'f + 1' by default. */
  readonly threshold?: CoinThreshold
}

/** The parts of a definition that all threshold coins have alike. */
export function thresholdDefinition<Output>(
  purpose: CoinPurpose,
  { scheme, secretShare, threshold = 'f + 1' }: ThresholdCoinOptions,
  outcome: (value: Uint8Array) => Output,
): Omit<ProtocolDefinition<CoinParams, CoinInput, CoinShareMessage, Output>, 'name'> {
  const holders = scheme.holdersOf(secretShare)
  if (holders.length === 0)
    throw new RangeError('coin: this secret share belongs to no member of the key set')
  return {
    wireVersion: 1,
    parameters: { scheme: scheme.name, threshold, keySet: hex(scheme.keySet), keyOrigin: scheme.origin },
    parts: {},
    codec: () => shareCodec(scheme.shareBytes),
    create(
      { committee, domain },
      effects: Effects<CoinShareMessage, Output>,
    ): Protocol<CoinInput, CoinShareMessage> {
      requireFit(committee, scheme, holders, threshold)
      return new ThresholdFlip({ scheme, secretShare, input: coinInput(purpose, domain), outcome }, effects)
    },
  }
}

function requireFit(
  committee: Committee,
  { members, threshold: shares }: ThresholdFunction,
  holders: readonly number[],
  threshold: CoinThreshold,
): void {
  if (members !== committee.n) {
    throw new RangeError(`coin: the key set has ${members} members, the committee ${committee.n}`)
  }
  if (!holders.includes(committee.self)) {
    throw new RangeError(`coin: the secret share is that of member ${holders}, we are ${committee.self}`)
  }
  const needed = threshold === 'f + 1' ? fPlus1(committee) : nMinusF(committee)
  if (shares !== needed) {
    throw new RangeError(`coin: ${threshold} is ${needed}, but ${shares} shares tell a value of this key set`)
  }
}
