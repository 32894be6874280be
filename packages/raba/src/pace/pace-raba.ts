import type { CobaltMessage } from '../cobalt/messages.js'
import { cobaltRules } from '../cobalt/rules.js'
import { type CobaltOptions, cobaltParts } from '../cobalt/setup.js'
import type { Raba } from '../raba.js'

/**
 * The PACE construction over Cobalt, derived: reproposable agreement over a common coin with O(n²) messages a round.
 *
 * Guarantees: those of `Raba`, under the assumptions of `cobaltAba`. Unanimous 1 decides after one communication step and
 * without a coin; 0 is never decided in round 0, whose coin is the constant 1, so it takes two rounds or more.
 *
 * Neither Pisa nor Pillar, whose predicates are not established here: the construction of the paper, a biased round 0, over
 * another agreement. Comparisons must call it "PACE construction over Cobalt".
 *
 * Costs: round 0 takes one broadcast per member for 1 and at most four otherwise, and no flip; later rounds, state and faults
 * as `cobaltAba`, and `raba/unexpected-coin` for coin messages of round 0.
 *
 * @throws RangeError unless `coin.common` is true and `roundsAhead` is an integer from 1 to 2^16.
 * @see Zhang, Duan: PACE: Fully Parallelizable BFT from Reproposable Byzantine Agreement, CCS 2022; as mapped in PAPER.md
 */
export function paceRaba<CoinMessage>({
  coin,
  roundsAhead = 32,
}: CobaltOptions<CoinMessage>): Raba<CobaltMessage<CoinMessage>> {
  return {
    role: 'raba',
    name: 'raba/pace-cobalt',
    parameters: { roundsAhead },
    ...cobaltParts({ reproposable: true, coin, rules: cobaltRules, roundsAhead }),
  }
}
