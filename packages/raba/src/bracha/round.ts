/**
 * What a member knows of one round of Bracha's agreement: a slot per member and step, and counters of valid votes.
 */
import type { Bit, Committee, PeerIndex } from '@mc/protocol'
import type { CountOf, Validity } from './validity.js'
import { type BrachaVote, byteOf, STEPS, type Step, VOTES } from './vote.js'

/**
 * The votes of one round: a byte per member and step, and a counter per step and value.
 *
 * Validity is memoised: a vote becomes valid once, and is counted then; nothing is ever looked up recursively.
 */
export class BrachaRound {
  readonly #n: number
  /** 0: nothing delivered. Otherwise one more than the vote's byte, and `VALID` once it is valid. */
  readonly #slots: Uint8Array
  readonly #counts = new Uint16Array(STEPS.length * VOTES.length)

  /** A round without votes among n members. */
  constructor(n: number) {
    this.#n = n
    this.#slots = new Uint8Array(STEPS.length * n)
  }

  /** Bytes that the slots take. */
  get bytes(): number {
    return this.#slots.byteLength
  }

  /** Stores the vote of a member in a step; a broadcast delivers it once. */
  store(step: Step, proposer: PeerIndex, vote: BrachaVote): void {
    this.#slots[this.#at(step, proposer)] = byteOf(vote) + 1
  }

  /** How many valid votes of a step say `vote`. */
  readonly count: CountOf = (step, vote) => this.#counts[(step - 1) * VOTES.length + byteOf(vote)] as number

  /**
   * Looks at all votes that are not valid yet, step by step: what is valid in a step depends on the step before.
   *
   * `before` is the round before; undefined if nothing of it is known. True if the last step has more valid votes than before.
   */
  accept(table: Validity, before: CountOf | undefined, committee: Committee): boolean {
    const valid: Acceptable = { table, before, count: this.count, committee }
    this.#acceptStep(1, vote => isEstimateValid(valid, vote))
    this.#acceptStep(2, vote => isMajorityValid(valid, vote))
    return this.#acceptStep(3, (vote, proposer) => this.#isLastValid(valid, vote, proposer))
  }

  #acceptStep(step: Step, isValid: (vote: BrachaVote, proposer: number) => boolean): boolean {
    let changed = false
    for (let proposer = 0; proposer < this.#n; proposer += 1) {
      const at = this.#at(step, proposer)
      const slot = this.#slots[at] as number
      if (slot === 0 || (slot & VALID) !== 0) continue
      const vote = VOTES[slot - 1] as BrachaVote
      if (!isValid(vote, proposer)) continue
      this.#slots[at] = slot | VALID
      this.#counts[(step - 1) * VOTES.length + slot - 1]! += 1
      changed = true
    }
    return changed
  }

  #isLastValid({ table, committee }: Acceptable, vote: BrachaVote, proposer: number): boolean {
    if (vote === 'D0') return table.marked(this.count, 0, committee)
    if (vote === 'D1') return table.marked(this.count, 1, committee)
    // Plain v: v is that member's own step-2 value
    return this.#isValidAs(2, proposer, vote) && table.plain(this.count, committee)
  }

  #isValidAs(step: Step, proposer: number, vote: BrachaVote): boolean {
    return this.#slots[this.#at(step, proposer)] === ((byteOf(vote) + 1) | VALID)
  }

  #at(step: Step, proposer: number): number {
    return (step - 1) * this.#n + proposer
  }
}

interface Acceptable {
  readonly table: Validity
  readonly before: CountOf | undefined
  readonly count: CountOf
  readonly committee: Committee
}

// Steps 1 and 2 carry bits alone
const isEstimateValid = ({ table, before, committee }: Acceptable, vote: BrachaVote): boolean =>
  before !== undefined && table.estimate(before, vote as Bit, committee)

const isMajorityValid = ({ table, count, committee }: Acceptable, vote: BrachaVote): boolean =>
  table.majority(count, vote as Bit, committee)

const VALID = 0x80
