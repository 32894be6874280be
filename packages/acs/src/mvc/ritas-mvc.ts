/**
 * The multi-valued consensus of RITAS: values by reliable broadcast, then who heard which values, then one binary agreement on
 * whether enough members heard the same.
 *
 * A vector says whose values its sender has heard, exactly n − f of them; what the values are, broadcasts have told everybody
 * alike. A vector supports v if n − 2f of its values are v: at most one v, as n − f < 2(n − 2f).
 *
 * Why it agrees: who proposes 1 has n − f vectors, n − 2f of them for v and none for another value; only f vectors are left that
 * could support another, which is fewer than n − 2f. So if 1 is decided, only v ever gets n − 2f vectors, and by totality v
 * gets them everywhere. Why it is valid: n − 2f ≥ f + 1 values v are those of a correct member, too; and if all correct
 * members propose v, every vector holds n − 2f values of theirs and supports v.
 */
import { equalBytes } from '@mc/crypto'
import {
  type Bit,
  type Effects,
  nMinusF,
  type PeerIndex,
  type Protocol,
  subdomain,
  unreachable,
} from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'
import type { Aba, AbaInput } from '@mc/raba'
import { BAD, type Delivery, type Rbc } from '@mc/rbc'
import { indexSet, indexSetBytes } from '../mvba/index-set.js'
import { type RitasMvcMessage, ritasMvcCodec } from './messages.js'
import { type Mvc, type MvcDecision, type MvcParams, NONE } from './mvc.js'

/** What the consensus is made of. */
export interface RitasMvcOptions<RbcMessage, AbaMessage> {
  /** Carries the values and the vectors of n bits. */
  readonly rbc: Rbc<RbcMessage>
  readonly aba: Aba<AbaMessage>
}

/**
 * Multi-valued consensus from 2n reliable broadcasts and one binary agreement, without signatures.
 *
 * Guarantees what `Mvc` promises, with any agreement: with Bracha's and local coins it needs no set-up.
 *
 * Costs: two broadcasts in a row, then the agreement. State: n values and n vectors of n bits, until the decision.
 * Faults reported: those of its parts; `acs/malformed-vector` for a vector that is not one of n − f members.
 *
 * `create` throws a RangeError if the broadcast cannot carry n bits.
 *
 * @see Correia, Neves, Veríssimo: From Consensus to Atomic Broadcast, The Computer Journal 2006; Moniz and others: RITAS, TDSC 2011;
 * as mapped in PAPER.md
 */
export function ritasMvc<RbcMessage, AbaMessage>(
  parts: RitasMvcOptions<RbcMessage, AbaMessage>,
): Mvc<RitasMvcMessage<RbcMessage, AbaMessage>> {
  const { rbc, aba } = parts
  return {
    role: 'mvc',
    name: 'mvc/ritas',
    wireVersion: 1,
    parameters: {},
    parts: { rbc, aba },
    valueBytesMax: rbc.payloadBytesMax,
    codec: size => ritasMvcCodec(size, { rbc: rbc.codec(size), aba: aba.codec(size) }),
    create: (params, effects) => new RitasMvc(params, effects, { rbc, aba }),
  }
}

/** A value that some vector supports, and how many do. */
interface Support {
  readonly value: Uint8Array
  count: number
}

class RitasMvc<RbcMessage, AbaMessage>
  implements Protocol<Uint8Array, RitasMvcMessage<RbcMessage, AbaMessage>>
{
  readonly #params: MvcParams
  readonly #effects: Effects<RitasMvcMessage<RbcMessage, AbaMessage>, MvcDecision>
  readonly #parts: RitasMvcOptions<RbcMessage, AbaMessage>
  readonly #indexSet: Codec<readonly PeerIndex[]>
  /** By proposer. */
  readonly #inits: readonly Protocol<Uint8Array, RbcMessage>[]
  readonly #vects: readonly Protocol<Uint8Array, RbcMessage>[]
  readonly #aba: Protocol<AbaInput, AbaMessage>
  /** The values that were delivered, by proposer; a broadcast of garbage is a value of no bytes. */
  readonly #values = new Map<PeerIndex, Uint8Array>()
  /** Vectors that were delivered and name a value that was not. */
  readonly #waiting = new Set<readonly PeerIndex[]>()
  readonly #supports: Support[] = []
  #validCount = 0
  #vectorSent = false
  #proposed = false
  #decision: Bit | undefined
  #done = false

  constructor(
    params: MvcParams,
    effects: Effects<RitasMvcMessage<RbcMessage, AbaMessage>, MvcDecision>,
    parts: RitasMvcOptions<RbcMessage, AbaMessage>,
  ) {
    const { n, peers } = params.committee
    if (parts.rbc.payloadBytesMax < indexSetBytes(n)) {
      throw new RangeError(
        `mvc: need a broadcast of ${indexSetBytes(n)} bytes, got ${parts.rbc.payloadBytesMax}`,
      )
    }
    this.#params = params
    this.#effects = effects
    this.#parts = parts
    this.#indexSet = indexSet(n)
    this.#inits = peers.map(proposer => this.#broadcast('init', proposer))
    this.#vects = peers.map(proposer => this.#broadcast('vect', proposer))
    this.#aba = this.#agreement()
  }

  // M1: input v: broadcast INIT(v) reliably
  handleInput(value: Uint8Array): void {
    this.#inits[this.#params.committee.self]?.handleInput(value)
  }

  handleMessage(from: PeerIndex, message: RitasMvcMessage<RbcMessage, AbaMessage>): void {
    switch (message.type) {
      case 'init':
        this.#inits[message.proposer]?.handleMessage(from, message.message)
        break
      case 'vect':
        this.#vects[message.proposer]?.handleMessage(from, message.message)
        break
      case 'aba':
        this.#aba.handleMessage(from, message.message)
        break
      default:
        unreachable(message)
    }
  }

  // M2: n − f INIT delivered: broadcast VECT(S) reliably, S the n − f members whose INIT they are
  #onInit(proposer: PeerIndex, delivery: Delivery): void {
    if (this.#done) return
    this.#values.set(proposer, delivery === BAD ? NO_VALUE : delivery)
    const { committee } = this.#params
    if (!this.#vectorSent && this.#values.size >= nMinusF(committee)) {
      this.#vectorSent = true
      const members = [...this.#values.keys()].sort((a, b) => a - b)
      this.#vects[committee.self]?.handleInput(this.#indexSet.encode(members))
    }
    this.#settle()
  }

  #onVect(proposer: PeerIndex, delivery: Delivery): void {
    if (this.#done) return
    const members = delivery === BAD ? undefined : this.#membersOf(delivery)
    if (members?.length !== nMinusF(this.#params.committee)) {
      const detail = members === undefined ? 'not a set of members' : `${members.length} members`
      this.#effects.fault({ rule: 'acs/malformed-vector', peer: proposer, detail })
      return
    }
    this.#waiting.add(members)
    this.#settle()
  }

  #settle(): void {
    for (const members of this.#waiting) {
      if (members.every(member => this.#values.has(member))) this.#accept(members)
    }
    this.#tryPropose()
    this.#tryDecide()
  }

  // M3: VECT(S) is valid once the INIT of all of S are delivered here; it supports v if n − 2f of them are v
  #accept(members: readonly PeerIndex[]): void {
    this.#waiting.delete(members)
    this.#validCount += 1
    const value = this.#valueIn(members)
    if (value === undefined) return
    const known = this.#supports.find(support => equalBytes(support.value, value))
    if (known === undefined) this.#supports.push({ value, count: 1 })
    else known.count += 1
  }

  // M4: n − f valid VECT: propose 1 if n − 2f support one value and none another, else 0
  #tryPropose(): void {
    if (this.#proposed || this.#validCount < nMinusF(this.#params.committee)) return
    this.#proposed = true
    const [first, ...others] = this.#supports
    const isClear = first !== undefined && others.length === 0 && first.count >= this.#needed()
    this.#aba.handleInput({ type: 'propose', bit: isClear ? 1 : 0 })
  }

  // M5: decided 0: NONE. Decided 1: wait for n − 2f valid VECT that support one value, and decide it
  #tryDecide(): void {
    if (this.#done || this.#decision === undefined) return
    if (this.#decision === 0) {
      this.#finish(NONE)
      return
    }
    const supported = this.#supports.find(({ count }) => count >= this.#needed())
    if (supported !== undefined) this.#finish(supported.value)
  }

  #finish(decision: MvcDecision): void {
    this.#done = true
    this.#values.clear()
    this.#waiting.clear()
    this.#supports.length = 0
    this.#effects.output(decision)
  }

  /** The value of n − 2f of these members; there is at most one, as they are n − f. */
  #valueIn(members: readonly PeerIndex[]): Uint8Array | undefined {
    const values = members.map(member => this.#values.get(member) as Uint8Array)
    return values.find(value => values.filter(other => equalBytes(other, value)).length >= this.#needed())
  }

  /** n − 2f, of which n − 3f ≥ 1 come from correct members, and which f more cannot reach for another value. */
  #needed(): number {
    const { n, f } = this.#params.committee
    return n - 2 * f
  }

  #membersOf(bytes: Uint8Array): readonly PeerIndex[] | undefined {
    try {
      return this.#indexSet.decode(bytes)
    } catch (error) {
      if (error instanceof DecodeError) return undefined
      throw error
    }
  }

  #broadcast(type: 'init' | 'vect', proposer: PeerIndex): Protocol<Uint8Array, RbcMessage> {
    return this.#parts.rbc.create(
      { committee: this.#params.committee, proposer },
      this.#effects.scope<RbcMessage, Delivery>({
        wrap: message => ({ type, proposer, message }),
        onOutput: delivery =>
          type === 'init' ? this.#onInit(proposer, delivery) : this.#onVect(proposer, delivery),
      }),
    )
  }

  #agreement(): Protocol<AbaInput, AbaMessage> {
    const { committee, domain } = this.#params
    return this.#parts.aba.create(
      { committee, domain: subdomain(domain, 'mvc') },
      this.#effects.scope<AbaMessage, Bit>({
        wrap: message => ({ type: 'aba', message }),
        onOutput: bit => {
          this.#decision = bit
          this.#tryDecide()
        },
      }),
    )
  }
}

const NO_VALUE = new Uint8Array(0)
