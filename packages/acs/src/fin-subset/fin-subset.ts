/**
 * The common subset of FIN: n broadcasts, and one validated agreement on which n − f of them are in.
 *
 * Everybody proposes the set of the first n − f broadcasts that delivered. A set is valid where all its broadcasts have
 * delivered; totality makes what is valid at one correct member valid at all of them. So there is one agreement on a set of n
 * bits instead of n agreements on a bit each, and it takes constant time however many members there are.
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
import { type Codec, DecodeError } from '@mc/protocol/wire'
import type { Raba } from '@mc/raba'
import { BAD, type Delivery, type Rbc } from '@mc/rbc'
import type { Acs, AcsParams, Subset } from '../acs.js'
import type { Election } from '../mvba/election.js'
import { finMvba } from '../mvba/fin-mvba.js'
import { indexSet, indexSetBytes } from '../mvba/index-set.js'
import type { FinMvbaMessage } from '../mvba/messages.js'
import type { Mvba, MvbaInput, Verdict } from '../mvba/mvba.js'
import { type FinSubsetMessage, finSubsetCodec } from './messages.js'

/** What the subset is made of. */
export interface FinSubsetOptions<RbcMessage, RabaMessage, ElectionMessage> {
  /** Carries the payloads, and the sets of n bits that are agreed on. */
  readonly rbc: Rbc<RbcMessage>
  readonly raba: Raba<RabaMessage>
  /** Must be common: agreement stands on everybody having the same leader. */
  readonly election: Election<ElectionMessage>
}

/**
 * Common subset from n broadcasts and one signature-free validated agreement, in constant expected time.
 *
 * Guarantees what `Acs` promises, with `guaranteedSlots` = n − f; all but f of them come from correct proposers. Agreements
 * run: at most n / (n − f) < 3/2 expected if the election is unpredictable, and never more than f + 1. Constant time also takes
 * an agreement of constant time, that is one with a common coin.
 *
 * After its output an instance goes on helping others; its parent drops it when nobody needs it any more.
 * Faults reported: those of `finMvba`. Keeps at most n payloads, and none after the output.
 *
 * `create` throws a RangeError if the broadcast cannot carry n bits.
 *
 * @see Duan, Wang, Zhang: FIN, CCS 2023; a reconstruction, mapped in PAPER.md
 */
export function finSubset<RbcMessage, RabaMessage, ElectionMessage>({
  rbc,
  raba,
  election,
}: FinSubsetOptions<RbcMessage, RabaMessage, ElectionMessage>): Acs<
  FinSubsetMessage<RbcMessage, RabaMessage, ElectionMessage>
> {
  const parts = { rbc, mvba: finMvba({ rbc, raba, election }) }
  return {
    role: 'acs',
    name: 'acs/fin',
    wireVersion: 1,
    parameters: {},
    parts,
    payloadBytesMax: rbc.payloadBytesMax,
    guaranteedSlots: nMinusF,
    codec: size => finSubsetCodec(size, { rbc: rbc.codec(size), mvba: parts.mvba.codec(size) }),
    create: (params, effects) => new FinSubset(params, effects, parts),
  }
}

interface Parts<RbcMessage, RabaMessage, ElectionMessage> {
  readonly rbc: Rbc<RbcMessage>
  readonly mvba: Mvba<FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>>
}

class FinSubset<RbcMessage, RabaMessage, ElectionMessage>
  implements Protocol<Uint8Array, FinSubsetMessage<RbcMessage, RabaMessage, ElectionMessage>>
{
  readonly #params: AcsParams
  readonly #effects: Effects<FinSubsetMessage<RbcMessage, RabaMessage, ElectionMessage>, Subset>
  readonly #parts: Parts<RbcMessage, RabaMessage, ElectionMessage>
  readonly #indexSet: Codec<readonly PeerIndex[]>
  /** By proposer. */
  readonly #broadcasts: readonly Protocol<Uint8Array, RbcMessage>[]
  readonly #mvba: Protocol<MvbaInput, FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>>
  readonly #delivered: PeerSet
  /** Those that were delivered, until we output. */
  readonly #payloads = new Map<PeerIndex, Uint8Array>()
  #proposed = false
  #outputGiven = false

  constructor(
    params: AcsParams,
    effects: Effects<FinSubsetMessage<RbcMessage, RabaMessage, ElectionMessage>, Subset>,
    parts: Parts<RbcMessage, RabaMessage, ElectionMessage>,
  ) {
    const { n, peers } = params.committee
    const bytesMin = indexSetBytes(n)
    if (parts.mvba.valueBytesMax < bytesMin) {
      throw new RangeError(`fin: need a broadcast of ${bytesMin} bytes, got ${parts.mvba.valueBytesMax}`)
    }
    this.#params = params
    this.#effects = effects
    this.#parts = parts
    this.#indexSet = indexSet(n)
    this.#delivered = new PeerSet(n)
    this.#broadcasts = peers.map(proposer => this.#broadcast(proposer))
    this.#mvba = this.#agreement()
  }

  // C1: broadcast our payload reliably
  handleInput(payload: Uint8Array): void {
    this.#broadcasts[this.#params.committee.self]?.handleInput(payload)
  }

  handleMessage(from: PeerIndex, message: FinSubsetMessage<RbcMessage, RabaMessage, ElectionMessage>): void {
    switch (message.type) {
      case 'rbc':
        this.#broadcasts[message.proposer]?.handleMessage(from, message.message)
        break
      case 'mvba':
        this.#mvba.handleMessage(from, message.message)
        break
      default:
        unreachable(message)
    }
  }

  #onDelivered(proposer: PeerIndex, delivery: Delivery): void {
    invariant(this.#delivered.add(proposer), 'a broadcast delivers once')
    if (!this.#outputGiven) this.#payloads.set(proposer, delivery === BAD ? NO_PAYLOAD : delivery)
    this.#tryPropose()
    this.#mvba.handleInput({ type: 'revalidate' })
  }

  // C2: n − f RBCs have delivered: propose the set of their indices to the MVBA
  #tryPropose(): void {
    if (this.#proposed || this.#delivered.size < nMinusF(this.#params.committee)) return
    this.#proposed = true
    this.#mvba.handleInput({ type: 'propose', value: this.#indexSet.encode([...this.#delivered]) })
  }

  // C2: Q(S): |S| ≥ n − f, and RBC_j has delivered here for all j ∈ S
  #judge(value: Uint8Array): Verdict {
    const members = this.#membersOf(value)
    if (members === undefined || members.length < nMinusF(this.#params.committee)) return 'invalid'
    return members.every(index => this.#delivered.has(index)) ? 'valid' : 'pending'
  }

  // C3: the MVBA outputs S: output the payloads of S, by proposer. S is valid here, so they are all there.
  #onAgreed(value: Uint8Array): void {
    const members = this.#indexSet.decode(value)
    const subset = new Map(members.map(index => [index, this.#payloads.get(index) as Uint8Array]))
    this.#outputGiven = true
    this.#payloads.clear()
    this.#effects.output(subset)
  }

  #membersOf(value: Uint8Array): readonly PeerIndex[] | undefined {
    try {
      return this.#indexSet.decode(value)
    } catch (error) {
      if (error instanceof DecodeError) return undefined
      throw error
    }
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

  #agreement(): Protocol<MvbaInput, FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>> {
    const { committee, domain } = this.#params
    return this.#parts.mvba.create(
      { committee, domain: subdomain(domain, 'mvba'), judge: value => this.#judge(value) },
      this.#effects.scope<FinMvbaMessage<RbcMessage, RabaMessage, ElectionMessage>, Uint8Array>({
        wrap: message => ({ type: 'mvba', message }),
        onOutput: value => this.#onAgreed(value),
      }),
    )
  }
}

const NO_PAYLOAD = new Uint8Array(0)
