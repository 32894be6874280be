import type { Raba } from '../raba.js'
import type { QuadraticMessage } from './messages.js'
import { type QuadraticRabaOptions, quadraticParts } from './options.js'
import { bindingRound, fourPhaseRound } from './ordinary-round.js'
import { roundZeroS1, roundZeroS2 } from './round-zero.js'

/**
 * Quadratic-RABA: reproposable binary agreement with O(n²) messages a round, over any coin, without set-up or signatures.
 *
 * Guarantees: those of `Raba`, for n ≥ 3f + 1 over authenticated, reliable links, against an adversary that reads everything,
 * schedules every message and corrupts adaptively. Unanimous 1 decides after one communication step, unanimous 0 after four
 * (rule set S2; S1 needs a second round for 0). Round 0 flips no coin; later rounds are those of `quadraticAba`.
 *
 * Costs: round 0 takes one broadcast per member for 1 and at most five otherwise, later rounds at most six, of two bytes each,
 * and one TERM. State: at most n · 2 bytes for each of `roundsAhead` + 3 rounds, and two bytes per round gone through, until
 * the halt.
 *
 * Faults reported: `raba/conflicting-vote`, `-mainvote`, `-finalvote`, `-fixvote`, `-term`; `raba/unexpected-fixvote`;
 * `raba/invariant-broken` if more than f members are faulty, after which the instance stops voting. Votes of rounds beyond
 * `roundsAhead` are not stored and not blamed, but asked for again.
 *
 * A reconstruction of the Quadratic-RABA of WaterBear with a hardened round 0 and binding later rounds; see PAPER.md.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023; Zhang, Duan: PACE, CCS 2022 (reproposal)
 */
export function quadraticRaba<CoinMessage>({
  coin,
  binding = true,
  roundZero = 's2',
  brake = true,
  roundsAhead = 32,
}: QuadraticRabaOptions<CoinMessage>): Raba<QuadraticMessage<CoinMessage>> {
  return {
    role: 'raba',
    name: 'raba/quadratic',
    parameters: { binding, roundZero, brake, roundsAhead },
    ...quadraticParts({
      reproposable: true,
      coin,
      roundZero: roundZero === 's1' ? roundZeroS1 : roundZeroS2,
      laterRounds: binding ? bindingRound : fourPhaseRound,
      brake,
      roundsAhead,
    }),
  }
}
