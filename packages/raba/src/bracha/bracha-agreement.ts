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
  type Protocol,
  unreachable,
} from '@mc/protocol'
import type { AbaInput, AgreementParams } from '../aba.js'
import { Participation } from '../rounds/participation.js'
import { type MemberView, Progress } from '../rounds/progress.js'
import { Proposal } from '../rounds/proposal.js'
import { type VoteAddress, VoteBroadcasts } from '../rounds/vote-broadcasts.js'
import type { BrachaAbaMessage, VoteEnvelope } from './messages.js'
import { BrachaRounds } from './rounds.js'
import type { BrachaSetup } from './setup.js'
import { type CountOf, isMoreThanHalf, total } from './validity.js'
import { type BrachaVote, byteOf, marked, STEPS, type Step, voteOf } from './vote.js'

/** What one member thinks. */
export interface BrachaView extends MemberView {
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
  readonly #committee: Committee
  readonly #effects: Effects<Message<CoinMessage, RbcMessage>, Bit>
  readonly #rounds: BrachaRounds
  readonly #broadcasts: VoteBroadcasts<RbcMessage, Message<CoinMessage, RbcMessage>>
  readonly #proposal = new Proposal(false)
  readonly #participation: Participation<CoinMessage>
  readonly #progress: Progress
  /** The step whose own vote is out, and whose n − f valid votes are waited for. */
  #step: Step | 'proposing' = 'proposing'

  constructor(
    setup: BrachaSetup<CoinMessage, RbcMessage>,
    params: AgreementParams,
    effects: Effects<Message<CoinMessage, RbcMessage>, Bit>,
  ) {
    const { committee } = params
    this.#committee = committee
    this.#effects = effects
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
    this.#participation = new Participation<CoinMessage>({
      coin: setup.coin,
      roundsAhead: setup.roundsAhead,
      params,
      effects,
      rounds: this.#rounds,
      memory: {
        // Beyond our own round, too: we may have echoed votes of members that are ahead of us
        rounds: () => this.#rounds.current + setup.roundsAhead + 1,
        tell: (peer, range) => this.#broadcasts.resend(peer, range),
      },
      onCoin: (round, bit) => this.#progress.onCoin(round, bit),
      onTerm: () => this.#progress.stopWaiting(),
      onHalt: () => this.#free(),
    })
    this.#progress = new Progress({
      participation: this.#participation,
      rounds: this.#rounds,
      brake: setup.brake,
      everybodyFlips: setup.coin.common !== false,
      effects,
      onEntered: () => this.#vote(1, this.#progress.estimate),
      settle: () => this.#settle(),
    })
  }

  handleInput(input: AbaInput): void {
    this.#proposal.propose(input.bit)
    if (this.#participation.silent) return
    this.#progress.adopt(input.bit)
    this.#enterRound()
  }

  handleMessage(from: PeerIndex, message: Message<CoinMessage, RbcMessage>): void {
    if (this.#participation.admits(from, message)) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): BrachaView {
    return {
      ...this.#progress.view(),
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
      case 'sync-req':
      case 'coin':
        this.#participation.receive(from, message)
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
    if (this.#participation.silent) return
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

  /** Runs the steps for as long as n − f valid votes of the current one are there. */
  #settle(): void {
    while (this.#tryStep()) {}
  }

  #tryStep(): boolean {
    const step = this.#step
    if (step === 'proposing' || !this.#progress.voting) return false
    const count = this.#rounds.now()
    if (total(count, step) < nMinusF(this.#committee)) return false
    if (step === 1) this.#vote(2, this.#majority(count))
    else if (step === 2) this.#vote(3, this.#verdict(count))
    else return this.#leave(count)
    return true
  }

  // 1: broadcast est
  #enterRound(): void {
    this.#vote(1, this.#progress.estimate)
    this.#settle()
  }

  // 1: upon n − f VALID step-1 votes: est := their majority, where a tie gives 0; 2: broadcast est
  #majority(count: CountOf): Bit {
    const majority = count(1, 1) > count(1, 0) ? 1 : 0
    this.#progress.adopt(majority)
    return majority
  }

  // 2: upon n − f VALID step-2 votes: if some v has more than n/2 of them: est := (D, v); 3: broadcast est
  #verdict(count: CountOf): BrachaVote {
    if (isMoreThanHalf(count(2, 0), this.#committee)) return marked(0)
    if (isMoreThanHalf(count(2, 1), this.#committee)) return marked(1)
    return this.#progress.estimate
  }

  // 3: upon n − f VALID step-3 votes: n − f (D, v): decide v. Else f + 1 (D, v): est := v. Else est := coin. Next round
  #leave(count: CountOf): boolean {
    const zeros = count(3, 'D0')
    const ones = count(3, 'D1')
    // assert: never valid (D, 0) together with valid (D, 1)
    if (zeros > 0 && ones > 0) {
      return this.#participation.breakDown(`round ${this.#rounds.current} has both (D, 0) and (D, 1)`)
    }
    const bit = zeros > 0 ? 0 : 1
    const sure = Math.max(zeros, ones)
    const decision = sure >= nMinusF(this.#committee) ? bit : undefined
    const estimate = sure >= fPlus1(this.#committee) ? bit : 'coin'
    return this.#progress.leave({ decision, estimate }, true)
  }

  #vote(step: Step, vote: BrachaVote): void {
    this.#step = step
    this.#broadcasts.vote(this.#rounds.current, step - 1, byteOf(vote))
  }

  #free(): void {
    this.#rounds.clear()
    this.#broadcasts.clear()
  }
}
