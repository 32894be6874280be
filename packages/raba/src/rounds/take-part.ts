/**
 * The parts of a member that moves from round to round, put together.
 */
import type { Coin } from '@mc/coin'
import type { Bit, Effects, Round } from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { CommonMessage } from './messages.js'
import { type Memory, Participation } from './participation.js'
import { Progress } from './progress.js'
import { Settling, type SettlingOptions } from './settling.js'

/** What the parts are made from: the choices of an agreement, and its rules as calls. */
export interface TakePartOptions<Slots extends { readonly bytes: number }, CoinMessage>
  extends Omit<SettlingOptions<Slots>, 'participation'> {
  readonly coin: Coin<CoinMessage>
  readonly roundsAhead: number
  readonly brake: boolean
  readonly params: AgreementParams
  readonly effects: Effects<CommonMessage<CoinMessage>, Bit>
  readonly memory: Memory
  /** Another round was entered. */
  readonly onEntered: (left: Round) => void
  /** Frees what the agreement itself keeps beside its window. */
  readonly onHalt: () => void
  /** The coin of a round; if not given, the estimate where it is waited for. */
  readonly onCoin?: (round: Round, bit: Bit) => void
}

/** How a member takes part, goes from round to round, and looks at its rules. */
export interface Part<Slots extends { readonly bytes: number }, CoinMessage> {
  readonly participation: Participation<CoinMessage>
  readonly progress: Progress
  readonly settling: Settling<Slots>
}

/** Puts the parts together. */
export function takePart<Slots extends { readonly bytes: number }, CoinMessage>(
  options: TakePartOptions<Slots, CoinMessage>,
): Part<Slots, CoinMessage> {
  const { coin, roundsAhead, brake, params, effects, window, memory, onEntered, onHalt } = options
  const participation: Participation<CoinMessage> = new Participation({
    coin,
    roundsAhead,
    params,
    effects,
    rounds: window,
    memory,
    onCoin: options.onCoin ?? ((round, bit) => progress.onCoin(round, bit)),
    onTerm: () => progress.stopWaiting(),
    onHalt: () => {
      window.clear()
      onHalt()
    },
  })
  const progress: Progress = new Progress({
    participation,
    rounds: window,
    brake,
    everybodyFlips: coin.common !== false,
    effects,
    onEntered,
    settle: () => settling.all(),
  })
  const { proposal, store, amplify, runRound } = options
  const settling: Settling<Slots> = new Settling({
    participation,
    proposal,
    window,
    store,
    amplify,
    runRound,
  })
  return { participation, progress, settling }
}
