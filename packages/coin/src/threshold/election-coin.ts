import { type Sha256, seededRng } from '@mc/crypto'
import { peer } from '@mc/protocol'
import type { ElectionCoin } from '../coin.js'
import type { CoinShareMessage } from './messages.js'
import { type ThresholdCoinOptions, thresholdDefinition } from './threshold-definition.js'

/** What `electionCoin` is made from. */
export interface ElectionCoinOptions extends ThresholdCoinOptions {
  readonly sha256: Sha256
}

/**
 * Elects a member in common: the value of a threshold function, mapped to 0 … n − 1 by rejection, so that nobody is favoured.
 *
 * Guarantees, costs and faults are those of the coin with the same `scheme`; the domain is separated from that of coins, so an
 * election tells nothing about a bit. Whether `threshold` may be f + 1 depends on the protocol: an agreement that must be bound
 * before its leader is known needs n − f.
 *
 * @throws RangeError as `cksCoin`.
 */
export const electionCoin = (options: ElectionCoinOptions): ElectionCoin<CoinShareMessage> => ({
  role: 'election',
  name: 'election/threshold',
  ...thresholdDefinition('election', options, value =>
    peer(seededRng(value, options.sha256).below(options.scheme.members)),
  ),
})
