/**
 * Cubic binary agreement, plain and reproposable: plain votes, and a FINALVOTE by reliable broadcast.
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
import type { RoundRange } from '../rounds/missed-votes.js'
import { OwnVotes } from '../rounds/own-votes.js'
import type { Memory } from '../rounds/participation.js'
import { Prevotes } from '../rounds/prevotes.js'
import type { MemberView } from '../rounds/progress.js'
import { Proposal } from '../rounds/proposal.js'
import { type Part, takePart } from '../rounds/take-part.js'
import { type VoteAddress, VoteBroadcasts } from '../rounds/vote-broadcasts.js'
import {
  FINALVOTE,
  hasVoted,
  MAINVOTE,
  type Stage,
  VOTE,
  type VoteRecord,
  valueIndex,
} from '../rounds/vote-record.js'
import { VoteSlots } from '../rounds/vote-slots.js'
import { VotingRound } from '../rounds/voting-round.js'
import { RoundWindow } from '../rounds/window.js'
import { TRITS } from '../rounds/wire.js'
import { cubicBallot } from './ballot.js'
import type { CubicMessage, FinalvoteEnvelope } from './messages.js'
import { plainOf } from './plain-record.js'
import { type CubicRules, cubicRulesOf } from './round-rules.js'
import type { CubicSetup } from './setup.js'

/** What one member thinks. */
export interface CubicView extends MemberView {
  /** Its own votes of a round. */
  ownVotes(round: number): VoteRecord
  /** Votes beyond the window, not stored. */
  readonly votesDropped: number
  /** Bytes that the slots of the peers take. */
  readonly slotBytes: number
  /** Broadcasts that have begun and not delivered. */
  readonly openBroadcasts: number
}

type Message<CoinMessage, RbcMessage> = CubicMessage<CoinMessage, RbcMessage>

/** One member of one agreement. Inputs and guarantees: `Aba`, `Raba`; rules: C1 to C6, H1 to H7, R1 to R6, T1 to T3, B. */
export class CubicAgreement<CoinMessage, RbcMessage>
  implements Protocol<RabaInput, Message<CoinMessage, RbcMessage>>
{
  readonly #setup: CubicSetup<CoinMessage, RbcMessage>
  readonly #committee: Committee
  readonly #nMinusF: number
  readonly #effects: Effects<Message<CoinMessage, RbcMessage>, Bit>
  readonly #window: RoundWindow<VotingRound>
  readonly #slots: VoteSlots
  readonly #broadcasts: VoteBroadcasts<RbcMessage, Message<CoinMessage, RbcMessage>>
  readonly #own = new OwnVotes()
  readonly #proposal: Proposal
  readonly #prevotes: Prevotes<Message<CoinMessage, RbcMessage>>
  readonly #part: Part<VotingRound, CoinMessage>

  constructor(
    setup: CubicSetup<CoinMessage, RbcMessage>,
    params: AgreementParams,
    effects: Effects<Message<CoinMessage, RbcMessage>, Bit>,
  ) {
    const { committee } = params
    this.#setup = setup
    this.#committee = committee
    this.#nMinusF = nMinusF(committee)
    this.#effects = effects
    this.#proposal = new Proposal(setup.reproposable)
    this.#window = new RoundWindow(committee.n, setup.roundsAhead, n => new VotingRound(n))
    this.#slots = new VoteSlots(this.#window, cubicBallot(setup), effects)
    this.#broadcasts = new VoteBroadcasts({
      rbc: setup.rbc,
      committee,
      steps: 1,
      effects,
      wrap: ({ round, proposer }, message) => ({ type: 'finalvote', round, proposer, message }),
      onVote: (address, vote) => this.#onFinalvote(address, vote),
    })
    this.#prevotes = new Prevotes({
      committee,
      window: this.#window,
      own: this.#own,
      effects,
      message: (round, bit) => ({ type: 'prevote', round, bit }),
    })
    this.#part = takePart<VotingRound, CoinMessage>({
      coin: setup.coin,
      roundsAhead: setup.roundsAhead,
      brake: setup.brake,
      params,
      effects,
      proposal: this.#proposal,
      window: this.#window,
      memory: this.#memory(),
      store: (from, round, record) => this.#slots.record(from, round, record),
      amplify: (number, round) => this.#prevotes.amplify(number, round),
      runRound: () => this.#runRound(),
      onEntered: left => this.#prevotes.forgetIfRelayed(left),
      onHalt: () => this.#free(),
    })
  }

  handleInput(input: RabaInput): void {
    this.#proposal.note(input)
    if (this.#part.participation.silent) return
    if (input.type === 'propose') this.#propose(input.bit)
    else this.#repropose()
  }

  handleMessage(from: PeerIndex, message: Message<CoinMessage, RbcMessage>): void {
    if (this.#part.participation.admits(from, message)) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): CubicView {
    return {
      ...this.#part.progress.view(),
      ownVotes: round => this.#own.of(round),
      votesDropped: this.#window.dropped,
      slotBytes: this.#window.bytes,
      openBroadcasts: this.#broadcasts.open,
    }
  }

  #receive(from: PeerIndex, message: Message<CoinMessage, RbcMessage>): void {
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
        this.#onFinalvoteMessage(from, message)
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

  // C1, H1: enter round r: broadcast PREVOTE_r(est)
  // R1: propose(0): PREVOTE_0(0)
  // R2: propose(1): PREVOTE_0(1); bset_0 += 1
  #propose(bit: Bit): void {
    this.#part.progress.adopt(bit)
    if (this.#setup.reproposable && bit === 1) this.#window.now().addToBset(1)
    this.#part.settling.all()
  }

  // R3: repropose(1), in any round until HALT: PREVOTE_0(1) if unsent; bset_0 += 1
  #repropose(): void {
    if (this.#window.current === 0) {
      const round = this.#window.now()
      round.addToBset(1)
      this.#tryFastPath(round, this.#setup.roundZero)
    }
    this.#prevotes.say(0 as Round, 1)
    this.#part.settling.all()
  }

  // Broadcasts of earlier rounds go on: totality is for those who are still there
  #onFinalvoteMessage(from: PeerIndex, { round, proposer, message }: FinalvoteEnvelope<RbcMessage>): void {
    if (!this.#window.covers(round)) this.#window.noteMissed(from, round)
    else this.#broadcasts.receive(from, { round, step: 0, proposer }, message)
  }

  #onFinalvote({ round, proposer }: VoteAddress, byte: number | undefined): void {
    if (this.#part.participation.silent) return
    const value = byte === undefined ? undefined : TRITS[byte]
    if (value === undefined) {
      this.#effects.fault({ rule: 'raba/malformed-vote', peer: proposer, detail: `round ${round}` })
      return
    }
    if (round < this.#window.current) return
    this.#window.at(round)?.addVote(proposer, FINALVOTE, value)
    this.#part.settling.at(round, true)
  }

  // Our plain votes, and again what our broadcasts have sent
  #memory(): Memory {
    return {
      // Beyond our own round, too: we may have echoed votes of members that are ahead of us
      rounds: () => this.#window.current + this.#setup.roundsAhead + 1,
      tell: (peer, range) => this.#tell(peer, range),
    }
  }

  #tell(peer: PeerIndex, range: RoundRange): void {
    const { fromRound } = range
    const records = this.#own.slice(fromRound, Math.min(range.toRound, this.#own.rounds - 1)).map(plainOf)
    if (records.length > 0) this.#effects.send(peer, { type: 'sync-rep', fromRound, records })
    this.#broadcasts.resend(peer, range)
  }

  #runRound(): boolean {
    const { current } = this.#window
    const { estimate } = this.#part.progress
    const round = this.#window.now()
    const rules = cubicRulesOf(this.#setup, current)
    // C3, H3: 2f + 1 PREVOTE_r(v): bset_r += v. R4: f + 1 PREVOTE_0(1): bset_0 += 1. Of both in one pass the own estimate is first
    const other = opposite(estimate)
    this.#prevotes.gather(round, estimate, rules.bsetThreshold(estimate, this.#committee))
    this.#prevotes.gather(round, other, rules.bsetThreshold(other, this.#committee))
    this.#tryFastPath(round, rules)
    this.#prevotes.say(current, estimate)
    // C2, H2: any round r' ≤ current: f + 1 PREVOTE_r'(v), own unsent: broadcast PREVOTE_r'(v)
    this.#prevotes.amplify(current, round)
    round.accept(rules.acceptance, this.#committee)
    // C4: first v in bset: broadcast MAINVOTE(v). H4: broadcast VOTE(v)
    if (round.first !== undefined) this.#sendVote(current, rules.firstStage, round.first)
    this.#tryStage(round, MAINVOTE, rules)
    this.#tryStage(round, FINALVOTE, rules)
    return this.#tryLeave(round, rules)
  }

  // R5: 1 ∈ bset_0 and MAINVOTE_0 not yet sent: MAINVOTE_0(1) and by broadcast FINALVOTE_0(1) at once.
  // Checked before C4, so 1 wins if both values entered in one pass
  #tryFastPath(round: VotingRound, rules: CubicRules): void {
    const { current } = this.#window
    if (!round.inBset(1) || !rules.takesFastPath(this.#own.of(current))) return
    this.#sendVote(current, MAINVOTE, 1)
    this.#sendVote(current, FINALVOTE, 1)
  }

  // H5: own VOTE sent, n − f accepted VOTE. All v: MAINVOTE(v); mixed: MAINVOTE(*)
  // C5, H6: own MAINVOTE sent, n − f accepted MAINVOTE. By broadcast, all v: FINALVOTE(v); mixed: FINALVOTE(*)
  #tryStage(round: VotingRound, stage: typeof MAINVOTE | typeof FINALVOTE, { firstStage }: CubicRules): void {
    const own = this.#own.of(this.#window.current)
    const before = stage === FINALVOTE ? MAINVOTE : VOTE
    if (stage <= firstStage || !hasVoted(own, before) || hasVoted(own, stage)) return
    const value = round.verdict(before, this.#nMinusF)
    if (value !== undefined) this.#sendVote(this.#window.current, stage, value)
  }

  // C6, H7: own FINALVOTE sent and n − f accepted ones: the round ends
  #tryLeave(round: VotingRound, rules: CubicRules): boolean {
    const { current } = this.#window
    const { participation, progress } = this.#part
    if (!progress.voting || !hasVoted(this.#own.of(current), FINALVOTE)) return false
    const tally = round.tally(FINALVOTE)
    if (rules.contradicts(tally, this.#committee)) {
      return participation.breakDown(`round ${current} supports both values`)
    }
    const outcome = rules.outcome(tally, this.#committee)
    return outcome !== undefined && progress.leave(outcome, rules.flips)
  }

  #sendVote(round: Round, stage: Stage, value: Trit): void {
    if (!this.#own.addVote(round, stage, value)) return
    if (stage === FINALVOTE) this.#broadcasts.vote(round, 0, valueIndex(value))
    else if (stage === MAINVOTE) this.#effects.broadcast({ type: 'mainvote', round, value })
    else this.#effects.broadcast({ type: 'vote', round, bit: value as Bit })
  }

  #free(): void {
    this.#broadcasts.clear()
    this.#own.clear()
  }
}
