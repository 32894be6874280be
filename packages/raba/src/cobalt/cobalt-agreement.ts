/**
 * Binary agreement over a common coin, plain and reproposable: one code path.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  fPlus1,
  invariant,
  nMinusF,
  opposite,
  type PeerIndex,
  PeerSet,
  type Protocol,
  type Round,
  twoFPlus1,
  unreachable,
} from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { CoinEnvelope, SyncReply, SyncRequest, Trit } from '../quadratic/messages.js'
import { OwnVotes } from '../quadratic/own-votes.js'
import { Proposal } from '../quadratic/proposal.js'
import { PullLimit } from '../quadratic/pull.js'
import type { QuadraticRound } from '../quadratic/round.js'
import { RoundCoins } from '../quadratic/round-coins.js'
import { hasVoted, type VoteRecord } from '../quadratic/vote-record.js'
import { RoundWindow } from '../quadratic/window.js'
import type { RabaInput } from '../raba.js'
import { HaltGadget } from '../term.js'
import type { CobaltMessage } from './messages.js'
import type { CobaltSetup } from './setup.js'
import { AUX, COBALT_FAST_VOTES, CONF, type CobaltStage, stageMessage } from './stages.js'
import { VoteSlots } from './vote-slots.js'

/** What one member thinks. */
export interface CobaltView {
  readonly round: Round
  readonly estimate: Bit
  /** U of the current round; undefined before the coin of the round was asked for. */
  readonly union: Trit | undefined
  readonly decision: Bit | undefined
  readonly halted: boolean
  readonly broken: boolean
  /** Its own votes of a round. */
  ownVotes(round: number): VoteRecord
  /** Votes beyond the window, not stored. */
  readonly votesDropped: number
  /** Bytes that the slots of the peers take. */
  readonly slotBytes: number
  /** Bytes that the log of its own votes takes. */
  readonly logBytes: number
}

/** One member of one agreement. Inputs and guarantees: `Aba`, `Raba`; rules: 1 to 7, P1 to P4, T1 to T3. */
export class CobaltAgreement<CoinMessage> implements Protocol<RabaInput, CobaltMessage<CoinMessage>> {
  readonly #setup: CobaltSetup<CoinMessage>
  readonly #params: AgreementParams
  readonly #committee: Committee
  readonly #effects: Effects<CobaltMessage<CoinMessage>, Bit>
  readonly #halt: HaltGadget
  readonly #window: RoundWindow
  readonly #slots: VoteSlots
  readonly #own = new OwnVotes()
  readonly #proposal: Proposal
  #estimate: Bit = 0
  #union: Trit | undefined
  #broken = false
  #coins: RoundCoins<CoinMessage> | undefined
  #pull: PullLimit | undefined
  #toldHalted: PeerSet | undefined

  constructor(
    setup: CobaltSetup<CoinMessage>,
    params: AgreementParams,
    effects: Effects<CobaltMessage<CoinMessage>, Bit>,
  ) {
    const { committee } = params
    this.#setup = setup
    this.#params = params
    this.#committee = committee
    this.#effects = effects
    this.#proposal = new Proposal(setup.reproposable)
    this.#halt = new HaltGadget(committee, effects)
    this.#window = new RoundWindow(committee.n, setup.roundsAhead)
    this.#slots = new VoteSlots(this.#window, setup.rules.lastStage, effects)
  }

  handleInput(input: RabaInput): void {
    switch (input.type) {
      case 'propose':
        this.#proposal.propose(input.bit)
        this.#propose(input.bit)
        break
      case 'repropose':
        this.#proposal.repropose()
        this.#repropose()
        break
      default:
        unreachable(input)
    }
  }

  handleMessage(from: PeerIndex, message: CobaltMessage<CoinMessage>): void {
    if (this.#halt.halted) this.#afterHalt(from, message)
    else if (!this.#broken) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): CobaltView {
    return {
      round: this.#window.current,
      estimate: this.#estimate,
      union: this.#union,
      decision: this.#halt.decision,
      halted: this.#halt.halted,
      broken: this.#broken,
      ownVotes: round => this.#own.of(round),
      votesDropped: this.#window.dropped,
      slotBytes: this.#window.bytes,
      logBytes: 2 * this.#own.rounds,
    }
  }

  #receive(from: PeerIndex, message: CobaltMessage<CoinMessage>): void {
    switch (message.type) {
      case 'bval':
        if (this.#slots.bval(from, message.round, message.bit)) this.#settleAt(message.round)
        break
      case 'aux':
        if (this.#slots.vote(from, message.round, AUX, message.bit)) this.#settleAt(message.round)
        break
      case 'conf':
        if (this.#slots.vote(from, message.round, CONF, message.value)) this.#settleAt(message.round)
        break
      case 'fast':
        this.#onFast(from)
        break
      case 'term':
        this.#onTerm(from, message.bit)
        break
      case 'sync-req':
        this.#onSyncRequest(from, message)
        break
      case 'sync-rep':
        this.#onSyncReply(from, message)
        break
      case 'coin':
        this.#onCoinMessage(from, message)
        break
      default:
        unreachable(message)
    }
  }

  // 1: enter round r with est: broadcast BVAL_r(est)
  // P1: propose(1): bset_0 += 1; broadcast BVAL_0(1), AUX_0(1), CONF_0({1}) at once
  #propose(bit: Bit): void {
    if (this.#silent()) return
    this.#estimate = bit
    if (this.#setup.reproposable && bit === 1) this.#window.now().addToBset(1)
    this.#settle()
  }

  // P3: repropose(1): BVAL_0(1) if unsent; bset_0 += 1. In any round until HALT, as the message still helps laggards
  #repropose(): void {
    if (this.#silent()) return
    if (this.#window.current === 0) {
      const round = this.#window.now()
      round.addToBset(1)
      this.#tryFastPath(round)
    }
    this.#sendBval(0 as Round, 1)
    this.#settle()
  }

  // FAST: BVAL_0(1), AUX_0(1), CONF_0({1}); fills those three slots
  #onFast(from: PeerIndex): void {
    if (!this.#setup.reproposable) this.#effects.fault({ rule: 'raba/unexpected-fast', peer: from })
    else if (this.#slots.record(from, 0 as Round, COBALT_FAST_VOTES)) this.#settleAt(0 as Round)
  }

  #onTerm(from: PeerIndex, bit: Bit): void {
    if (!this.#halt.onTerm(from, bit)) this.#breakDown(`f + 1 TERM(${bit}) after deciding otherwise`)
    else if (this.#halt.halted) this.#free()
  }

  #onSyncRequest(from: PeerIndex, request: SyncRequest): void {
    this.#pull ??= new PullLimit(this.#committee.n, this.#setup.roundsAhead)
    const range = this.#pull.take(from, request, this.#own.rounds)
    if (range === undefined) return
    const records = this.#own.slice(range.fromRound, range.toRound)
    this.#effects.send(from, { type: 'sync-rep', fromRound: range.fromRound, records })
    this.#coins?.resend(from, range)
  }

  // A reply is treated exactly as if the votes had arrived one by one from that peer
  #onSyncReply(from: PeerIndex, { fromRound, records }: SyncReply): void {
    let round = fromRound as number
    for (const record of records) {
      if (this.#slots.record(from, round as Round, record)) this.#settleAt(round as Round)
      round += 1
    }
  }

  #onCoinMessage(from: PeerIndex, envelope: CoinEnvelope<CoinMessage>): void {
    if (this.#isBiased(envelope.round)) this.#effects.fault({ rule: 'raba/unexpected-coin', peer: from })
    else if (this.#window.covers(envelope.round)) this.#roundCoins().receive(from, envelope)
    else this.#window.noteMissed(from, envelope.round)
  }

  #onCoin(round: Round, bit: Bit): void {
    if (this.#silent()) return
    const union = this.#union
    invariant(
      union !== undefined && round === this.#window.current,
      'a coin answers in the round that asks it',
    )
    if (this.#meetCoin(union, bit)) this.#settle()
  }

  // A halted member answers a peer that asks for votes with TERM, once: it has no votes any more
  #afterHalt(from: PeerIndex, message: CobaltMessage<CoinMessage>): void {
    const { decision } = this.#halt
    if (message.type !== 'sync-req' || decision === undefined) return
    this.#toldHalted ??= new PeerSet(this.#committee.n)
    if (!this.#toldHalted.add(from)) return
    this.#effects.send(from, { type: 'term', bit: decision })
  }

  /** A vote of this round was stored: stages run in the current round only, amplification in every round up to it. */
  #settleAt(round: Round): void {
    const { current } = this.#window
    if (round === current) this.#settle()
    else if (round < current) this.#amplify(round, this.#window.at(round))
  }

  /** Runs the rules to a fixpoint. Within a round one pass in the paper's order is enough: no rule enables an earlier one. */
  #settle(): void {
    if (!this.#proposal.made) return
    while (this.#runRound()) {}
  }

  #runRound(): boolean {
    const { current } = this.#window
    const round = this.#window.now()
    this.#fillBset(round, this.#estimate)
    this.#fillBset(round, opposite(this.#estimate))
    this.#tryFastPath(round)
    this.#sendBval(current, this.#estimate)
    this.#amplify(current, round)
    round.accept(this.#setup.rules.acceptance, this.#committee)
    // 4: first v in bset: broadcast AUX(v)
    if (round.first !== undefined) this.#sendVote(current, AUX, round.first)
    this.#tryConfirm(round)
    return this.#tryAskCoin(round)
  }

  // 3: 2f + 1 BVAL_r(v): bset_r += v; first := v if bset was empty (both in one pass: prefer the own estimate)
  // P2: f + 1 BVAL_0(1): bset_0 += 1
  #fillBset(round: QuadraticRound, bit: Bit): void {
    const lowered = bit === 1 && this.#isBiased(this.#window.current)
    const enough = lowered ? fPlus1(this.#committee) : twoFPlus1(this.#committee)
    if (round.prevotes(bit) >= enough) round.addToBset(bit)
  }

  // P1, P2: fast path (AUX_0(1), CONF_0({1})) only if AUX_0 is unsent. Before rule 4, so 1 wins if both values entered in one pass
  #tryFastPath(round: QuadraticRound): void {
    const { current } = this.#window
    if (!this.#isBiased(current) || !round.inBset(1) || hasVoted(this.#own.of(current), AUX)) return
    this.#own.add(current, COBALT_FAST_VOTES)
    this.#effects.broadcast({ type: 'fast' })
  }

  // 2: any round r' ≤ current: f + 1 BVAL_r'(v), own unsent: broadcast BVAL_r'(v)
  #amplify(number: Round, round: QuadraticRound | undefined): void {
    if (round === undefined) return
    if (round.prevotes(0) >= fPlus1(this.#committee)) this.#sendBval(number, 0)
    if (round.prevotes(1) >= fPlus1(this.#committee)) this.#sendBval(number, 1)
  }

  // 5: n − f accepted AUX (v ∈ bset): S := {v} if n − f equal v, else {0, 1}; broadcast CONF(S)
  #tryConfirm(round: QuadraticRound): void {
    const { current } = this.#window
    if (this.#setup.rules.lastStage < CONF || hasVoted(this.#own.of(current), CONF)) return
    const values = round.verdict(AUX, nMinusF(this.#committee))
    if (values !== undefined) this.#sendVote(current, CONF, values)
  }

  // 6: n − f accepted CONF (S ⊆ bset): U is fixed; only now release the coin share of (instance, r)
  // P4: the coin of round 0 is the constant 1; no shares are sent
  #tryAskCoin(round: QuadraticRound): boolean {
    const { current } = this.#window
    const { rules } = this.#setup
    const own = this.#own.of(current)
    if (this.#union !== undefined || !hasVoted(own, rules.lastStage)) return false
    const biased = this.#isBiased(current)
    if (!biased && rules.contradicts(round, this.#committee)) {
      return this.#breakDown(`round ${current} has confirmed both values`)
    }
    const union = rules.union(round, own, this.#committee)
    if (union === undefined) return false
    if (biased) return this.#meetCoin(union, 1)
    // Votes that come after this no longer count: they may have been chosen by someone who knows the coin
    this.#union = union
    this.#roundCoins().flip(current)
    return false
  }

  // 7: coin s of round r known. U = {v}: est := v, and decide v if v = s. U = {0, 1}: est := s. r + 1
  #meetCoin(union: Trit, coin: Bit): boolean {
    if (union === coin && !this.#halt.decide(coin)) {
      return this.#breakDown(
        `round ${this.#window.current} decides ${coin} after f + 1 TERM of the other bit`,
      )
    }
    // If decided (also by T2): est := decided
    return this.#advance(this.#halt.decision ?? (union === '*' ? coin : union))
  }

  /** est := estimate; round += 1. */
  #advance(estimate: Bit): true {
    const left = this.#window.current
    this.#estimate = estimate
    this.#union = undefined
    this.#window.advance((peer, range) => this.#effects.send(peer, { type: 'sync-req', ...range }))
    this.#forgetIfRelayed(left)
    return true
  }

  #sendBval(round: Round, bit: Bit): void {
    if (!this.#own.addPrevote(round, bit)) return
    this.#effects.broadcast({ type: 'bval', round, bit })
    this.#forgetIfRelayed(round)
  }

  #sendVote(round: Round, stage: CobaltStage, value: Trit): void {
    if (!this.#own.addVote(round, stage, value)) return
    this.#effects.broadcast(stageMessage(round, stage, value))
  }

  /** Once both values are relayed, an earlier round has nothing left to do here: amplification was its last rule. */
  #forgetIfRelayed(round: Round): void {
    if (this.#own.prevotedBoth(round)) this.#window.forget(round)
  }

  /** Round 0 of a reproposable agreement. */
  #isBiased(round: Round): boolean {
    return this.#setup.reproposable && round === 0
  }

  #roundCoins(): RoundCoins<CoinMessage> {
    this.#coins ??= new RoundCoins({
      coin: this.#setup.coin,
      params: this.#params,
      effects: this.#effects,
      onBit: (round, bit) => this.#onCoin(round, bit),
    })
    return this.#coins
  }

  #silent(): boolean {
    return this.#broken || this.#halt.halted
  }

  /** More than f members are faulty, or we have a bug. Nobody is served by our votes: keep the evidence and stop voting. */
  #breakDown(detail: string): false {
    this.#broken = true
    this.#effects.fault({ rule: 'raba/invariant-broken', detail })
    return false
  }

  /** After the halt only {halted, decision} remains. */
  #free(): void {
    this.#window.clear()
    this.#own.clear()
    this.#coins = undefined
    this.#pull = undefined
  }
}
