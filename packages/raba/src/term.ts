/**
 * The halt gadget that all binary agreements of this package share: who decided says TERM, and everybody can stop.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  fPlus1,
  nMinusF,
  opposite,
  type PeerIndex,
  PeerSet,
} from '@mc/protocol'

/** The sender has decided on `bit`. It belongs to no round. */
export interface TermMessage {
  readonly type: 'term'
  readonly bit: Bit
}

type TermEffects = Pick<Effects<TermMessage, Bit>, 'broadcast' | 'output' | 'fault'>

/**
 * Rules T1 to T3. It works before the agreement has started, too.
 *
 * Once a correct member halts, n − 2f ≥ f + 1 correct members have sent TERM of the same bit; so all decide by T2 and halt by
 * T3, whatever the rounds and coins do, and without the member that has halted. TERM of Byzantine members alone is at most f.
 * Whoever transports messages still owes peers the TERM already sent.
 */
export class HaltGadget {
  readonly #effects: TermEffects
  readonly #fPlus1: number
  readonly #nMinusF: number
  readonly #terms: readonly [PeerSet, PeerSet]
  #decision: Bit | undefined
  #halted = false

  constructor(committee: Committee, effects: TermEffects) {
    this.#effects = effects
    this.#fPlus1 = fPlus1(committee)
    this.#nMinusF = nMinusF(committee)
    this.#terms = [new PeerSet(committee.n), new PeerSet(committee.n)]
  }

  /** What was decided, by a rule of the agreement or by T2. */
  get decision(): Bit | undefined {
    return this.#decision
  }

  /** Whether nobody needs this member's votes any more. */
  get halted(): boolean {
    return this.#halted
  }

  /**
   * T1: a protocol rule decides v, first time: output v; broadcast TERM(v).
   *
   * False if something else was decided before, which no set of at most f faulty members can bring about.
   */
  decide(bit: Bit): boolean {
    if (this.#decision !== undefined) return this.#decision === bit
    this.#decision = bit
    this.#effects.output(bit)
    this.#effects.broadcast({ type: 'term', bit })
    return this.#tryHalt()
  }

  /**
   * Counts a TERM, once per peer and bit. A peer with both bits is faulty, but at most f such peers exist, so both count.
   *
   * False if f + 1 peers contradict what was decided here.
   */
  onTerm(from: PeerIndex, bit: Bit): boolean {
    const terms = this.#terms[bit]
    if (this.#halted || !terms.add(from)) return true
    if (this.#terms[opposite(bit)].has(from))
      this.#effects.fault({ rule: 'raba/conflicting-term', peer: from })
    // T2: upon f + 1 TERM(v) and undecided: decide v, as one of the senders is correct
    if (terms.size >= this.#fPlus1 && !this.decide(bit)) return false
    return this.#tryHalt()
  }

  // T3: decided = v and n − f TERM(v): halt
  #tryHalt(): true {
    if (this.#decision !== undefined && this.#terms[this.#decision].size >= this.#nMinusF) this.#halted = true
    return true
  }
}
