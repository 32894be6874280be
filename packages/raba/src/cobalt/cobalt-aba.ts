import type { Aba } from '../aba.js'
import type { CobaltMessage } from './messages.js'
import { cobaltRules } from './rules.js'
import { type CobaltOptions, cobaltParts } from './setup.js'

/**
 * Cobalt ABA: binary agreement with O(n²) messages a round over a common coin, live against a scheduler that reads everything.
 *
 * Guarantees: those of `Aba`, for n ≥ 3f + 1 over authenticated, reliable links, if the coin gives all correct members the same
 * bit and nobody can tell it before the first correct member asks (threshold f + 1 or higher). Adaptive, quantum-safe and free
 * of set-up only as far as the coin is. Before the first correct member asks for a coin, the one value that can be decided in
 * the round is fixed; so, once a round is bound, each round ends the agreement with probability 1/2.
 *
 * Costs: at most four broadcasts of two bytes per member and round and one flip; one TERM. State: at most n · 2 bytes for each
 * of `roundsAhead` + 1 rounds and for each earlier round in which only one value was relayed, some ten bytes and one coin per
 * round gone through, until the halt. No round brake: a unanimous round decides only if the coin agrees.
 *
 * Faults reported: `raba/conflicting-aux`, `-conf`, `-term`; `raba/unexpected-fast`; `raba/invariant-broken` if more than f
 * members are faulty, after which the instance stops voting. Votes of rounds beyond `roundsAhead` are not stored and not
 * blamed, but asked for again.
 *
 * @throws RangeError unless `coin.common` is true and `roundsAhead` is an integer from 1 to 2^16.
 * @see MacBrough: Cobalt, 2018 (CONF); Mostéfaoui, Moumen, Raynal, PODC 2014; as mapped in PAPER.md
 */
export function cobaltAba<CoinMessage>({
  coin,
  roundsAhead = 32,
}: CobaltOptions<CoinMessage>): Aba<CobaltMessage<CoinMessage>> {
  return {
    role: 'aba',
    name: 'aba/cobalt',
    parameters: { roundsAhead },
    ...cobaltParts({ reproposable: false, coin, rules: cobaltRules, roundsAhead }),
  }
}
