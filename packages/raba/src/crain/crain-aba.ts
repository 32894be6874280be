import type { Coin } from '@mc/coin'
import type { Aba } from '../aba.js'
import type { CrainMessage } from './messages.js'
import { bindingStages, plainStages } from './rules.js'
import { crainParts } from './setup.js'

/** What `crainAba` is made from; all members must choose alike. */
export interface CrainOptions<CoinMessage> {
  /** Flipped in rounds that nobody can decide. */
  readonly coin: Coin<CoinMessage>
  /** CONF between the stages. `false` is the two stages alone, which a scheduler can keep from ending: for benchmarks only. */
  readonly binding?: boolean
  /** Rule B: enter at most one round after the one that our own rules decided. */
  readonly brake?: boolean
  /** For how many rounds beyond its own a member stores votes; what it misses it asks for later. At least 1. */
  readonly roundsAhead?: number
}

/**
 * Crain-style ABA: two stages of synchronized values a round, O(n²) messages, any coin; unanimous inputs need no coin at all.
 *
 * Guarantees: those of `Aba`, for n ≥ 3f + 1 over authenticated, reliable links, against an adversary that reads everything and
 * schedules every message. Safety rests on no coin. The one bit that can be adopted in a round is fixed before any coin of the
 * round is asked for: with a common coin each round leaves all estimates alike with probability 1/2, with local coins with
 * probability ≥ 2^−(n − f), and the next round decides. Unanimous inputs decide in round 0, after five communication steps, and
 * no coin is asked for; nor is it in any round in which somebody decides.
 *
 * Costs: at most seven broadcasts of two bytes per member and round, a flip where opinions differ, and one TERM. State: at most
 * n · 2 bytes for each of `roundsAhead` + 1 rounds and for each earlier round in which some value was not relayed, some ten bytes
 * and one coin per round gone through, until the halt.
 *
 * Faults reported: `raba/conflicting-aux`, `-conf`, `-est2`, `-aux2`, `-term`; `raba/unexpected-conf`; `raba/invariant-broken` if
 * more than f members are faulty, after which the instance stops voting. Votes of rounds beyond `roundsAhead` are not stored and
 * not blamed, but asked for again.
 *
 * Derived: the two stages are of the paper as it is generally known, the place of CONF and its argument are ours; not compared
 * with the paper's text. See PAPER.md.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16.
 * @see Crain: Two More Algorithms for Randomized Signature-Free Asynchronous Binary Byzantine Consensus, 2020, arXiv 2002.04393
 */
export function crainAba<CoinMessage>({
  coin,
  binding = true,
  brake = true,
  roundsAhead = 32,
}: CrainOptions<CoinMessage>): Aba<CrainMessage<CoinMessage>> {
  return {
    role: 'aba',
    name: 'aba/crain',
    parameters: { binding, brake, roundsAhead },
    ...crainParts({ coin, rules: binding ? bindingStages : plainStages, brake, roundsAhead }),
  }
}
