/**
 * Quadratic binary agreement, plain and reproposable: one code path, with a rule object per kind of round.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  fPlus1,
  nMinusF,
  opposite,
  type PeerIndex,
  PeerSet,
  type Protocol,
  type Round,
  unreachable,
} from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import { HaltGadget } from '../term.js'
import type { CoinEnvelope, QuadraticMessage, SyncReply, SyncRequest, Trit } from './messages.js'
import { OwnVotes } from './own-votes.js'
import { Proposal } from './proposal.js'
import { PullLimit } from './pull.js'
import type { QuadraticRound } from './round.js'
import { RoundCoins } from './round-coins.js'
import type { Outcome, RoundRules } from './round-rules.js'
import { type QuadraticSetup, rulesOf } from './setup.js'
import {
  FAST_VOTES,
  FINALVOTE,
  FIXVOTE,
  hasVoted,
  MAINVOTE,
  type Stage,
  VOTE,
  type VoteRecord,
  voteMessage,
} from './vote-record.js'
import { VoteStore } from './vote-store.js'
import { RoundWindow } from './window.js'

/** What one member thinks. */
export interface QuadraticView {
  readonly round: Round
  readonly estimate: Bit
  readonly decision: Bit | undefined
  readonly halted: boolean
  readonly broken: boolean
  readonly braked: boolean
  /** Its own votes of a round. */
  ownVotes(round: number): VoteRecord
  /** Votes beyond the window, not stored. */
  readonly votesDropped: number
  /** Bytes that the slots of the peers take. */
  readonly slotBytes: number
  /** Bytes that the log of its own votes takes. */
  readonly logBytes: number
}

/** One member of one agreement. Inputs and guarantees: `Aba`, `Raba`; rules: Q1 to Q7, R1 to R8, T1 to T3, B. */
export class QuadraticAgreement<CoinMessage> implements Protocol<RabaInput, QuadraticMessage<CoinMessage>> {
  readonly #setup: QuadraticSetup<CoinMessage>
  readonly #params: AgreementParams
  readonly #committee: Committee
  readonly #fPlus1: number
  readonly #nMinusF: number
  readonly #effects: Effects<QuadraticMessage<CoinMessage>, Bit>
  readonly #halt: HaltGadget
  readonly #window: RoundWindow
  readonly #store: VoteStore
  readonly #own = new OwnVotes()
  readonly #proposal: Proposal
  #estimate: Bit = 0
  #ruleDecidedRound: number | undefined
  #stage: 'voting' | 'flipping' | 'braked' = 'voting'
  #broken = false
  // Most instances decide without a coin, and without anybody asking for votes
  #coins: RoundCoins<CoinMessage> | undefined
  #pull: PullLimit | undefined
  #toldHalted: PeerSet | undefined

  constructor(
    setup: QuadraticSetup<CoinMessage>,
    params: AgreementParams,
    effects: Effects<QuadraticMessage<CoinMessage>, Bit>,
  ) {
    const { committee } = params
    this.#setup = setup
    this.#params = params
    this.#committee = committee
    this.#fPlus1 = fPlus1(committee)
    this.#nMinusF = nMinusF(committee)
    this.#effects = effects
    this.#proposal = new Proposal(setup.reproposable)
    this.#halt = new HaltGadget(committee, effects)
    this.#window = new RoundWindow(committee.n, setup.roundsAhead)
    this.#store = new VoteStore(this.#window, setup, effects)
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

  handleMessage(from: PeerIndex, message: QuadraticMessage<CoinMessage>): void {
    if (this.#halt.halted) this.#afterHalt(from, message)
    else if (!this.#broken) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): QuadraticView {
    return {
      round: this.#window.current,
      estimate: this.#estimate,
      decision: this.#halt.decision,
      halted: this.#halt.halted,
      broken: this.#broken,
      braked: this.#stage === 'braked',
      ownVotes: round => this.#own.of(round),
      votesDropped: this.#window.dropped,
      slotBytes: this.#window.bytes,
      logBytes: 2 * this.#own.rounds,
    }
  }

  #receive(from: PeerIndex, message: QuadraticMessage<CoinMessage>): void {
    switch (message.type) {
      case 'prevote':
        if (this.#store.prevote(from, message.round, message.bit)) this.#settleAt(message.round)
        break
      case 'vote':
        this.#onVote(from, message.round, VOTE, message.bit)
        break
      case 'mainvote':
        this.#onVote(from, message.round, MAINVOTE, message.value)
        break
      case 'finalvote':
        this.#onVote(from, message.round, FINALVOTE, message.value)
        break
      case 'fixvote':
        this.#onVote(from, message.round, FIXVOTE, message.value)
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

  // Q1: enter round r with est: broadcast PREVOTE_r(est) if unsent
  // R1: propose(0): broadcast PREVOTE_0(0)
  // R2: propose(1): broadcast PREVOTE_0(1); bset_0 += 1
  #propose(bit: Bit): void {
    if (this.#silent()) return
    this.#estimate = bit
    if (this.#setup.reproposable && bit === 1) this.#window.now().addToBset(1)
    this.#settle()
  }

  // R3: repropose(1): broadcast PREVOTE_0(1) if unsent; bset_0 += 1. In any round until HALT, as the message still helps laggards
  #repropose(): void {
    if (this.#silent()) return
    if (this.#window.current === 0) {
      const round = this.#window.now()
      round.addToBset(1)
      this.#tryFastPath(round, this.#setup.roundZero)
    }
    this.#sendPrevote(0 as Round, 1)
    this.#settle()
  }

  #onVote(from: PeerIndex, round: Round, stage: Stage, value: Trit): void {
    if (this.#store.vote(from, round, stage, value)) this.#settleAt(round)
  }

  // FAST: PREVOTE_0(1), VOTE_0(1), MAINVOTE_0(1), FINALVOTE_0(1); fills those four slots
  #onFast(from: PeerIndex): void {
    if (!this.#setup.reproposable) this.#effects.fault({ rule: 'raba/unexpected-fast', peer: from })
    else if (this.#store.record(from, 0 as Round, FAST_VOTES)) this.#settleAt(0 as Round)
  }

  #onTerm(from: PeerIndex, bit: Bit): void {
    if (!this.#halt.onTerm(from, bit)) this.#breakDown(`f + 1 TERM(${bit}) after deciding otherwise`)
    else if (this.#halt.halted) this.#free()
    else this.#stopWaiting()
  }

  // If decided (also by T2): est := decided; the coin that we wait for does not matter any more
  #stopWaiting(): void {
    const { decision } = this.#halt
    if (this.#stage === 'flipping' && decision !== undefined && this.#advance(decision)) this.#settle()
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
      if (this.#silent()) return
      if (this.#store.record(from, round as Round, record)) this.#settleAt(round as Round)
      round += 1
    }
  }

  #onCoinMessage(from: PeerIndex, envelope: CoinEnvelope<CoinMessage>): void {
    if (this.#window.covers(envelope.round)) this.#roundCoins().receive(from, envelope)
    else this.#window.noteMissed(from, envelope.round)
  }

  #onCoin(round: Round, bit: Bit): void {
    if (this.#silent() || this.#stage !== 'flipping' || round !== this.#window.current) return
    if (this.#advance(bit)) this.#settle()
  }

  // A halted member answers a peer that asks for votes with TERM, once: it has no votes any more
  #afterHalt(from: PeerIndex, message: QuadraticMessage<CoinMessage>): void {
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

  /** Runs the rules to a fixpoint. Within a round one pass in the papers' order is enough: no rule enables an earlier one. */
  #settle(): void {
    if (!this.#proposal.made) return
    while (this.#runRound()) {}
  }

  #runRound(): boolean {
    const { current } = this.#window
    const round = this.#window.now()
    const rules = rulesOf(this.#setup, current)
    this.#fillBset(round, rules, this.#estimate)
    this.#fillBset(round, rules, opposite(this.#estimate))
    this.#tryFastPath(round, rules)
    this.#sendPrevote(current, this.#estimate)
    this.#amplify(current, round)
    round.accept(rules.acceptance, this.#committee)
    // Q4: bset non-empty, VOTE unsent: broadcast VOTE(first)
    if (round.first !== undefined) this.#sendVote(current, VOTE, round.first)
    this.#tryStage(round, MAINVOTE, rules)
    this.#tryStage(round, FINALVOTE, rules)
    this.#tryStage(round, FIXVOTE, rules)
    return this.#tryLeave(round, rules)
  }

  // Q3: 2f + 1 PREVOTE_r(v): bset_r += v; first := v if bset was empty (both in one pass: prefer the own estimate)
  // R4: f + 1 PREVOTE_0(1): bset_0 += 1
  #fillBset(round: QuadraticRound, rules: RoundRules, bit: Bit): void {
    if (round.prevotes(bit) >= rules.bsetThreshold(bit, this.#committee)) round.addToBset(bit)
  }

  // R5: if 1 ∈ bset_0 and VOTE_0 is not yet sent: broadcast VOTE_0(1), MAINVOTE_0(1), FINALVOTE_0(1) together.
  // Checked before Q4, so 1 wins if both values entered in one pass
  #tryFastPath(round: QuadraticRound, rules: RoundRules): void {
    const { current } = this.#window
    if (!round.inBset(1) || !rules.takesFastPath(this.#own.of(current))) return
    this.#own.add(current, FAST_VOTES)
    this.#effects.broadcast({ type: 'fast' })
  }

  // Q2: any round r' ≤ current: f + 1 PREVOTE_r'(v), own unsent: broadcast PREVOTE_r'(v)
  #amplify(number: Round, round: QuadraticRound | undefined): void {
    if (round === undefined) return
    if (round.prevotes(0) >= this.#fPlus1) this.#sendPrevote(number, 0)
    if (round.prevotes(1) >= this.#fPlus1) this.#sendPrevote(number, 1)
  }

  // Q5: own VOTE sent, n − f accepted VOTE, MAINVOTE unsent. All v: MAINVOTE(v); mixed: MAINVOTE(*)
  // Q6: own MAINVOTE sent, n − f accepted MAINVOTE, FINALVOTE unsent. All v: FINALVOTE(v); mixed: FINALVOTE(*)
  // Q6b: (binding) own FINALVOTE sent, n − f accepted FINALVOTE, FIXVOTE unsent. All v: FIXVOTE(v); mixed: FIXVOTE(*)
  #tryStage(round: QuadraticRound, stage: Exclude<Stage, typeof VOTE>, { lastStage }: RoundRules): void {
    const own = this.#own.of(this.#window.current)
    const before = (stage - 1) as Stage
    if (stage > lastStage || !hasVoted(own, before) || hasVoted(own, stage)) return
    const value = round.verdict(before, this.#nMinusF)
    if (value !== undefined) this.#sendVote(this.#window.current, stage, value)
  }

  // Q7: last stage L sent and n − f accepted L-votes: the round ends; R7 in round 0 of a RABA
  #tryLeave(round: QuadraticRound, rules: RoundRules): boolean {
    const { lastStage } = rules
    if (this.#stage !== 'voting' || !hasVoted(this.#own.of(this.#window.current), lastStage)) return false
    const tally = round.tally(lastStage)
    if (rules.contradicts(tally, this.#committee)) {
      return this.#breakDown(`round ${this.#window.current} has accepted both values`)
    }
    const outcome = rules.outcome(tally, this.#committee)
    return outcome !== undefined && this.#leave(outcome, rules)
  }

  #leave({ decision, estimate }: Outcome, { flips }: RoundRules): boolean {
    const { current } = this.#window
    if (decision !== undefined) {
      this.#ruleDecidedRound ??= current
      if (!this.#halt.decide(decision)) {
        return this.#breakDown(`round ${current} decides ${decision} after f + 1 TERM of the other bit`)
      }
    }
    // If decided (also by T2): est := decided
    const next = this.#halt.decision ?? estimate
    // A common coin needs the shares of those, too, who do not need the bit themselves
    if (flips && (next === 'coin' || this.#setup.coin.common)) this.#roundCoins().flip(current)
    if (next !== 'coin') return this.#advance(next)
    this.#stage = 'flipping'
    return false
  }

  /** est := estimate; round += 1. True if another round was entered. */
  #advance(estimate: Bit): boolean {
    const left = this.#window.current
    this.#estimate = estimate
    // Rule B: let r be the round in which our own stage rules decided; complete round r + 1 and enter no later one
    if (this.#setup.brake && this.#ruleDecidedRound !== undefined && left > this.#ruleDecidedRound) {
      this.#stage = 'braked'
      return false
    }
    this.#stage = 'voting'
    this.#window.advance((peer, range) => this.#effects.send(peer, { type: 'sync-req', ...range }))
    this.#forgetIfRelayed(left)
    return true
  }

  #sendPrevote(round: Round, bit: Bit): void {
    if (!this.#own.addPrevote(round, bit)) return
    this.#effects.broadcast({ type: 'prevote', round, bit })
    this.#forgetIfRelayed(round)
  }

  #sendVote(round: Round, stage: Stage, value: Trit): void {
    if (!this.#own.addVote(round, stage, value)) return
    this.#effects.broadcast(voteMessage(round, stage, value))
  }

  /** Once both values are relayed, an earlier round has nothing left to do here: amplification was its last rule. */
  #forgetIfRelayed(round: Round): void {
    if (this.#own.prevotedBoth(round)) this.#window.forget(round)
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
