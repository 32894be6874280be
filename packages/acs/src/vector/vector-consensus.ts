/**
 * The vector consensus of RITAS as a common subset: n broadcasts, and consensus on which of them are in, tried again with more.
 *
 * Everybody proposes the set of broadcasts that it has delivered, n − f at first. If the sets differ too much nothing is decided,
 * and everybody waits for one more.
 *
 * Why one more comes: nothing is decided only if two correct members proposed different sets; these hold n − f + r members each,
 * so n − f + r + 1 together, and totality brings all of them to everybody. After f iterations everybody has all n and proposes the
 * same. What is decided was proposed by a correct member, which has delivered it.
 */
import {
  type Effects,
  invariant,
  nMinusF,
  type PeerIndex,
  PeerSet,
  type Protocol,
  subdomain,
  unreachable,
} from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { BAD, type Delivery, type Rbc } from '@mc/rbc'
import type { Acs, AcsParams, Subset } from '../acs.js'
import { indexSet, indexSetBytes } from '../mvba/index-set.js'
import { type Mvc, type MvcDecision, NONE } from '../mvc/mvc.js'
import { type VectorConsensusMessage, vectorConsensusCodec } from './messages.js'

/** What vector consensus is made of. */
export interface VectorConsensusOptions<RbcMessage, MvcMessage> {
  /** Carries the payloads. */
  readonly rbc: Rbc<RbcMessage>
  /** Decides on sets of n bits. */
  readonly mvc: Mvc<MvcMessage>
}

/**
 * Common subset from n broadcasts and at most f + 1 consensuses, one after the other; no coin but that of the agreement inside.
 *
 * Guarantees what `Acs` promises, with `guaranteedSlots` = n − f; all but f of them come from correct proposers.
 *
 * After its output an instance goes on helping others; its parent drops it when nobody needs it any more.
 * Faults reported: those of its parts, `acs/iteration-over-f`, and `acs/no-vector-agreed` if all f + 1 iterations decided nothing,
 * that is if more than f members are faulty; the instance then stays silent. Keeps at most n payloads, and none after the output.
 *
 * `create` throws a RangeError if the consensus cannot carry n bits.
 *
 * @see Correia, Neves, Veríssimo: From Consensus to Atomic Broadcast, The Computer Journal 2006; Moniz and others: RITAS, TDSC 2011;
 * as mapped in PAPER.md
 */
export function vectorConsensus<RbcMessage, MvcMessage>({
  rbc,
  mvc,
}: VectorConsensusOptions<RbcMessage, MvcMessage>): Acs<VectorConsensusMessage<RbcMessage, MvcMessage>> {
  return {
    role: 'acs',
    name: 'acs/vector',
    wireVersion: 1,
    parameters: {},
    parts: { rbc, mvc },
    payloadBytesMax: rbc.payloadBytesMax,
    guaranteedSlots: nMinusF,
    codec: size => vectorConsensusCodec(size, { rbc: rbc.codec(size), mvc: mvc.codec(size) }),
    create: (params, effects) => new VectorConsensus(params, effects, { rbc, mvc }),
  }
}

class VectorConsensus<RbcMessage, MvcMessage>
  implements Protocol<Uint8Array, VectorConsensusMessage<RbcMessage, MvcMessage>>
{
  readonly #params: AcsParams
  readonly #effects: Effects<VectorConsensusMessage<RbcMessage, MvcMessage>, Subset>
  readonly #parts: VectorConsensusOptions<RbcMessage, MvcMessage>
  readonly #indexSet: Codec<readonly PeerIndex[]>
  /** By proposer. */
  readonly #broadcasts: readonly Protocol<Uint8Array, RbcMessage>[]
  /** By iteration, each made when it is first needed; at most f + 1. */
  readonly #consensuses: Protocol<Uint8Array, MvcMessage>[] = []
  readonly #delivered: PeerSet
  /** Those that were delivered, until we output. */
  readonly #payloads = new Map<PeerIndex, Uint8Array>()
  readonly #decisions: (MvcDecision | undefined)[] = []
  #iteration = 0
  /** In how many iterations we have proposed: always the first ones. */
  #proposedCount = 0
  /** What was decided, until all of it is delivered. */
  #decided: readonly PeerIndex[] | undefined
  #outputGiven = false

  constructor(
    params: AcsParams,
    effects: Effects<VectorConsensusMessage<RbcMessage, MvcMessage>, Subset>,
    parts: VectorConsensusOptions<RbcMessage, MvcMessage>,
  ) {
    const { n, peers } = params.committee
    if (parts.mvc.valueBytesMax < indexSetBytes(n)) {
      throw new RangeError(
        `vector: need a consensus on ${indexSetBytes(n)} bytes, got ${parts.mvc.valueBytesMax}`,
      )
    }
    this.#params = params
    this.#effects = effects
    this.#parts = parts
    this.#indexSet = indexSet(n)
    this.#delivered = new PeerSet(n)
    this.#broadcasts = peers.map(proposer => this.#broadcast(proposer))
  }

  // V1: broadcast our payload reliably
  handleInput(payload: Uint8Array): void {
    this.#broadcasts[this.#params.committee.self]?.handleInput(payload)
  }

  handleMessage(from: PeerIndex, message: VectorConsensusMessage<RbcMessage, MvcMessage>): void {
    switch (message.type) {
      case 'rbc':
        this.#broadcasts[message.proposer]?.handleMessage(from, message.message)
        break
      case 'mvc':
        this.#onMvc(from, message.iteration, message.message)
        break
      default:
        unreachable(message)
    }
  }

  #onMvc(from: PeerIndex, iteration: number, message: MvcMessage): void {
    if (iteration > this.#params.committee.f) {
      this.#effects.fault({ rule: 'acs/iteration-over-f', peer: from, detail: `iteration ${iteration}` })
      return
    }
    this.#consensusOf(iteration).handleMessage(from, message)
  }

  #onDelivered(proposer: PeerIndex, delivery: Delivery): void {
    invariant(this.#delivered.add(proposer), 'a broadcast delivers once')
    if (!this.#outputGiven) this.#payloads.set(proposer, delivery === BAD ? NO_PAYLOAD : delivery)
    this.#tryPropose()
    this.#tryOutput()
  }

  // V2: in iteration r, n − f + r broadcasts have delivered: propose the set of them, also if it was decided without us
  #tryPropose(): void {
    const needed = (): number => nMinusF(this.#params.committee) + this.#proposedCount
    while (this.#proposedCount <= this.#iteration && this.#delivered.size >= needed()) {
      const consensus = this.#consensusOf(this.#proposedCount)
      this.#proposedCount += 1
      consensus.handleInput(this.#indexSet.encode([...this.#delivered]))
    }
  }

  // V3: nothing was decided: r := r + 1, try again
  // V4: a set was decided: wait for its broadcasts and output their payloads
  #onDecided(iteration: number, decision: MvcDecision): void {
    // One that we have not come to yet may decide before this one: others have gone ahead.
    this.#decisions[iteration] = decision
    while (this.#decisions[this.#iteration] === NONE) {
      if (this.#iteration === this.#params.committee.f) {
        // There all correct members have all n broadcasts, and what all propose is decided.
        this.#effects.fault({ rule: 'acs/no-vector-agreed', detail: `${this.#iteration + 1} iterations` })
        return
      }
      this.#iteration += 1
    }
    this.#tryPropose()
    const decided = this.#decisions[this.#iteration]
    if (decided === undefined || decided === NONE) return
    this.#decided = this.#indexSet.decode(decided)
    this.#tryOutput()
  }

  #tryOutput(): void {
    const members = this.#decided
    if (this.#outputGiven || members === undefined || !members.every(index => this.#delivered.has(index)))
      return
    const subset = new Map(members.map(index => [index, this.#payloads.get(index) as Uint8Array]))
    this.#outputGiven = true
    this.#payloads.clear()
    this.#effects.output(subset)
  }

  #broadcast(proposer: PeerIndex): Protocol<Uint8Array, RbcMessage> {
    return this.#parts.rbc.create(
      { committee: this.#params.committee, proposer },
      this.#effects.scope<RbcMessage, Delivery>({
        wrap: message => ({ type: 'rbc', proposer, message }),
        onOutput: delivery => this.#onDelivered(proposer, delivery),
      }),
    )
  }

  #consensusOf(iteration: number): Protocol<Uint8Array, MvcMessage> {
    const { committee, domain } = this.#params
    this.#consensuses[iteration] ??= this.#parts.mvc.create(
      { committee, domain: subdomain(domain, iteration) },
      this.#effects.scope<MvcMessage, MvcDecision>({
        wrap: message => ({ type: 'mvc', iteration, message }),
        onOutput: decision => this.#onDecided(iteration, decision),
      }),
    )
    return this.#consensuses[iteration] as Protocol<Uint8Array, MvcMessage>
  }
}

const NO_PAYLOAD = new Uint8Array(0)
