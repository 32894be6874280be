import type { Aba } from '../aba.js'
import type { QuadraticMessage } from './messages.js'
import { type QuadraticAbaOptions, quadraticParts } from './options.js'
import { bindingRound, fourPhaseRound } from './ordinary-round.js'

/**
 * Quadratic-ABA: binary agreement with O(n²) messages a round, over any coin, without set-up or signatures.
 *
 * Guarantees: those of `Aba`, for n ≥ 3f + 1 over authenticated, reliable links, against an adversary that reads everything,
 * schedules every message and corrupts adaptively. With local coins a round ends the agreement with probability ≥ 2^−(n − f),
 * whatever the scheduler does; unanimous inputs decide in round 0, after five communication steps.
 *
 * Costs: at most six broadcasts of two bytes per member and round, and one TERM. State: at most n · 2 bytes for each of
 * `roundsAhead` + 3 rounds, and some ten bytes per round gone through, until the halt.
 *
 * Faults reported: `raba/conflicting-vote`, `-mainvote`, `-finalvote`, `-fixvote`, `-term`; `raba/unexpected-fixvote`, `-fast`;
 * `raba/invariant-broken` if more than f members are faulty, after which the instance stops voting. Votes of rounds beyond
 * `roundsAhead` are not stored and not blamed, but asked for again.
 *
 * A reconstruction of the Quadratic-ABA of WaterBear, hardened by a fifth, binding phase; see PAPER.md.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023; Abraham, Ben-David, Yandamuri, PODC 2022 (binding)
 */
export function quadraticAba<CoinMessage>({
  coin,
  binding = true,
  brake = true,
  roundsAhead = 32,
}: QuadraticAbaOptions<CoinMessage>): Aba<QuadraticMessage<CoinMessage>> {
  const round = binding ? bindingRound : fourPhaseRound
  return {
    role: 'aba',
    name: 'aba/quadratic',
    parameters: { binding, brake, roundsAhead },
    ...quadraticParts({
      reproposable: false,
      coin,
      roundZero: round,
      laterRounds: round,
      brake,
      roundsAhead,
    }),
  }
}
