/**
 * What both cubic agreements are made from, and how a definition follows.
 */
import type { Coin } from '@mc/coin'
import type { Bit, ProtocolDefinition } from '@mc/protocol'
import type { Rbc } from '@mc/rbc'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import { checkVoteRbc } from '../rounds/vote-broadcasts.js'
import { checkRoundsAhead } from '../rounds/window.js'
import { cubicCodec } from './codec.js'
import { CubicAgreement } from './cubic-agreement.js'
import type { CubicMessage } from './messages.js'
import type { CubicSetup } from './setup.js'

/** What `cubicAba` and `cubicRaba` are made from; all members must choose alike. */
export interface CubicOptions<CoinMessage, RbcMessage> {
  /** Flipped in rounds that leave nobody sure. */
  readonly coin: Coin<CoinMessage>
  /** Carries the FINALVOTEs; `payloadBytesMax` is 1. Whoever has delivered must owe nobody anything more. */
  readonly rbc: Rbc<RbcMessage>
  /** Hardened rounds. `false` is the published round, which a scheduler can keep from ending: for benchmarks only. */
  readonly binding?: boolean
  /** Rule B: enter at most one round after the one that our own stage rules decided. */
  readonly brake?: boolean
  /** For how many rounds beyond its own a member stores votes; what it misses it asks for later. At least 1. */
  readonly roundsAhead?: number
}

/** The part of a definition that the two types share. */
export type CubicParts<CoinMessage, RbcMessage> = Pick<
  ProtocolDefinition<AgreementParams, RabaInput, CubicMessage<CoinMessage, RbcMessage>, Bit>,
  'wireVersion' | 'parts' | 'codec' | 'create'
>

/**
 * Makes that part; internal: tests put weaker rules into `setup` and watch them fail.
 *
 * @throws RangeError unless `roundsAhead` is an integer from 1 to 2^16 and `rbc.payloadBytesMax` is 1.
 */
export function cubicParts<CoinMessage, RbcMessage>(
  setup: CubicSetup<CoinMessage, RbcMessage>,
): CubicParts<CoinMessage, RbcMessage> {
  const { coin, rbc, roundsAhead } = setup
  checkRoundsAhead('cubic', roundsAhead)
  checkVoteRbc('cubic', rbc)
  return {
    wireVersion: 1,
    parts: { coin, rbc },
    codec: size => cubicCodec(setup, size),
    create: (params, effects) => new CubicAgreement(setup, params, effects),
  }
}

/** Fewer than where all votes are plain: each round of the window may hold n broadcasts. */
export const ROUNDS_AHEAD = 8
