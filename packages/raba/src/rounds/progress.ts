/**
 * From round to round: what a member's estimate is, and whether it goes on.
 */
import type { Bit, Effects, Round } from '@mc/protocol'
import type { SyncRequest } from './messages.js'
import type { Outcome } from './outcome.js'
import type { Rounds, Standing } from './participation.js'

/** What one member thinks, whatever its rules. */
export interface MemberView {
  readonly round: Round
  readonly estimate: Bit
  readonly decision: Bit | undefined
  readonly halted: boolean
  readonly broken: boolean
  readonly braked: boolean
}

/** What the progress of a member is made from. */
export interface ProgressOptions {
  readonly participation: Standing
  readonly rounds: Rounds
  /** Rule B; only where a unanimous round decides for certain. */
  readonly brake: boolean
  /** Whether others need the share of a member that does not need the bit itself. */
  readonly everybodyFlips: boolean
  readonly effects: Pick<Effects<SyncRequest, never>, 'send'>
  /** Another round was entered. */
  readonly onEntered: (left: Round) => void
  /** Another round was entered outside of the rules: look at them again. */
  readonly settle: () => void
}

/** The estimate, and where in its round a member is: before its end, at the coin, or past the last round it enters. */
export class Progress {
  readonly #options: ProgressOptions
  #estimate: Bit = 0
  #ruleDecidedRound: number | undefined
  #state: 'voting' | 'flipping' | 'braked' = 'voting'

  constructor(options: ProgressOptions) {
    this.#options = options
  }

  /** What this member holds for the value to decide. */
  get estimate(): Bit {
    return this.#estimate
  }

  /** Whether the current round is still voted on here: neither is its coin waited for, nor was it the last. */
  get voting(): boolean {
    return this.#state === 'voting'
  }

  /** What this member thinks, for scripted tests. */
  view(): MemberView {
    const { participation, rounds } = this.#options
    const { decision, halted, broken } = participation
    const braked = this.#state === 'braked'
    return { round: rounds.current, estimate: this.#estimate, decision, halted, broken, braked }
  }

  /** est := the proposal, or what the votes of a round have made of it. */
  adopt(estimate: Bit): void {
    this.#estimate = estimate
  }

  /** The current round ends like this; `flips`: it has a coin to be drawn. True if another round was entered. */
  leave({ decision, estimate }: Outcome, flips: boolean): boolean {
    const { participation, rounds, everybodyFlips } = this.#options
    const { current } = rounds
    if (decision !== undefined) {
      this.#ruleDecidedRound ??= current
      if (!participation.decide(decision)) return false
    }
    // If decided (also by T2): est := decided
    const next = participation.decision ?? estimate
    // A common coin needs the shares of those, too, who do not need the bit themselves
    if (flips && (next === 'coin' || everybodyFlips)) participation.flip(current)
    if (next !== 'coin') return this.#advance(next)
    this.#state = 'flipping'
    return false
  }

  /** The coin of a round is known. */
  onCoin(round: Round, bit: Bit): void {
    if (this.#state === 'flipping' && round === this.#options.rounds.current) this.#goOn(bit)
  }

  /** If decided (also by T2): est := decided; the coin that we wait for does not matter any more. */
  stopWaiting(): void {
    const { decision } = this.#options.participation
    if (this.#state === 'flipping' && decision !== undefined) this.#goOn(decision)
  }

  #goOn(estimate: Bit): void {
    if (this.#advance(estimate)) this.#options.settle()
  }

  /** est := estimate; round += 1. True if another round was entered. */
  #advance(estimate: Bit): boolean {
    const { rounds, brake, effects, onEntered } = this.#options
    const left = rounds.current
    this.#estimate = estimate
    // Rule B: let r be the round in which our own rules decided; complete round r + 1 and enter no later one
    if (brake && this.#ruleDecidedRound !== undefined && left > this.#ruleDecidedRound) {
      this.#state = 'braked'
      return false
    }
    this.#state = 'voting'
    rounds.advance((peer, range) => effects.send(peer, { type: 'sync-req', ...range }))
    onEntered(left)
    return true
  }
}
