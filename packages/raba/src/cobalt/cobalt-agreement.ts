/**
 * Binary agreement over a common coin, plain and reproposable: one code path.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  fPlus1,
  invariant,
  opposite,
  type PeerIndex,
  type Protocol,
  type Round,
  twoFPlus1,
  unreachable,
} from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import type { CoinEnvelope, Trit } from '../rounds/messages.js'
import { OwnVotes } from '../rounds/own-votes.js'
import { Prevotes } from '../rounds/prevotes.js'
import type { MemberView } from '../rounds/progress.js'
import { Proposal } from '../rounds/proposal.js'
import { type Part, takePart } from '../rounds/take-part.js'
import { hasVoted, type VoteRecord } from '../rounds/vote-record.js'
import { VoteSlots } from '../rounds/vote-slots.js'
import { VotingRound } from '../rounds/voting-round.js'
import { RoundWindow } from '../rounds/window.js'
import type { CobaltMessage } from './messages.js'
import type { CobaltSetup } from './setup.js'
import { AUX, COBALT_FAST_VOTES, CONF, type CobaltStage, cobaltBallot, stageMessage } from './stages.js'

/** What one member thinks. */
export interface CobaltView extends MemberView {
  /** U of the current round; undefined before the coin of the round was asked for. */
  readonly union: Trit | undefined
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
  readonly #committee: Committee
  readonly #effects: Effects<CobaltMessage<CoinMessage>, Bit>
  readonly #window: RoundWindow<VotingRound>
  readonly #slots: VoteSlots
  readonly #own = new OwnVotes()
  readonly #proposal: Proposal
  readonly #bvals: Prevotes<CobaltMessage<CoinMessage>>
  readonly #part: Part<VotingRound, CoinMessage>
  #union: Trit | undefined

  constructor(
    setup: CobaltSetup<CoinMessage>,
    params: AgreementParams,
    effects: Effects<CobaltMessage<CoinMessage>, Bit>,
  ) {
    const { committee } = params
    this.#setup = setup
    this.#committee = committee
    this.#effects = effects
    this.#proposal = new Proposal(setup.reproposable)
    this.#window = new RoundWindow(committee.n, setup.roundsAhead, n => new VotingRound(n))
    this.#slots = new VoteSlots(this.#window, cobaltBallot(setup.rules.lastStage), effects)
    this.#bvals = new Prevotes({
      committee,
      window: this.#window,
      own: this.#own,
      effects,
      message: (round, bit) => ({ type: 'bval', round, bit }),
    })
    this.#part = takePart({
      coin: setup.coin,
      roundsAhead: setup.roundsAhead,
      // A unanimous round decides only if the coin agrees, so rule B does not hold here
      brake: false,
      params,
      effects,
      proposal: this.#proposal,
      window: this.#window,
      memory: this.#own.memory(effects),
      store: (from, round, record) => this.#slots.record(from, round, record),
      amplify: (number, round) => this.#bvals.amplify(number, round),
      runRound: () => this.#runRound(),
      onEntered: left => this.#onEntered(left),
      onHalt: () => this.#own.clear(),
      onCoin: (round, bit) => this.#onCoin(round, bit),
    })
  }

  handleInput(input: RabaInput): void {
    this.#proposal.note(input)
    if (this.#part.participation.silent) return
    if (input.type === 'propose') this.#propose(input.bit)
    else this.#repropose()
  }

  handleMessage(from: PeerIndex, message: CobaltMessage<CoinMessage>): void {
    if (this.#part.participation.admits(from, message)) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): CobaltView {
    return {
      ...this.#part.progress.view(),
      union: this.#union,
      ownVotes: round => this.#own.of(round),
      votesDropped: this.#window.dropped,
      slotBytes: this.#window.bytes,
      logBytes: 2 * this.#own.rounds,
    }
  }

  #receive(from: PeerIndex, message: CobaltMessage<CoinMessage>): void {
    const { participation, settling } = this.#part
    switch (message.type) {
      case 'bval':
        settling.at(message.round, this.#slots.prevote(from, message.round, message.bit))
        break
      case 'aux':
        settling.at(message.round, this.#slots.vote(from, message.round, AUX, message.bit))
        break
      case 'conf':
        settling.at(message.round, this.#slots.vote(from, message.round, CONF, message.value))
        break
      case 'fast':
        this.#onFast(from)
        break
      case 'sync-rep':
        settling.onSyncReply(from, message)
        break
      case 'coin':
        this.#onCoinMessage(from, message)
        break
      case 'term':
      case 'sync-req':
        participation.receive(from, message)
        break
      default:
        unreachable(message)
    }
  }

  // 1: enter round r with est: broadcast BVAL_r(est)
  // P1: propose(1): bset_0 += 1; broadcast BVAL_0(1), AUX_0(1), CONF_0({1}) at once
  #propose(bit: Bit): void {
    this.#part.progress.adopt(bit)
    if (this.#setup.reproposable && bit === 1) this.#window.now().addToBset(1)
    this.#part.settling.all()
  }

  // P3: repropose(1): BVAL_0(1) if unsent; bset_0 += 1. In any round until HALT, as the message still helps laggards
  #repropose(): void {
    if (this.#window.current === 0) {
      const round = this.#window.now()
      round.addToBset(1)
      this.#tryFastPath(round)
    }
    this.#bvals.say(0 as Round, 1)
    this.#part.settling.all()
  }

  // FAST: BVAL_0(1), AUX_0(1), CONF_0({1}); fills those three slots
  #onFast(from: PeerIndex): void {
    if (!this.#setup.reproposable) this.#effects.fault({ rule: 'raba/unexpected-fast', peer: from })
    else this.#part.settling.at(0 as Round, this.#slots.record(from, 0 as Round, COBALT_FAST_VOTES))
  }

  #onCoinMessage(from: PeerIndex, envelope: CoinEnvelope<CoinMessage>): void {
    if (this.#isBiased(envelope.round)) this.#effects.fault({ rule: 'raba/unexpected-coin', peer: from })
    else this.#part.participation.receive(from, envelope)
  }

  #onCoin(round: Round, bit: Bit): void {
    const union = this.#union
    invariant(
      union !== undefined && round === this.#window.current,
      'a coin answers in the round that asks it',
    )
    if (this.#meetCoin(union, bit)) this.#part.settling.all()
  }

  #runRound(): boolean {
    const { current } = this.#window
    const { estimate } = this.#part.progress
    const round = this.#window.now()
    // 3: 2f + 1 BVAL_r(v): bset_r += v; of both in one pass the own estimate is first
    const other = opposite(estimate)
    this.#bvals.gather(round, estimate, this.#bsetThreshold(estimate))
    this.#bvals.gather(round, other, this.#bsetThreshold(other))
    this.#tryFastPath(round)
    this.#bvals.say(current, estimate)
    // 2: any round r' ≤ current: f + 1 BVAL_r'(v), own unsent: broadcast BVAL_r'(v)
    this.#bvals.amplify(current, round)
    round.accept(this.#setup.rules.acceptance, this.#committee)
    // 4: first v in bset: broadcast AUX(v)
    if (round.first !== undefined) this.#sendVote(current, AUX, round.first)
    this.#tryConfirm(round)
    return this.#tryAskCoin(round)
  }

  // P2: f + 1 BVAL_0(1): bset_0 += 1
  #bsetThreshold(bit: Bit): number {
    const lowered = bit === 1 && this.#isBiased(this.#window.current)
    return lowered ? fPlus1(this.#committee) : twoFPlus1(this.#committee)
  }

  // P1, P2: fast path (AUX_0(1), CONF_0({1})) only if AUX_0 is unsent. Before rule 4, so 1 wins if both values entered in one pass
  #tryFastPath(round: VotingRound): void {
    const { current } = this.#window
    if (!this.#isBiased(current) || !round.inBset(1) || hasVoted(this.#own.of(current), AUX)) return
    this.#own.add(current, COBALT_FAST_VOTES)
    this.#effects.broadcast({ type: 'fast' })
  }

  // 5: S can be told: broadcast CONF(S)
  #tryConfirm(round: VotingRound): void {
    const { current } = this.#window
    const { rules } = this.#setup
    if (rules.lastStage < CONF || hasVoted(this.#own.of(current), CONF)) return
    const values = rules.confirm(round, this.#committee)
    if (values !== undefined) this.#sendVote(current, CONF, values)
  }

  // 6: n − f accepted CONF (S ⊆ bset): U is fixed; only now release the coin share of (instance, r)
  // P4: the coin of round 0 is the constant 1; no shares are sent
  #tryAskCoin(round: VotingRound): boolean {
    const { current } = this.#window
    const { rules } = this.#setup
    const { participation } = this.#part
    const own = this.#own.of(current)
    if (this.#union !== undefined || !hasVoted(own, rules.lastStage)) return false
    const biased = this.#isBiased(current)
    if (!biased && rules.contradicts(round, this.#committee)) {
      return participation.breakDown(`round ${current} has confirmed both values`)
    }
    const union = rules.union(round, own, this.#committee)
    if (union === undefined) return false
    if (biased) return this.#meetCoin(union, 1)
    // Votes that come after this no longer count: they may have been chosen by someone who knows the coin
    this.#union = union
    participation.flip(current)
    return false
  }

  // 7: coin s of round r known. U = {v}: est := v, and decide v if v = s. U = {0, 1}: est := s. r + 1
  #meetCoin(union: Trit, coin: Bit): boolean {
    const decision = union === coin ? coin : undefined
    return this.#part.progress.leave({ decision, estimate: union === '*' ? coin : union }, false)
  }

  #onEntered(left: Round): void {
    this.#union = undefined
    this.#bvals.forgetIfRelayed(left)
  }

  #sendVote(round: Round, stage: CobaltStage, value: Trit): void {
    if (!this.#own.addVote(round, stage, value)) return
    this.#effects.broadcast(stageMessage(round, stage, value))
  }

  /** Round 0 of a reproposable agreement. */
  #isBiased(round: Round): boolean {
    return this.#setup.reproposable && round === 0
  }
}
