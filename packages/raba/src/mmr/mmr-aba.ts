import type { Aba } from '../aba.js'
import type { CobaltMessage } from '../cobalt/messages.js'
import { type CobaltOptions, cobaltParts } from '../cobalt/setup.js'
import { mmrRules } from './mmr-rules.js'

/**
 * MMR'14, the common-coin agreement without CONF: historical, for comparison only, as a scheduler can keep it from ending.
 *
 * Guarantees: agreement, validity and integrity of `Aba`, as for `cobaltAba`. Termination only if the network does not depend on
 * the coin: whoever learns the bit of a round while a correct member is still in it can keep the estimates apart for ever.
 * Therefore its parameters say `binding: false`, by which suites for a network refuse it, and `historical: true`.
 *
 * Costs, state and faults: as `cobaltAba`, with one broadcast per member and round less; a CONF is `raba/unexpected-conf`.
 *
 * @throws RangeError unless `coin.common` is true and `roundsAhead` is an integer from 1 to 2^16.
 * @see Mostéfaoui, Moumen, Raynal: Signature-Free Asynchronous Byzantine Consensus with t < n/3 and O(n²) Messages, PODC 2014
 */
export function mmrAba<CoinMessage>({
  coin,
  roundsAhead = 32,
}: CobaltOptions<CoinMessage>): Aba<CobaltMessage<CoinMessage>> {
  return {
    role: 'aba',
    name: 'aba/mmr',
    parameters: { binding: false, historical: true, roundsAhead },
    ...cobaltParts({ reproposable: false, coin, rules: mmrRules, roundsAhead }),
  }
}
