/**
 * What a member knows of one round of Crain's agreement: a slot per peer, counters, and the values that have won their place.
 */
import type { PeerIndex, VoteOutcome } from '@mc/protocol'
import type { Trit } from '../rounds/messages.js'
import type { Tally } from '../rounds/outcome.js'
import { valueIndex } from '../rounds/vote-record.js'
import { AUX, CONF, isRelayed, KINDS, type Kind, saying, says, saysAny } from './record.js'

/** The values that 2f + 1 peers have said in a stage, and which came first. */
export class WonValues {
  #values = 0
  #first: Trit | undefined

  /** The value that came first. */
  get first(): Trit | undefined {
    return this.#first
  }

  add(value: Trit): void {
    this.#values |= 1 << valueIndex(value)
    this.#first ??= value
  }

  has(value: Trit): boolean {
    return ((this.#values >> valueIndex(value)) & 1) === 1
  }
}

/**
 * The votes of one round: two bytes per peer and a counter per kind and value.
 *
 * Votes are stored as they come, and count once they are acceptable: AUX(v) on v ∈ bset, CONF(S) on S ⊆ bset, AUX2(w) on
 * w ∈ bset2. Neither set ever shrinks.
 */
export class CrainRound {
  readonly #records: Uint16Array
  readonly #counts = new Uint16Array(3 * KINDS.length)
  /** Stage one: bits. */
  readonly bset: WonValues = new WonValues()
  /** Stage two: a bit, `*`, or both. */
  readonly bset2: WonValues = new WonValues()

  /** A round without votes among n members. */
  constructor(n: number) {
    this.#records = new Uint16Array(n)
  }

  /** Bytes that the slots of the peers take. */
  get bytes(): number {
    return this.#records.byteLength
  }

  /** Counts a vote: of a relayed kind once per peer and value, of another the first of a peer. */
  add(from: PeerIndex, kind: Kind, value: Trit): VoteOutcome {
    const record = this.#records[from] as number
    if (says(record, kind, value)) return 'duplicate'
    if (!isRelayed(kind) && saysAny(record, kind)) return 'conflict'
    this.#records[from] = record | saying(kind, value)
    this.#counts[3 * kind + valueIndex(value)]! += 1
    return 'added'
  }

  /** Whether a peer has said this. */
  hasSaid(from: PeerIndex, kind: Kind, value: Trit): boolean {
    return says(this.#records[from] as number, kind, value)
  }

  /** How many peers have said this, acceptable or not. */
  count(kind: Kind, value: Trit): number {
    return this.#counts[3 * kind + valueIndex(value)] as number
  }

  /** How many accepted votes a kind has for `value`. */
  accepted(kind: Kind, value: Trit): number {
    return this.#isAcceptable(kind, value) ? this.count(kind, value) : 0
  }

  /** The accepted votes of a kind. */
  tally(kind: Kind): Tally {
    return {
      zeros: this.accepted(kind, 0),
      ones: this.accepted(kind, 1),
      stars: this.accepted(kind, '*'),
    }
  }

  /** What n − f accepted votes say: v if some bit has n − f, `*` if they are mixed; undefined: wait. */
  verdict(kind: Kind, enough: number): Trit | undefined {
    const { zeros, ones, stars } = this.tally(kind)
    if (zeros >= enough) return 0
    if (ones >= enough) return 1
    return zeros + ones + stars >= enough ? '*' : undefined
  }

  #isAcceptable(kind: Kind, value: Trit): boolean {
    if (kind !== AUX && kind !== CONF) return this.bset2.has(value)
    return value === '*' ? this.bset.has(0) && this.bset.has(1) : this.bset.has(value)
  }
}
