import type { Aba } from '../aba.js'
import { hardenedRound } from './hardened-round.js'
import type { CubicMessage } from './messages.js'
import { type CubicOptions, cubicParts, ROUNDS_AHEAD } from './options.js'
import { publishedRound } from './published-round.js'

/**
 * Cubic-ABA: binary agreement whose last vote of a round goes by reliable broadcast; any coin, no signatures of its own.
 *
 * Guarantees: those of `Aba`, for n ≥ 3f + 1 over authenticated, reliable links, against an adversary that reads everything,
 * schedules every message and corrupts adaptively. With local coins a round ends the agreement with probability ≥ 2^−(n − f),
 * whatever the scheduler does; with `binding: false` only at f = 1. Unanimous inputs decide in round 0.
 *
 * Costs: at most four plain votes of two bytes and one broadcast of one byte per member and round: with `brachaRbc` O(n³)
 * messages in all, 6 steps; and one TERM. State: at most n · 2 bytes and n broadcasts for each of `roundsAhead` + 3 rounds,
 * what of its own broadcasts it has sent, and some ten bytes per round gone through, until the halt.
 *
 * Faults reported: those of the broadcast; `raba/conflicting-vote`, `-mainvote`, `-term`; `raba/unexpected-vote`, `-mainvote`;
 * `raba/malformed-vote`; `raba/invariant-broken` if more than f members are faulty, after which the instance stops voting.
 *
 * A reconstruction of the Cubic-ABA of WaterBear, hardened by a binding stage; see PAPER.md.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16 and `rbc.payloadBytesMax` is 1.
 * @see Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023
 */
export function cubicAba<CoinMessage, RbcMessage>({
  coin,
  rbc,
  binding = true,
  brake = true,
  roundsAhead = ROUNDS_AHEAD,
}: CubicOptions<CoinMessage, RbcMessage>): Aba<CubicMessage<CoinMessage, RbcMessage>> {
  const round = binding ? hardenedRound : publishedRound
  return {
    role: 'aba',
    name: 'aba/cubic',
    parameters: { binding, brake, roundsAhead },
    ...cubicParts({
      reproposable: false,
      coin,
      rbc,
      roundZero: round,
      laterRounds: round,
      brake,
      roundsAhead,
    }),
  }
}
