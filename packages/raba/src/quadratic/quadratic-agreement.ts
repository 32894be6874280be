/**
 * Quadratic binary agreement, plain and reproposable: one code path, with a rule object per kind of round.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  nMinusF,
  opposite,
  type PeerIndex,
  type Protocol,
  type Round,
  unreachable,
} from '@mc/protocol'
import type { AgreementParams } from '../aba.js'
import type { RabaInput } from '../raba.js'
import type { Trit } from '../rounds/messages.js'
import { OwnVotes } from '../rounds/own-votes.js'
import { Prevotes } from '../rounds/prevotes.js'
import type { MemberView } from '../rounds/progress.js'
import { Proposal } from '../rounds/proposal.js'
import { type Part, takePart } from '../rounds/take-part.js'
import {
  FINALVOTE,
  FIXVOTE,
  hasVoted,
  MAINVOTE,
  type Stage,
  VOTE,
  type VoteRecord,
} from '../rounds/vote-record.js'
import { VoteSlots } from '../rounds/vote-slots.js'
import { VotingRound } from '../rounds/voting-round.js'
import { RoundWindow } from '../rounds/window.js'
import { quadraticBallot } from './ballot.js'
import type { QuadraticMessage } from './messages.js'
import { type RoundRules, rulesOf } from './round-rules.js'
import type { QuadraticSetup } from './setup.js'
import { FAST_VOTES, voteMessage } from './vote-message.js'

/** What one member thinks. */
export interface QuadraticView extends MemberView {
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
  readonly #committee: Committee
  readonly #nMinusF: number
  readonly #effects: Effects<QuadraticMessage<CoinMessage>, Bit>
  readonly #window: RoundWindow<VotingRound>
  readonly #slots: VoteSlots
  readonly #own = new OwnVotes()
  readonly #proposal: Proposal
  readonly #prevotes: Prevotes<QuadraticMessage<CoinMessage>>
  readonly #part: Part<VotingRound, CoinMessage>

  constructor(
    setup: QuadraticSetup<CoinMessage>,
    params: AgreementParams,
    effects: Effects<QuadraticMessage<CoinMessage>, Bit>,
  ) {
    const { committee } = params
    this.#setup = setup
    this.#committee = committee
    this.#nMinusF = nMinusF(committee)
    this.#effects = effects
    this.#proposal = new Proposal(setup.reproposable)
    this.#window = new RoundWindow(committee.n, setup.roundsAhead, n => new VotingRound(n))
    this.#slots = new VoteSlots(this.#window, quadraticBallot(setup), effects)
    this.#prevotes = new Prevotes({
      committee,
      window: this.#window,
      own: this.#own,
      effects,
      message: (round, bit) => ({ type: 'prevote', round, bit }),
    })
    this.#part = takePart({
      coin: setup.coin,
      roundsAhead: setup.roundsAhead,
      brake: setup.brake,
      params,
      effects,
      proposal: this.#proposal,
      window: this.#window,
      memory: this.#own.memory(effects),
      store: (from, round, record) => this.#slots.record(from, round, record),
      amplify: (number, round) => this.#prevotes.amplify(number, round),
      runRound: () => this.#runRound(),
      onEntered: left => this.#prevotes.forgetIfRelayed(left),
      onHalt: () => this.#own.clear(),
    })
  }

  handleInput(input: RabaInput): void {
    this.#proposal.note(input)
    if (this.#part.participation.silent) return
    if (input.type === 'propose') this.#propose(input.bit)
    else this.#repropose()
  }

  handleMessage(from: PeerIndex, message: QuadraticMessage<CoinMessage>): void {
    if (this.#part.participation.admits(from, message)) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): QuadraticView {
    return {
      ...this.#part.progress.view(),
      ownVotes: round => this.#own.of(round),
      votesDropped: this.#window.dropped,
      slotBytes: this.#window.bytes,
      logBytes: 2 * this.#own.rounds,
    }
  }

  #receive(from: PeerIndex, message: QuadraticMessage<CoinMessage>): void {
    const { participation, settling } = this.#part
    switch (message.type) {
      case 'prevote':
        settling.at(message.round, this.#slots.prevote(from, message.round, message.bit))
        break
      case 'vote':
        settling.at(message.round, this.#slots.vote(from, message.round, VOTE, message.bit))
        break
      case 'mainvote':
        settling.at(message.round, this.#slots.vote(from, message.round, MAINVOTE, message.value))
        break
      case 'finalvote':
        settling.at(message.round, this.#slots.vote(from, message.round, FINALVOTE, message.value))
        break
      case 'fixvote':
        settling.at(message.round, this.#slots.vote(from, message.round, FIXVOTE, message.value))
        break
      case 'fast':
        this.#onFast(from)
        break
      case 'sync-rep':
        settling.onSyncReply(from, message)
        break
      case 'term':
      case 'sync-req':
      case 'coin':
        participation.receive(from, message)
        break
      default:
        unreachable(message)
    }
  }

  // Q1: enter round r with est: broadcast PREVOTE_r(est) if unsent
  // R1: propose(0): broadcast PREVOTE_0(0)
  // R2: propose(1): broadcast PREVOTE_0(1); bset_0 += 1
  #propose(bit: Bit): void {
    this.#part.progress.adopt(bit)
    if (this.#setup.reproposable && bit === 1) this.#window.now().addToBset(1)
    this.#part.settling.all()
  }

  // R3: repropose(1): broadcast PREVOTE_0(1) if unsent; bset_0 += 1. In any round until HALT, as the message still helps laggards
  #repropose(): void {
    if (this.#window.current === 0) {
      const round = this.#window.now()
      round.addToBset(1)
      this.#tryFastPath(round, this.#setup.roundZero)
    }
    this.#prevotes.say(0 as Round, 1)
    this.#part.settling.all()
  }

  // FAST: PREVOTE_0(1), VOTE_0(1), MAINVOTE_0(1), FINALVOTE_0(1); fills those four slots
  #onFast(from: PeerIndex): void {
    if (!this.#setup.reproposable) this.#effects.fault({ rule: 'raba/unexpected-fast', peer: from })
    else this.#part.settling.at(0 as Round, this.#slots.record(from, 0 as Round, FAST_VOTES))
  }

  #runRound(): boolean {
    const { current } = this.#window
    const { estimate } = this.#part.progress
    const round = this.#window.now()
    const rules = rulesOf(this.#setup, current)
    // Q3: 2f + 1 PREVOTE_r(v): bset_r += v. R4: f + 1 PREVOTE_0(1): bset_0 += 1. Of both in one pass the own estimate is first
    const other = opposite(estimate)
    this.#prevotes.gather(round, estimate, rules.bsetThreshold(estimate, this.#committee))
    this.#prevotes.gather(round, other, rules.bsetThreshold(other, this.#committee))
    this.#tryFastPath(round, rules)
    this.#prevotes.say(current, estimate)
    // Q2: any round r' ≤ current: f + 1 PREVOTE_r'(v), own unsent: broadcast PREVOTE_r'(v)
    this.#prevotes.amplify(current, round)
    round.accept(rules.acceptance, this.#committee)
    // Q4: bset non-empty, VOTE unsent: broadcast VOTE(first)
    if (round.first !== undefined) this.#sendVote(current, VOTE, round.first)
    this.#tryStage(round, MAINVOTE, rules)
    this.#tryStage(round, FINALVOTE, rules)
    this.#tryStage(round, FIXVOTE, rules)
    return this.#tryLeave(round, rules)
  }

  // R5: if 1 ∈ bset_0 and VOTE_0 is not yet sent: broadcast VOTE_0(1), MAINVOTE_0(1), FINALVOTE_0(1) together.
  // Checked before Q4, so 1 wins if both values entered in one pass
  #tryFastPath(round: VotingRound, rules: RoundRules): void {
    const { current } = this.#window
    if (!round.inBset(1) || !rules.takesFastPath(this.#own.of(current))) return
    this.#own.add(current, FAST_VOTES)
    this.#effects.broadcast({ type: 'fast' })
  }

  // Q5: own VOTE sent, n − f accepted VOTE, MAINVOTE unsent. All v: MAINVOTE(v); mixed: MAINVOTE(*)
  // Q6: own MAINVOTE sent, n − f accepted MAINVOTE, FINALVOTE unsent. All v: FINALVOTE(v); mixed: FINALVOTE(*)
  // Q6b: (binding) own FINALVOTE sent, n − f accepted FINALVOTE, FIXVOTE unsent. All v: FIXVOTE(v); mixed: FIXVOTE(*)
  #tryStage(round: VotingRound, stage: Exclude<Stage, typeof VOTE>, { lastStage }: RoundRules): void {
    const own = this.#own.of(this.#window.current)
    const before = (stage - 1) as Stage
    if (stage > lastStage || !hasVoted(own, before) || hasVoted(own, stage)) return
    const value = round.verdict(before, this.#nMinusF)
    if (value !== undefined) this.#sendVote(this.#window.current, stage, value)
  }

  // Q7: last stage L sent and n − f accepted L-votes: the round ends; R7 in round 0 of a RABA
  #tryLeave(round: VotingRound, rules: RoundRules): boolean {
    const { lastStage } = rules
    const { participation, progress } = this.#part
    if (!progress.voting || !hasVoted(this.#own.of(this.#window.current), lastStage)) return false
    const tally = round.tally(lastStage)
    if (rules.contradicts(tally, this.#committee)) {
      return participation.breakDown(`round ${this.#window.current} has accepted both values`)
    }
    const outcome = rules.outcome(tally, this.#committee)
    return outcome !== undefined && progress.leave(outcome, rules.flips)
  }

  #sendVote(round: Round, stage: Stage, value: Trit): void {
    if (!this.#own.addVote(round, stage, value)) return
    this.#effects.broadcast(voteMessage(round, stage, value))
  }
}
