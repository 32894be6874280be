/**
 * Cubic binary agreement, plain and reproposable: plain votes, and a FINALVOTE by reliable broadcast.
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
import { type VoteAddress, VoteBroadcasts } from '../bracha/vote-broadcasts.js'
import type { CoinEnvelope, SyncRequest, Trit } from '../quadratic/messages.js'
import { OwnVotes } from '../quadratic/own-votes.js'
import { Proposal } from '../quadratic/proposal.js'
import { PullLimit } from '../quadratic/pull.js'
import type { QuadraticRound } from '../quadratic/round.js'
import { RoundCoins } from '../quadratic/round-coins.js'
import type { Outcome } from '../quadratic/round-rules.js'
import {
  FINALVOTE,
  hasVoted,
  MAINVOTE,
  type Stage,
  VOTE,
  type VoteRecord,
  valueIndex,
} from '../quadratic/vote-record.js'
import { RoundWindow } from '../quadratic/window.js'
import type { RabaInput } from '../raba.js'
import { HaltGadget } from '../term.js'
import type { CubicMessage, FinalvoteEnvelope, PlainSyncReply } from './messages.js'
import { plainOf } from './plain-record.js'
import { type PlainStage, PlainVotes } from './plain-votes.js'
import { type CubicRules, cubicRulesOf } from './round-rules.js'
import type { CubicSetup } from './setup.js'

/** What one member thinks. */
export interface CubicView {
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
  /** Broadcasts that have begun and not delivered. */
  readonly openBroadcasts: number
}

/** One member of one agreement. Inputs and guarantees: `Aba`, `Raba`; rules: C1 to C6, H1 to H7, R1 to R6, T1 to T3, B. */
export class CubicAgreement<CoinMessage, RbcMessage>
  implements Protocol<RabaInput, CubicMessage<CoinMessage, RbcMessage>>
{
  readonly #setup: CubicSetup<CoinMessage, RbcMessage>
  readonly #params: AgreementParams
  readonly #committee: Committee
  readonly #fPlus1: number
  readonly #nMinusF: number
  readonly #effects: Effects<CubicMessage<CoinMessage, RbcMessage>, Bit>
  readonly #halt: HaltGadget
  readonly #window: RoundWindow
  readonly #votes: PlainVotes
  readonly #broadcasts: VoteBroadcasts<RbcMessage, CubicMessage<CoinMessage, RbcMessage>>
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
    setup: CubicSetup<CoinMessage, RbcMessage>,
    params: AgreementParams,
    effects: Effects<CubicMessage<CoinMessage, RbcMessage>, Bit>,
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
    this.#votes = new PlainVotes(this.#window, setup, effects)
    this.#broadcasts = new VoteBroadcasts({
      rbc: setup.rbc,
      committee,
      steps: 1,
      effects,
      wrap: ({ round, proposer }, message) => ({ type: 'finalvote', round, proposer, message }),
      onVote: (address, vote) => this.#onFinalvote(address, vote),
    })
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

  handleMessage(from: PeerIndex, message: CubicMessage<CoinMessage, RbcMessage>): void {
    if (this.#halt.halted) this.#afterHalt(from, message)
    else if (!this.#broken) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): CubicView {
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
      openBroadcasts: this.#broadcasts.open,
    }
  }

  #receive(from: PeerIndex, message: CubicMessage<CoinMessage, RbcMessage>): void {
    switch (message.type) {
      case 'prevote':
        if (this.#votes.prevote(from, message.round, message.bit)) this.#settleAt(message.round)
        break
      case 'vote':
        this.#onVote(from, message.round, VOTE, message.bit)
        break
      case 'mainvote':
        this.#onVote(from, message.round, MAINVOTE, message.value)
        break
      case 'finalvote':
        this.#onFinalvoteMessage(from, message)
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

  // C1, H1: enter round r: broadcast PREVOTE_r(est)
  // R1: propose(0): PREVOTE_0(0)
  // R2: propose(1): PREVOTE_0(1); bset_0 += 1
  #propose(bit: Bit): void {
    if (this.#silent()) return
    this.#estimate = bit
    if (this.#setup.reproposable && bit === 1) this.#window.now().addToBset(1)
    this.#settle()
  }

  // R3: repropose(1), in any round until HALT: PREVOTE_0(1) if unsent; bset_0 += 1
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

  #onVote(from: PeerIndex, round: Round, stage: PlainStage, value: Trit): void {
    if (this.#votes.vote(from, round, stage, value)) this.#settleAt(round)
  }

  // Broadcasts of earlier rounds go on: totality is for those who are still there
  #onFinalvoteMessage(from: PeerIndex, { round, proposer, message }: FinalvoteEnvelope<RbcMessage>): void {
    if (!this.#window.covers(round)) this.#window.noteMissed(from, round)
    else this.#broadcasts.receive(from, { round, step: 0, proposer }, message)
  }

  #onFinalvote({ round, proposer }: VoteAddress, byte: number | undefined): void {
    if (this.#silent()) return
    const value = byte === undefined ? undefined : TRITS[byte]
    if (value === undefined) {
      this.#effects.fault({ rule: 'raba/malformed-vote', peer: proposer, detail: `round ${round}` })
      return
    }
    if (round < this.#window.current) return
    this.#window.at(round)?.addVote(proposer, FINALVOTE, value)
    this.#settleAt(round)
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

  // Our plain votes, and again what our broadcasts and coins have sent: each round once per peer
  #onSyncRequest(from: PeerIndex, request: SyncRequest): void {
    this.#pull ??= new PullLimit(this.#committee.n, this.#setup.roundsAhead)
    // Beyond our own round, too: we may have echoed votes of members that are ahead of us
    const range = this.#pull.take(from, request, this.#window.current + this.#setup.roundsAhead + 1)
    if (range === undefined) return
    const { fromRound } = range
    const records = this.#own.slice(fromRound, Math.min(range.toRound, this.#own.rounds - 1)).map(plainOf)
    if (records.length > 0) this.#effects.send(from, { type: 'sync-rep', fromRound, records })
    this.#broadcasts.resend(from, range)
    this.#coins?.resend(from, range)
  }

  // A reply is treated exactly as if the votes had arrived one by one from that peer
  #onSyncReply(from: PeerIndex, { fromRound, records }: PlainSyncReply): void {
    let round = fromRound as number
    for (const record of records) {
      if (this.#silent()) return
      if (this.#votes.record(from, round as Round, record)) this.#settleAt(round as Round)
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
  #afterHalt(from: PeerIndex, message: CubicMessage<CoinMessage, RbcMessage>): void {
    const { decision } = this.#halt
    if (message.type !== 'sync-req' || decision === undefined) return
    this.#toldHalted ??= new PeerSet(this.#committee.n)
    if (this.#toldHalted.add(from)) this.#effects.send(from, { type: 'term', bit: decision })
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
    const rules = cubicRulesOf(this.#setup, current)
    this.#fillBset(round, rules, this.#estimate)
    this.#fillBset(round, rules, opposite(this.#estimate))
    this.#tryFastPath(round, rules)
    this.#sendPrevote(current, this.#estimate)
    this.#amplify(current, round)
    round.accept(rules.acceptance, this.#committee)
    // C4: first v in bset: broadcast MAINVOTE(v). H4: broadcast VOTE(v)
    if (round.first !== undefined) this.#sendVote(current, rules.firstStage, round.first)
    this.#tryStage(round, MAINVOTE, rules)
    this.#tryStage(round, FINALVOTE, rules)
    return this.#tryLeave(round, rules)
  }

  // C3, H3: 2f + 1 PREVOTE_r(v): bset_r += v; of both in one pass the own estimate is first
  // R4: f + 1 PREVOTE_0(1): bset_0 += 1
  #fillBset(round: QuadraticRound, rules: CubicRules, bit: Bit): void {
    if (round.prevotes(bit) >= rules.bsetThreshold(bit, this.#committee)) round.addToBset(bit)
  }

  // R5: 1 ∈ bset_0 and MAINVOTE_0 not yet sent: MAINVOTE_0(1) and by broadcast FINALVOTE_0(1) at once.
  // Checked before C4, so 1 wins if both values entered in one pass
  #tryFastPath(round: QuadraticRound, rules: CubicRules): void {
    const { current } = this.#window
    if (!round.inBset(1) || !rules.takesFastPath(this.#own.of(current))) return
    this.#sendVote(current, MAINVOTE, 1)
    this.#sendVote(current, FINALVOTE, 1)
  }

  // C2, H2: any round r' ≤ current: f + 1 PREVOTE_r'(v), own unsent: broadcast PREVOTE_r'(v)
  #amplify(number: Round, round: QuadraticRound | undefined): void {
    if (round === undefined) return
    if (round.prevotes(0) >= this.#fPlus1) this.#sendPrevote(number, 0)
    if (round.prevotes(1) >= this.#fPlus1) this.#sendPrevote(number, 1)
  }

  // H5: own VOTE sent, n − f accepted VOTE. All v: MAINVOTE(v); mixed: MAINVOTE(*)
  // C5, H6: own MAINVOTE sent, n − f accepted MAINVOTE. By broadcast, all v: FINALVOTE(v); mixed: FINALVOTE(*)
  #tryStage(
    round: QuadraticRound,
    stage: typeof MAINVOTE | typeof FINALVOTE,
    { firstStage }: CubicRules,
  ): void {
    const own = this.#own.of(this.#window.current)
    const before = stage === FINALVOTE ? MAINVOTE : VOTE
    if (stage <= firstStage || !hasVoted(own, before) || hasVoted(own, stage)) return
    const value = round.verdict(before, this.#nMinusF)
    if (value !== undefined) this.#sendVote(this.#window.current, stage, value)
  }

  // C6, H7: own FINALVOTE sent and n − f accepted ones: the round ends
  #tryLeave(round: QuadraticRound, rules: CubicRules): boolean {
    const { current } = this.#window
    if (this.#stage !== 'voting' || !hasVoted(this.#own.of(current), FINALVOTE)) return false
    const tally = round.tally(FINALVOTE)
    if (rules.contradicts(tally, this.#committee))
      return this.#breakDown(`round ${current} supports both values`)
    const outcome = rules.outcome(tally, this.#committee)
    return outcome !== undefined && this.#leave(outcome, rules)
  }

  #leave({ decision, estimate }: Outcome, { flips }: CubicRules): boolean {
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
    if (stage === FINALVOTE) this.#broadcasts.vote(round, 0, valueIndex(value))
    else if (stage === MAINVOTE) this.#effects.broadcast({ type: 'mainvote', round, value })
    else this.#effects.broadcast({ type: 'vote', round, bit: value as Bit })
  }

  /** Once both values are relayed, an earlier round has nothing left to do here: amplification was its last rule. */
  #forgetIfRelayed(round: Round): void {
    if (this.#own.prevotedBoth(round)) this.#window.forget(round)
  }

  #roundCoins(): RoundCoins<CoinMessage> {
    const effects: Effects<CoinEnvelope<CoinMessage>, Bit> = this.#effects
    this.#coins ??= new RoundCoins({
      coin: this.#setup.coin,
      params: this.#params,
      effects,
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
    this.#broadcasts.clear()
    this.#own.clear()
    this.#coins = undefined
    this.#pull = undefined
  }
}

/** What the byte of a FINALVOTE says. */
const TRITS: readonly Trit[] = [0, 1, '*']
