/**
 * How a definition of Crain's agreement follows from its rules.
 */
import type { Coin } from '@mc/coin'
import type { Bit, ProtocolDefinition } from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import { checkRoundsAhead } from '../rounds/window.js'
import { crainCodec } from './codec.js'
import { CrainAgreement } from './crain-agreement.js'
import type { CrainMessage } from './messages.js'
import type { CrainRules } from './rules.js'

/** What the agreement is made from, with its rules as data. */
export interface CrainSetup<CoinMessage> {
  readonly coin: Coin<CoinMessage>
  readonly rules: CrainRules
  readonly brake: boolean
  readonly roundsAhead: number
}

/** The part of a definition that all forms share. */
export type CrainParts<CoinMessage> = Pick<
  ProtocolDefinition<AgreementParams, RabaInput, CrainMessage<CoinMessage>, Bit>,
  'wireVersion' | 'parts' | 'codec' | 'create'
>

/**
 * Makes that part; internal: tests put weaker rules into `setup` and watch them fail.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16.
 */
export function crainParts<CoinMessage>(setup: CrainSetup<CoinMessage>): CrainParts<CoinMessage> {
  const { coin, roundsAhead } = setup
  checkRoundsAhead('aba/crain', roundsAhead)
  return {
    wireVersion: 1,
    parts: { coin },
    codec: size => crainCodec(coin, roundsAhead, size),
    create: (params, effects) => new CrainAgreement(setup, params, effects),
  }
}
