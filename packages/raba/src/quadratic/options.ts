/**
 * What both quadratic agreements are made from, and how a definition follows.
 */
import type { Coin } from '@mc/coin'
import type { Bit, ProtocolDefinition } from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import { checkRoundsAhead } from '../rounds/window.js'
import { quadraticCodec } from './codec.js'
import type { QuadraticMessage } from './messages.js'
import { QuadraticAgreement } from './quadratic-agreement.js'
import type { QuadraticSetup } from './setup.js'

/** What `quadraticAba` is made from; all members must choose alike. */
export interface QuadraticAbaOptions<CoinMessage> {
  /** Flipped in rounds that leave nothing but `*`. */
  readonly coin: Coin<CoinMessage>
  /** Five phases. `false` is the published four-phase round, which a scheduler can keep from ending: for benchmarks only. */
  readonly binding?: boolean
  /** Rule B: enter at most one round after the one that our own stage rules decided. */
  readonly brake?: boolean
  /** For how many rounds beyond its own a member stores votes; what it misses it asks for later. At least 1. */
  readonly roundsAhead?: number
}

/** What `quadraticRaba` is made from; all members must choose alike. */
export interface QuadraticRabaOptions<CoinMessage> extends QuadraticAbaOptions<CoinMessage> {
  /** The rule set of round 0: `s2`, or the fallback `s1` that never decides 0 there. */
  readonly roundZero?: 's2' | 's1'
}

/** The part of a definition that the two types share. */
export type QuadraticParts<CoinMessage> = Pick<
  ProtocolDefinition<AgreementParams, RabaInput, QuadraticMessage<CoinMessage>, Bit>,
  'wireVersion' | 'parts' | 'codec' | 'create'
>

/**
 * Makes that part; internal: tests put weaker rules into `setup` and watch them fail.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16.
 */
export function quadraticParts<CoinMessage>(setup: QuadraticSetup<CoinMessage>): QuadraticParts<CoinMessage> {
  checkRoundsAhead('quadratic', setup.roundsAhead)
  return {
    wireVersion: 1,
    parts: { coin: setup.coin },
    codec: size => quadraticCodec(setup.coin, setup.roundsAhead, size),
    create: (params, effects) => new QuadraticAgreement(setup, params, effects),
  }
}
