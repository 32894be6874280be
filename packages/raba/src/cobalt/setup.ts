/**
 * How a definition over a common coin follows from its rules.
 */
import type { CommonCoin } from '@mc/coin'
import type { Bit, ProtocolDefinition } from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import { checkRoundsAhead } from '../rounds/window.js'
import { CobaltAgreement } from './cobalt-agreement.js'
import { cobaltCodec } from './codec.js'
import type { CobaltMessage } from './messages.js'
import type { CobaltRules } from './rules.js'

/** What an agreement over a common coin is made from; all members must choose alike. */
export interface CobaltOptions<CoinMessage> {
  /** Asked for once in every round; safety rests on everybody getting the same bit. */
  readonly coin: CommonCoin<CoinMessage>
  /** For how many rounds beyond its own a member stores votes; what it misses it asks for later. At least 1. */
  readonly roundsAhead?: number
}

/** The same with its rules as data. `reproposable` tells a RABA, with its biased round 0, from an ABA. */
export interface CobaltSetup<CoinMessage> extends Required<CobaltOptions<CoinMessage>> {
  readonly reproposable: boolean
  readonly rules: CobaltRules
}

/** The part of a definition that all agreements over a common coin share. */
export type CobaltParts<CoinMessage> = Pick<
  ProtocolDefinition<AgreementParams, RabaInput, CobaltMessage<CoinMessage>, Bit>,
  'wireVersion' | 'parts' | 'codec' | 'create'
>

/**
 * Makes that part; internal: tests put weaker rules into `setup` and watch them fail.
 *
 * @throws RangeError unless the coin is common and `roundsAhead` is an integer from 1 to 2^16.
 */
export function cobaltParts<CoinMessage>(setup: CobaltSetup<CoinMessage>): CobaltParts<CoinMessage> {
  const { coin, roundsAhead } = setup
  // The type says so, too; but here two members with different bits may decide differently
  if (coin.common !== true) {
    throw new RangeError(`cobalt: need a coin that gives everybody the same bit, got ${coin.name}`)
  }
  checkRoundsAhead('cobalt', roundsAhead)
  return {
    wireVersion: 1,
    parts: { coin },
    codec: size => cobaltCodec(coin, roundsAhead, size),
    create: (params, effects) => new CobaltAgreement(setup, params, effects),
  }
}
