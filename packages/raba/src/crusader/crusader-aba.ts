import type { Aba } from '../aba.js'
import type { CobaltMessage } from '../cobalt/messages.js'
import { type CobaltOptions, cobaltParts } from '../cobalt/setup.js'
import { crusaderRules } from './crusader-rules.js'

/**
 * ABA from binding crusader agreement and a common coin: three echo phases and a flip a round, O(n²) messages.
 *
 * Guarantees: those of `Aba`, under the assumptions of `cobaltAba`, from which it differs in one rule: whoever has seen both bits
 * win says so at once, and does not wait for n − f AUX. So rounds of mixed estimates are a step shorter at best.
 *
 * Derived from the idea as it is generally known, not compared with the paper's text. The graded form of the paper, for weak
 * coins, has the shape of the five phases of `quadraticAba`, and is not built again; see PAPER.md.
 *
 * Costs, state and faults: as `cobaltAba`, whose messages it speaks.
 *
 * @throws RangeError unless `coin.common` is true and `roundsAhead` is an integer from 1 to 2^16.
 * @see Abraham, Ben-David, Yandamuri: Efficient and Adaptively Secure Asynchronous Binary Agreement via Binding Crusader
 * Agreement, PODC 2022; as mapped in PAPER.md
 */
export function crusaderAba<CoinMessage>({
  coin,
  roundsAhead = 32,
}: CobaltOptions<CoinMessage>): Aba<CobaltMessage<CoinMessage>> {
  return {
    role: 'aba',
    name: 'aba/crusader',
    parameters: { roundsAhead },
    ...cobaltParts({ reproposable: false, coin, rules: crusaderRules, roundsAhead }),
  }
}
