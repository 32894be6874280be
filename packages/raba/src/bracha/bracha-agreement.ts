/**
 * Bracha's binary agreement: three steps a round, each a vote by reliable broadcast.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  PeerSet,
  type Protocol,
  type Round,
  unreachable,
} from '@mc/protocol'
import type { AbaInput, AgreementParams } from '../aba.js'
import type { CoinEnvelope, SyncRequest } from '../quadratic/messages.js'
import { Proposal } from '../quadratic/proposal.js'
import { PullLimit } from '../quadratic/pull.js'
import { RoundCoins } from '../quadratic/round-coins.js'
import { HaltGadget } from '../term.js'
import type { BrachaAbaMessage, VoteEnvelope } from './messages.js'
import { BrachaRounds } from './rounds.js'
import type { BrachaSetup } from './setup.js'
import { type CountOf, isMoreThanHalf, total } from './validity.js'
import { type BrachaVote, byteOf, marked, STEPS, type Step, voteOf } from './vote.js'
import { type VoteAddress, VoteBroadcasts } from './vote-broadcasts.js'

/** What one member thinks. */
export interface BrachaView {
  readonly round: Round
  readonly estimate: Bit
  readonly decision: Bit | undefined
  readonly halted: boolean
  readonly broken: boolean
  readonly braked: boolean
  /** Messages beyond the window, not taken in. */
  readonly dropped: number
  /** Bytes that the slots of the peers take. */
  readonly slotBytes: number
  /** Broadcasts that have begun and not delivered. */
  readonly openBroadcasts: number
  /** Valid votes of the current round. */
  readonly valid: CountOf
}

type Message<CoinMessage, RbcMessage> = BrachaAbaMessage<CoinMessage, RbcMessage>

/** One member of one agreement. Inputs and guarantees: `Aba`; rules: steps 1 to 3, T1 to T3, B. */
export class BrachaAgreement<CoinMessage, RbcMessage>
  implements Protocol<AbaInput, Message<CoinMessage, RbcMessage>>
{
  readonly #setup: BrachaSetup<CoinMessage, RbcMessage>
  readonly #params: AgreementParams
  readonly #committee: Committee
  readonly #effects: Effects<Message<CoinMessage, RbcMessage>, Bit>
  readonly #halt: HaltGadget
  readonly #rounds: BrachaRounds
  readonly #broadcasts: VoteBroadcasts<RbcMessage, Message<CoinMessage, RbcMessage>>
  readonly #proposal = new Proposal(false)
  #estimate: Bit = 0
  /** The step whose own vote is out, and whose n − f valid votes are waited for. */
  #step: Step | 'proposing' | 'flipping' | 'braked' = 'proposing'
  #ruleDecidedRound: number | undefined
  #broken = false
  // Most instances decide without a coin, and without anybody asking for votes
  #coins: RoundCoins<CoinMessage> | undefined
  #pull: PullLimit | undefined
  #toldHalted: PeerSet | undefined

  constructor(
    setup: BrachaSetup<CoinMessage, RbcMessage>,
    params: AgreementParams,
    effects: Effects<Message<CoinMessage, RbcMessage>, Bit>,
  ) {
    const { committee } = params
    this.#setup = setup
    this.#params = params
    this.#committee = committee
    this.#effects = effects
    this.#halt = new HaltGadget(committee, effects)
    this.#rounds = new BrachaRounds(committee, setup.roundsAhead, setup.validity)
    this.#broadcasts = new VoteBroadcasts({
      rbc: setup.rbc,
      committee,
      steps: STEPS.length,
      effects,
      wrap: ({ round, step, proposer }, message) => {
        return { type: 'vote', round, step: STEPS[step] as Step, proposer, message }
      },
      onVote: (address, vote) => this.#onVote(address, vote),
    })
  }

  handleInput(input: AbaInput): void {
    this.#proposal.propose(input.bit)
    if (this.#silent()) return
    this.#estimate = input.bit
    this.#enterRound()
  }

  handleMessage(from: PeerIndex, message: Message<CoinMessage, RbcMessage>): void {
    if (this.#halt.halted) this.#afterHalt(from, message)
    else if (!this.#broken) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): BrachaView {
    return {
      round: this.#rounds.current,
      estimate: this.#estimate,
      decision: this.#halt.decision,
      halted: this.#halt.halted,
      broken: this.#broken,
      braked: this.#step === 'braked',
      dropped: this.#rounds.dropped,
      slotBytes: this.#rounds.bytes,
      openBroadcasts: this.#broadcasts.open,
      valid: this.#rounds.now(),
    }
  }

  #receive(from: PeerIndex, message: Message<CoinMessage, RbcMessage>): void {
    switch (message.type) {
      case 'vote':
        this.#onVoteMessage(from, message)
        break
      case 'term':
        this.#onTerm(from, message.bit)
        break
      case 'sync-req':
        this.#onSyncRequest(from, message)
        break
      case 'coin':
        this.#onCoinMessage(from, message)
        break
      default:
        unreachable(message)
    }
  }

  // Broadcasts of earlier rounds go on: totality is for those who are still there
  #onVoteMessage(from: PeerIndex, { round, step, proposer, message }: VoteEnvelope<RbcMessage>): void {
    if (!this.#rounds.covers(round)) this.#rounds.noteMissed(from, round)
    else this.#broadcasts.receive(from, { round, step: step - 1, proposer }, message)
  }

  #onVote({ round, step, proposer }: VoteAddress, byte: number | undefined): void {
    if (this.#silent()) return
    const named = STEPS[step] as Step
    const vote = voteOf(byte, named)
    if (vote === undefined) {
      const detail = `round ${round}, step ${named}`
      this.#effects.fault({ rule: 'raba/malformed-vote', peer: proposer, detail })
      return
    }
    this.#rounds.store(round, named, proposer, vote)
    this.#settle()
  }

  #onTerm(from: PeerIndex, bit: Bit): void {
    if (!this.#halt.onTerm(from, bit)) this.#breakDown(`f + 1 TERM(${bit}) after deciding otherwise`)
    else if (this.#halt.halted) this.#free()
    else this.#stopWaiting()
  }

  // If decided (also by T2): est := decided; the coin that we wait for does not matter any more
  #stopWaiting(): void {
    const { decision } = this.#halt
    if (this.#step === 'flipping' && decision !== undefined && this.#advance(decision)) this.#settle()
  }

  // What our broadcasts have sent is sent again, each round once per peer
  #onSyncRequest(from: PeerIndex, request: SyncRequest): void {
    this.#pull ??= new PullLimit(this.#committee.n, this.#setup.roundsAhead)
    // Beyond our own round, too: we may have echoed votes of members that are ahead of us
    const rounds = this.#rounds.current + this.#setup.roundsAhead + 1
    const range = this.#pull.take(from, request, rounds)
    if (range === undefined) return
    this.#broadcasts.resend(from, range)
    this.#coins?.resend(from, range)
  }

  #onCoinMessage(from: PeerIndex, envelope: CoinEnvelope<CoinMessage>): void {
    if (this.#rounds.covers(envelope.round)) this.#roundCoins().receive(from, envelope)
    else this.#rounds.noteMissed(from, envelope.round)
  }

  #onCoin(round: Round, bit: Bit): void {
    if (this.#silent() || this.#step !== 'flipping' || round !== this.#rounds.current) return
    if (this.#advance(bit)) this.#settle()
  }

  // A halted member answers a peer that asks for votes with TERM, once: it has no votes any more
  #afterHalt(from: PeerIndex, message: Message<CoinMessage, RbcMessage>): void {
    const { decision } = this.#halt
    if (message.type !== 'sync-req' || decision === undefined) return
    this.#toldHalted ??= new PeerSet(this.#committee.n)
    if (this.#toldHalted.add(from)) this.#effects.send(from, { type: 'term', bit: decision })
  }

  /** Runs the steps for as long as n − f valid votes of the current one are there. */
  #settle(): void {
    while (this.#tryStep()) {}
  }

  #tryStep(): boolean {
    const step = this.#step
    if (step !== 1 && step !== 2 && step !== 3) return false
    const count = this.#rounds.now()
    if (total(count, step) < nMinusF(this.#committee)) return false
    if (step === 1) this.#vote(2, this.#majority(count))
    else if (step === 2) this.#vote(3, this.#verdict(count))
    else return this.#leave(count)
    return true
  }

  // 1: broadcast est
  #enterRound(): void {
    this.#vote(1, this.#estimate)
    this.#settle()
  }

  // 1: upon n − f VALID step-1 votes: est := their majority, where a tie gives 0; 2: broadcast est
  #majority(count: CountOf): Bit {
    this.#estimate = count(1, 1) > count(1, 0) ? 1 : 0
    return this.#estimate
  }

  // 2: upon n − f VALID step-2 votes: if some v has more than n/2 of them: est := (D, v); 3: broadcast est
  #verdict(count: CountOf): BrachaVote {
    if (isMoreThanHalf(count(2, 0), this.#committee)) return marked(0)
    if (isMoreThanHalf(count(2, 1), this.#committee)) return marked(1)
    return this.#estimate
  }

  // 3: upon n − f VALID step-3 votes: n − f (D, v): decide v. Else f + 1 (D, v): est := v. Else est := coin. Next round
  #leave(count: CountOf): boolean {
    const zeros = count(3, 'D0')
    const ones = count(3, 'D1')
    // assert: never valid (D, 0) together with valid (D, 1)
    if (zeros > 0 && ones > 0)
      return this.#breakDown(`round ${this.#rounds.current} has both (D, 0) and (D, 1)`)
    const bit = zeros > 0 ? 0 : 1
    const sure = Math.max(zeros, ones)
    if (sure >= nMinusF(this.#committee) && !this.#decide(bit)) return false
    // If decided (also by T2): est := decided
    return this.#next(this.#halt.decision ?? (sure >= fPlus1(this.#committee) ? bit : 'coin'))
  }

  #decide(bit: Bit): boolean {
    this.#ruleDecidedRound ??= this.#rounds.current
    if (this.#halt.decide(bit)) return true
    return this.#breakDown(`round ${this.#rounds.current} decides ${bit} after f + 1 TERM of the other bit`)
  }

  #next(estimate: Bit | 'coin'): boolean {
    // A common coin needs the shares of those, too, who do not need the bit themselves
    if (estimate === 'coin' || this.#setup.coin.common) this.#roundCoins().flip(this.#rounds.current)
    if (estimate !== 'coin') return this.#advance(estimate)
    this.#step = 'flipping'
    return false
  }

  /** est := estimate; round += 1. True if another round was entered. */
  #advance(estimate: Bit): boolean {
    const left = this.#rounds.current
    this.#estimate = estimate
    // Rule B: let r be the round in which our own rules decided; complete round r + 1 and enter no later one
    if (this.#setup.brake && this.#ruleDecidedRound !== undefined && left > this.#ruleDecidedRound) {
      this.#step = 'braked'
      return false
    }
    this.#rounds.advance((peer, range) => this.#effects.send(peer, { type: 'sync-req', ...range }))
    this.#vote(1, estimate)
    return true
  }

  #vote(step: Step, vote: BrachaVote): void {
    this.#step = step
    this.#broadcasts.vote(this.#rounds.current, step - 1, byteOf(vote))
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
    this.#rounds.clear()
    this.#broadcasts.clear()
    this.#coins = undefined
    this.#pull = undefined
  }
}
