import type { Coin } from '@mc/coin'
import type { Rbc } from '@mc/rbc'
import type { Aba } from '../aba.js'
import { checkVoteRbc } from '../rounds/vote-broadcasts.js'
import { checkRoundsAhead } from '../rounds/window.js'
import { BrachaAgreement } from './bracha-agreement.js'
import { brachaAbaCodec } from './codec.js'
import type { BrachaAbaMessage } from './messages.js'
import type { BrachaSetup } from './setup.js'
import { validity } from './validity.js'

/** What `brachaAba` is made from; all members must choose alike. */
export interface BrachaAbaOptions<CoinMessage, RbcMessage> {
  /** Flipped in rounds that leave nobody sure. */
  readonly coin: Coin<CoinMessage>
  /** Carries every vote; `payloadBytesMax` is 1. Whoever has delivered must owe nobody anything more. */
  readonly rbc: Rbc<RbcMessage>
  /** Rule B: enter at most one round after the one that our own rules decided. */
  readonly brake?: boolean
  /** For how many rounds beyond its own a member takes part in broadcasts; what it misses it asks for later. At least 1. */
  readonly roundsAhead?: number
}

/**
 * Bracha's binary agreement: every vote by reliable broadcast, judged by what its sender can have heard; any coin.
 *
 * Guarantees: those of `Aba`, for n ≥ 3f + 1 over authenticated, reliable links, against an adversary that reads everything,
 * schedules every message and corrupts adaptively. With local coins a round ends the agreement with probability ≥ 2^−(n − f),
 * whatever the scheduler does; unanimous inputs decide in round 0, after three broadcasts in a row.
 *
 * Costs: three broadcasts of one byte per member and round, so 3n + 6n² messages per member's worth of `brachaRbc` and round,
 * O(n³) in all, and one TERM. State: see `BrachaRounds` and `VoteBroadcasts`; until the halt, then nothing.
 *
 * Faults reported: those of the broadcast; `raba/malformed-vote`, `raba/conflicting-term`; `raba/invariant-broken` if more than
 * f members are faulty, after which the instance stops voting.
 *
 * The predicates of validity are our reading of the paper; see PAPER.md.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16 and `rbc.payloadBytesMax` is 1.
 * @see Bracha: Asynchronous Byzantine agreement protocols, Information and Computation 75, 1987, sections 4 and 5
 */
export function brachaAba<CoinMessage, RbcMessage>({
  coin,
  rbc,
  brake = true,
  roundsAhead = 8,
}: BrachaAbaOptions<CoinMessage, RbcMessage>): Aba<BrachaAbaMessage<CoinMessage, RbcMessage>> {
  return brachaDefinition({ coin, rbc, validity, brake, roundsAhead })
}

/** The definition for any table of validity; internal: tests put weaker lines into it and watch them fail. */
export function brachaDefinition<CoinMessage, RbcMessage>(
  setup: BrachaSetup<CoinMessage, RbcMessage>,
): Aba<BrachaAbaMessage<CoinMessage, RbcMessage>> {
  const { coin, rbc, brake, roundsAhead } = setup
  checkRoundsAhead('aba/bracha', roundsAhead)
  checkVoteRbc('aba/bracha', rbc)
  return {
    role: 'aba',
    name: 'aba/bracha',
    wireVersion: 1,
    parameters: { brake, roundsAhead },
    parts: { coin, rbc },
    codec: size => brachaAbaCodec(coin, rbc, size),
    create: (params, effects) => new BrachaAgreement(setup, params, effects),
  }
}
