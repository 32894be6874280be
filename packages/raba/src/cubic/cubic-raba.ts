import type { Raba } from '../raba.js'
import { hardenedRound } from './hardened-round.js'
import type { CubicMessage } from './messages.js'
import { type CubicOptions, cubicParts, ROUNDS_AHEAD } from './options.js'
import { cubicRoundZero, publishedRound } from './published-round.js'

/**
 * Cubic-RABA: reproposable binary agreement whose last vote of a round goes by reliable broadcast; any coin.
 *
 * Guarantees: those of `Raba`, for n ≥ 3f + 1 over authenticated, reliable links, against an adversary that reads everything,
 * schedules every message and corrupts adaptively. Unanimous 1 decides after one broadcast, unanimous 0 after two steps and a
 * broadcast. Round 0 flips no coin; later rounds are those of `cubicAba`.
 *
 * Costs: round 0 takes at most three plain votes and one broadcast per member; the rest, and the state, as `cubicAba`.
 *
 * Faults reported: as `cubicAba`.
 *
 * A reconstruction of the Cubic-RABA of WaterBear with a derived round 0 and binding later rounds; see PAPER.md.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16 and `rbc.payloadBytesMax` is 1.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023; Zhang, Duan: PACE, CCS 2022 (reproposal)
 */
export function cubicRaba<CoinMessage, RbcMessage>({
  coin,
  rbc,
  binding = true,
  brake = true,
  roundsAhead = ROUNDS_AHEAD,
}: CubicOptions<CoinMessage, RbcMessage>): Raba<CubicMessage<CoinMessage, RbcMessage>> {
  return {
    role: 'raba',
    name: 'raba/cubic',
    parameters: { binding, brake, roundsAhead },
    ...cubicParts({
      reproposable: true,
      coin,
      rbc,
      roundZero: cubicRoundZero,
      laterRounds: binding ? hardenedRound : publishedRound,
      brake,
      roundsAhead,
    }),
  }
}
