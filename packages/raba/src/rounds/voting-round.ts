/**
 * What a member knows of one round: a slot per peer, counters, and which votes are acceptable.
 */
import type { Bit, Committee, PeerIndex, VoteOutcome } from '@mc/protocol'
import type { Acceptance, AcceptancePredicate } from './acceptance.js'
import type { Trit } from './messages.js'
import type { Tally } from './outcome.js'
import {
  FINALVOTE,
  FIXVOTE,
  hasPrevote,
  hasVoted,
  MAINVOTE,
  STAGES,
  type Stage,
  VOTE,
  valueIndex,
  voteOf,
  withPrevote,
  withVote,
} from './vote-record.js'

/**
 * The votes of one round: two bytes per peer and a counter per kind and value.
 *
 * Votes are stored as they come. Whether a vote is *accepted* depends on its kind and value alone, never on its sender, so
 * acceptance is one flag per (kind, value), which only turns from false to true.
 */
export class VotingRound {
  readonly #records: Uint16Array
  readonly #prevotes: [number, number] = [0, 0]
  readonly #counts = new Uint16Array(3 * STAGES.length)
  #acceptable = 0
  #bset = 0
  #first: Bit | undefined

  /** A round without votes among n members. */
  constructor(n: number) {
    this.#records = new Uint16Array(n)
  }

  /** The value that entered bset first. */
  get first(): Bit | undefined {
    return this.#first
  }

  /** Bytes that the slots of the peers take. */
  get bytes(): number {
    return this.#records.byteLength
  }

  /** Counts PREVOTE(bit) once per peer; false if it was counted before. */
  addPrevote(from: PeerIndex, bit: Bit): boolean {
    const record = this.#records[from] as number
    if (hasPrevote(record, bit)) return false
    this.#records[from] = withPrevote(record, bit)
    this.#prevotes[bit] += 1
    return true
  }

  /** Counts the first vote of a peer in a stage. */
  addVote(from: PeerIndex, stage: Stage, value: Trit): VoteOutcome {
    const record = this.#records[from] as number
    if (hasVoted(record, stage)) return voteOf(record, stage) === value ? 'duplicate' : 'conflict'
    this.#records[from] = withVote(record, stage, value)
    this.#counts[slot(stage, value)]! += 1
    return 'added'
  }

  /** How many peers pre-voted `bit`. */
  prevotes(bit: Bit): number {
    return this.#prevotes[bit]
  }

  /** bset += bit. */
  addToBset(bit: Bit): void {
    this.#bset |= 1 << bit
    this.#first ??= bit
  }

  /** bit ∈ bset. */
  inBset(bit: Bit): boolean {
    return ((this.#bset >> bit) & 1) === 1
  }

  /** How many accepted votes a stage has for `value`. */
  accepted(stage: Stage, value: Trit): number {
    const at = slot(stage, value)
    return ((this.#acceptable >> at) & 1) === 1 ? (this.#counts[at] as number) : 0
  }

  /**
   * What n − f accepted votes of a stage say, counted over all accepted so far: v if some bit has n − f, `*` if they are mixed;
   * undefined: wait.
   */
  verdict(stage: Stage, enough: number): Trit | undefined {
    const zeros = this.accepted(stage, 0)
    if (zeros >= enough) return 0
    const ones = this.accepted(stage, 1)
    if (ones >= enough) return 1
    return zeros + ones + this.accepted(stage, '*') >= enough ? '*' : undefined
  }

  /** The accepted votes of a stage. */
  tally(stage: Stage): Tally {
    return {
      zeros: this.accepted(stage, 0),
      ones: this.accepted(stage, 1),
      stars: this.accepted(stage, '*'),
    }
  }

  /** Evaluates the acceptance table bottom-up: each line reads only what the lines before it have settled. */
  accept(acceptance: Acceptance, committee: Committee): void {
    this.#acceptBits(VOTE, acceptance.vote, committee)
    this.#acceptBits(MAINVOTE, acceptance.mainvote, committee)
    this.#acceptBits(FINALVOTE, acceptance.finalvote, committee)
    this.#acceptBits(FIXVOTE, acceptance.fixvote, committee)
    if (acceptance.star(this)) this.#acceptable |= STARS
  }

  #acceptBits(stage: Stage, predicate: AcceptancePredicate, committee: Committee): void {
    if (predicate(this, 0, committee)) this.#acceptable |= 1 << slot(stage, 0)
    if (predicate(this, 1, committee)) this.#acceptable |= 1 << slot(stage, 1)
  }
}

const slot = (stage: Stage, value: Trit): number => 3 * stage + valueIndex(value)

/** MAINVOTE(`*`), FINALVOTE(`*`) and FIXVOTE(`*`); a VOTE(`*`) cannot be said. */
const STARS = (1 << slot(MAINVOTE, '*')) | (1 << slot(FINALVOTE, '*')) | (1 << slot(FIXVOTE, '*'))
