/**
 * Binary agreement in two stages of synchronized values, with what was seen in the first confirmed before the second.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  fPlus1,
  nMinusF,
  type PeerIndex,
  type Protocol,
  type Round,
  twoFPlus1,
  unreachable,
} from '@mc/protocol'
import type { AbaInput, AgreementParams } from '../aba.js'
import type { Trit } from '../rounds/messages.js'
import { gradedOutcome } from '../rounds/outcome.js'
import { OwnVotes } from '../rounds/own-votes.js'
import type { MemberView } from '../rounds/progress.js'
import { Proposal } from '../rounds/proposal.js'
import { type Part, takePart } from '../rounds/take-part.js'
import type { VoteRecord } from '../rounds/vote-record.js'
import { RoundWindow } from '../rounds/window.js'
import type { CrainMessage } from './messages.js'
import { AUX, AUX2, CONF, EST, EST2, type Kind, saying, says, saysAny, VALUES } from './record.js'
import { CrainRound, type WonValues } from './round.js'
import type { CrainSetup } from './setup.js'
import { voteMessage } from './vote-message.js'
import { CrainSlots } from './vote-slots.js'

/** What one member thinks. */
export interface CrainView extends MemberView {
  /** x of the current round: what it took from stage one into stage two; undefined before. */
  readonly carried: Trit | undefined
  /** Its own votes of a round. */
  ownVotes(round: number): VoteRecord
  /** Votes beyond the window, not stored. */
  readonly votesDropped: number
  /** Bytes that the slots of the peers take. */
  readonly slotBytes: number
  /** Bytes that the log of its own votes takes. */
  readonly logBytes: number
}

/** One member of one agreement. Inputs and guarantees: `Aba`; rules: E1 to E10, T1 to T3, B. */
export class CrainAgreement<CoinMessage> implements Protocol<AbaInput, CrainMessage<CoinMessage>> {
  readonly #setup: CrainSetup<CoinMessage>
  readonly #committee: Committee
  readonly #effects: Effects<CrainMessage<CoinMessage>, Bit>
  readonly #window: RoundWindow<CrainRound>
  readonly #slots: CrainSlots
  readonly #own = new OwnVotes()
  readonly #proposal = new Proposal(false)
  readonly #part: Part<CrainRound, CoinMessage>
  #carried: Trit | undefined

  constructor(
    setup: CrainSetup<CoinMessage>,
    params: AgreementParams,
    effects: Effects<CrainMessage<CoinMessage>, Bit>,
  ) {
    this.#setup = setup
    this.#committee = params.committee
    this.#effects = effects
    this.#window = new RoundWindow(params.committee.n, setup.roundsAhead, n => new CrainRound(n))
    this.#slots = new CrainSlots(this.#window, setup.rules, effects)
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
      amplify: (number, round) => this.#amplify(number, round),
      runRound: () => this.#runRound(),
      onEntered: left => this.#onEntered(left),
      onHalt: () => this.#own.clear(),
    })
  }

  handleInput(input: AbaInput): void {
    this.#proposal.note(input)
    if (this.#part.participation.silent) return
    this.#part.progress.adopt(input.bit)
    this.#part.settling.all()
  }

  handleMessage(from: PeerIndex, message: CrainMessage<CoinMessage>): void {
    if (this.#part.participation.admits(from, message)) this.#receive(from, message)
  }

  /** What this member thinks, for scripted tests. */
  view(): CrainView {
    return {
      ...this.#part.progress.view(),
      carried: this.#carried,
      ownVotes: round => this.#own.of(round),
      votesDropped: this.#window.dropped,
      slotBytes: this.#window.bytes,
      logBytes: 2 * this.#own.rounds,
    }
  }

  #receive(from: PeerIndex, message: CrainMessage<CoinMessage>): void {
    const { participation, settling } = this.#part
    switch (message.type) {
      case 'est':
        settling.at(message.round, this.#slots.vote(from, message.round, EST, message.bit))
        break
      case 'aux':
        settling.at(message.round, this.#slots.vote(from, message.round, AUX, message.bit))
        break
      case 'conf':
        settling.at(message.round, this.#slots.vote(from, message.round, CONF, message.value))
        break
      case 'est2':
        settling.at(message.round, this.#slots.vote(from, message.round, EST2, message.value))
        break
      case 'aux2':
        settling.at(message.round, this.#slots.vote(from, message.round, AUX2, message.value))
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

  #runRound(): boolean {
    const { current } = this.#window
    const { estimate } = this.#part.progress
    const round = this.#window.now()
    // E3: 2f + 1 EST(v): bset += v
    this.#gather(round, EST, round.bset, estimate)
    // E1: enter round r with est: broadcast EST_r(est)
    this.#say(current, EST, estimate)
    this.#amplify(current, round)
    // E4: first v in bset: broadcast AUX(v)
    if (round.bset.first !== undefined) this.#sayOnce(current, AUX, round.bset.first)
    this.#tryConfirm(round)
    this.#tryCarry(round)
    // E8: 2f + 1 EST2(w): bset2 += w
    this.#gather(round, EST2, round.bset2, this.#carried)
    // E9: own EST2 sent, first w in bset2: broadcast AUX2(w)
    if (this.#carried !== undefined && round.bset2.first !== undefined) {
      this.#sayOnce(current, AUX2, round.bset2.first)
    }
    return this.#tryLeave(round)
  }

  /** Of several values that win in one pass, the own one is first. */
  #gather(round: CrainRound, kind: Kind, won: WonValues, own: Trit | undefined): void {
    const enough = twoFPlus1(this.#committee)
    if (own !== undefined && round.count(kind, own) >= enough) won.add(own)
    for (const value of VALUES[kind] as readonly Trit[]) {
      if (round.count(kind, value) >= enough) won.add(value)
    }
  }

  // E2, E7: any round r' ≤ current: f + 1 EST_r'(v) or EST2_r'(w), own unsent: broadcast it
  #amplify(number: Round, round: CrainRound | undefined): void {
    if (round === undefined) return
    for (const kind of [EST, EST2] as const) {
      for (const value of VALUES[kind] as readonly Trit[]) {
        if (round.count(kind, value) >= fPlus1(this.#committee)) this.#say(number, kind, value)
      }
    }
  }

  // E5: n − f accepted AUX (v ∈ bset): S := {v} if n − f equal v, else {0, 1}; broadcast CONF(S)
  #tryConfirm(round: CrainRound): void {
    const { current } = this.#window
    if (this.#setup.rules.lastOfStageOne === AUX || saysAny(this.#own.of(current), CONF)) return
    const values = round.verdict(AUX, nMinusF(this.#committee))
    if (values !== undefined) this.#sayOnce(current, CONF, values)
  }

  // E6: own CONF sent, n − f accepted CONF (S ⊆ bset): x := v if n − f of them are {v}, else *; broadcast EST2(x)
  #tryCarry(round: CrainRound): void {
    const { current } = this.#window
    const { rules } = this.#setup
    const own = this.#own.of(current)
    if (this.#carried !== undefined || !saysAny(own, rules.lastOfStageOne)) return
    this.#carried = rules.view(round, own, this.#committee)
    if (this.#carried !== undefined) this.#say(current, EST2, this.#carried)
  }

  // E10: own AUX2 sent, n − f accepted AUX2 (w ∈ bset2). All v: decide v. Some v: est := v. Only *: est := coin. r + 1
  #tryLeave(round: CrainRound): boolean {
    const { current } = this.#window
    const { participation, progress } = this.#part
    // assert: never both bits in bset2
    if (round.bset2.has(0) && round.bset2.has(1)) {
      return participation.breakDown(`stage two of round ${current} has both bits`)
    }
    if (!progress.voting || !saysAny(this.#own.of(current), AUX2)) return false
    const outcome = gradedOutcome(round.tally(AUX2), this.#committee)
    // Where somebody sees v alone, nobody sees * alone: no member needs the coin, and none may ever come
    return outcome !== undefined && progress.leave(outcome, outcome.decision === undefined)
  }

  #onEntered(left: Round): void {
    this.#carried = undefined
    this.#forgetIfRelayed(left)
  }

  #sayOnce(round: Round, kind: Kind, value: Trit): void {
    if (!saysAny(this.#own.of(round), kind)) this.#say(round, kind, value)
  }

  #say(round: Round, kind: Kind, value: Trit): void {
    if (says(this.#own.of(round), kind, value)) return
    this.#own.add(round, saying(kind, value))
    this.#effects.broadcast(voteMessage(round, kind, value))
    this.#forgetIfRelayed(round)
  }

  /** Once both bits, and * and a bit, are relayed, an earlier round has nothing left to do here: correct members say no more. */
  #forgetIfRelayed(round: Round): void {
    const own = this.#own.of(round)
    const isRelayed = says(own, EST, 0) && says(own, EST, 1) && says(own, EST2, '*')
    if (isRelayed && (says(own, EST2, 0) || says(own, EST2, 1))) this.#window.forget(round)
  }
}
