/**
 * How a member takes part in an agreement, whatever its rules: until it halts, or sees that more than f members are faulty.
 */
import type { Coin } from '@mc/coin'
import { type Bit, type Effects, type PeerIndex, PeerSet, type Round } from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import { HaltGadget } from '../term.js'
import type { CoinEnvelope, CommonMessage, SyncRequest } from './messages.js'
import type { RoundRange } from './missed-votes.js'
import { PullLimit } from './pull.js'
import { RoundCoins } from './round-coins.js'

/** Which rounds a member keeps: `RoundWindow`, or a window of another kind of votes. */
export interface Rounds {
  readonly current: Round
  covers(round: number): boolean
  noteMissed(from: PeerIndex, round: number): void
  advance(ask: (peer: PeerIndex, range: RoundRange) => void): void
}

/** What a member tells a peer that missed votes. */
export interface Memory {
  /** How many rounds there are to tell of: 0..rounds − 1. */
  rounds(): number
  tell(peer: PeerIndex, range: RoundRange): void
}

/** What a participation is made from: the parts that agreements differ in. */
export interface ParticipationOptions<CoinMessage> {
  readonly coin: Coin<CoinMessage>
  readonly roundsAhead: number
  readonly params: AgreementParams
  readonly effects: Effects<CommonMessage<CoinMessage>, Bit>
  readonly rounds: Rounds
  readonly memory: Memory
  /** The coin of a round, if the member still takes part. */
  readonly onCoin: (round: Round, bit: Bit) => void
  /** A TERM was counted, and the member does not halt: it may have been decided by f + 1 of them. */
  readonly onTerm: () => void
  /** Frees everything: nobody needs this member's votes any more. */
  readonly onHalt: () => void
}

/** What a participation can be asked without knowing its coin. */
export type Standing = Pick<
  Participation<unknown>,
  'decide' | 'flip' | 'decision' | 'halted' | 'broken' | 'silent'
>

/**
 * Halting, the coins of the rounds, and the answers to peers that missed votes.
 *
 * State: the halt gadget, a coin and its messages per round that flipped one, four bytes per member once somebody has asked;
 * after the halt the decision, and a bit per member that was told of it.
 */
export class Participation<CoinMessage> {
  readonly #options: ParticipationOptions<CoinMessage>
  readonly #effects: Effects<CommonMessage<CoinMessage>, Bit>
  readonly #halt: HaltGadget
  #broken = false
  // Most instances decide without a coin, and without anybody asking for votes
  #coins: RoundCoins<CoinMessage> | undefined
  #pull: PullLimit | undefined
  #toldHalted: PeerSet | undefined

  constructor(options: ParticipationOptions<CoinMessage>) {
    this.#options = options
    this.#effects = options.effects
    this.#halt = new HaltGadget(options.params.committee, options.effects)
  }

  /** What was decided, by a rule of the agreement or by T2. */
  get decision(): Bit | undefined {
    return this.#halt.decision
  }

  /** Whether nobody needs this member's votes any more. */
  get halted(): boolean {
    return this.#halt.halted
  }

  /** Whether this member has seen that more than f members are faulty, and votes no more. */
  get broken(): boolean {
    return this.#broken
  }

  /** Whether this member sends no votes any more. */
  get silent(): boolean {
    return this.#broken || this.#halt.halted
  }

  /** Whether a message still matters. A halted member answers a peer that asks for votes here. */
  admits(from: PeerIndex, message: { readonly type: string }): boolean {
    if (!this.#halt.halted) return !this.#broken
    this.#afterHalt(from, message)
    return false
  }

  /** Takes in a message that is no vote. */
  receive(from: PeerIndex, message: CommonMessage<CoinMessage>): void {
    switch (message.type) {
      case 'term':
        this.#onTerm(from, message.bit)
        break
      case 'sync-req':
        this.#onSyncRequest(from, message)
        break
      case 'coin':
        this.#onCoinMessage(from, message)
        break
    }
  }

  /** T1, in a round that its own rules decide; false if f + 1 TERM have said otherwise. */
  decide(bit: Bit): boolean {
    if (this.#halt.decide(bit)) return true
    const { current } = this.#options.rounds
    return this.breakDown(`round ${current} decides ${bit} after f + 1 TERM of the other bit`)
  }

  /** Asks for the coin of a round, once. */
  flip(round: Round): void {
    this.#roundCoins().flip(round)
  }

  /** More than f members are faulty, or we have a bug. Nobody is served by our votes: keep the evidence and stop voting. */
  breakDown(detail: string): false {
    this.#broken = true
    this.#effects.fault({ rule: 'raba/invariant-broken', detail })
    return false
  }

  #onTerm(from: PeerIndex, bit: Bit): void {
    if (!this.#halt.onTerm(from, bit)) this.breakDown(`f + 1 TERM(${bit}) after deciding otherwise`)
    else if (this.#halt.halted) this.#free()
    else this.#options.onTerm()
  }

  // Our votes, and again what our coins have sent: each round once per peer
  #onSyncRequest(from: PeerIndex, request: SyncRequest): void {
    const { params, roundsAhead, memory } = this.#options
    this.#pull ??= new PullLimit(params.committee.n, roundsAhead)
    const range = this.#pull.take(from, request, memory.rounds())
    if (range === undefined) return
    memory.tell(from, range)
    this.#coins?.resend(from, range)
  }

  #onCoinMessage(from: PeerIndex, envelope: CoinEnvelope<CoinMessage>): void {
    const { rounds } = this.#options
    if (rounds.covers(envelope.round)) this.#roundCoins().receive(from, envelope)
    else rounds.noteMissed(from, envelope.round)
  }

  #onCoin(round: Round, bit: Bit): void {
    if (!this.silent) this.#options.onCoin(round, bit)
  }

  // A halted member answers a peer that asks for votes with TERM, once: it has no votes any more
  #afterHalt(from: PeerIndex, message: { readonly type: string }): void {
    const { decision } = this.#halt
    if (message.type !== 'sync-req' || decision === undefined) return
    this.#toldHalted ??= new PeerSet(this.#options.params.committee.n)
    if (this.#toldHalted.add(from)) this.#effects.send(from, { type: 'term', bit: decision })
  }

  #roundCoins(): RoundCoins<CoinMessage> {
    this.#coins ??= new RoundCoins({
      coin: this.#options.coin,
      params: this.#options.params,
      effects: this.#effects,
      onBit: (round, bit) => this.#onCoin(round, bit),
    })
    return this.#coins
  }

  /** After the halt only {halted, decision} remains. */
  #free(): void {
    this.#options.onHalt()
    this.#coins = undefined
    this.#pull = undefined
  }
}
