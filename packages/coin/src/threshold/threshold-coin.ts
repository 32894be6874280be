import type { Bit } from '@mc/protocol'
import type { CommonCoin } from '../coin.js'
import type { CoinShareMessage } from './messages.js'
import { type ThresholdCoinOptions, thresholdDefinition } from './threshold-definition.js'

/**
 * The coin of Cachin, Kursawe and Shoup: a threshold pseudorandom function over a Diffie–Hellman group, without pairings.
 *
 * Guarantees, with `thresholdPrf` of @mc/crypto as `scheme`, as long as its assumption holds:
 * - agreement: all correct members get the same bit, and fair: it is as good as random;
 * - unpredictability: nobody can tell it from a fair one before `threshold` − f correct members have flipped;
 * - termination: once n − f correct members have flipped, all of them get it; bad shares are reported and never block it.
 *
 * Static adversaries only, not safe against quantum computers, and the key must come from a trusted dealer or a key generation.
 * Costs: n messages per member and flip, about 128 bytes each; one proof made and `threshold` proofs verified as one batch.
 * The share leaves on `flip` alone; shares that arrive before are kept, one per peer, and nothing comes out before.
 *
 * Faults reported: `coin/bad-share`, `coin/conflicting-share`. After the output nothing that arrives is looked at.
 * `handleInput` throws a RangeError on a second flip.
 *
 * @throws RangeError if `secretShare` belongs to no member of the key set, or `scheme` is another function. `create` throws a RangeError if it is not ours, or if
 * the key set does not fit the committee and the threshold.
 * @see Cachin, Kursawe, Shoup: Random Oracles in Constantinople, PODC 2000, section 4.3
 */
export function cksCoin(options: ThresholdCoinOptions): CommonCoin<CoinShareMessage> {
  requireScheme('cks', options)
  return { role: 'coin', name: 'coin/cks', common: true, ...thresholdDefinition('coin', options, bitOf) }
}

/**
 * A coin from threshold BLS signatures: the lowest bit of a hash of the only signature on the domain.
 *
 * As `cksCoin`, with `thresholdBls` of @mc/crypto as `scheme`; moreover the signature convinces outsiders. Shares are combined
 * first and the result is verified, so a flip without bad shares costs one verification, whatever the threshold.
 * Costs: n messages per member and flip, 96 bytes each.
 *
 * @throws RangeError as `cksCoin`.
 * @see Boldyreva, Threshold Signatures, Multisignatures and Blind Signatures, PKC 2003
 */
export function blsCoin(options: ThresholdCoinOptions): CommonCoin<CoinShareMessage> {
  requireScheme('boldyreva', options)
  return { role: 'coin', name: 'coin/bls', common: true, ...thresholdDefinition('coin', options, bitOf) }
}

/** The lowest bit of a value; the value is a hash, so each of its bits is as good as any other. */
const bitOf = (value: Uint8Array): Bit => ((value.at(-1) as number) & 1) as Bit

function requireScheme(family: string, { scheme }: ThresholdCoinOptions): void {
  if (!scheme.name.startsWith(`${family}/`)) {
    throw new RangeError(`coin: need a scheme of the family ${family}, got ${scheme.name}`)
  }
}
