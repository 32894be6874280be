/**
 * The common subset of PACE and WaterBear: n broadcasts, and n reproposable agreements on whose broadcast is in.
 *
 * Everybody proposes 1 where a broadcast delivered and, once n − f have, 0 everywhere else, all at once. A broadcast that
 * delivers later turns the 0 into a 1. So the agreements run in parallel, and none waits for another.
 *
 * Why it ends: 1 is decided only if a correct member (re)proposed it, that is if its broadcast delivered somewhere correct;
 * totality then delivers it everywhere, and everybody (re)proposes 1, which is what a `Raba` asks for. Why the subset is not
 * empty: whatever f + 1 correct members proposed 1 for is decided 1, and counting their n − f ones each leaves at least
 * `guaranteedSlots` such agreements.
 */
import {
  type Bit,
  type Committee,
  type Effects,
  nMinusF,
  type PeerIndex,
  type Protocol,
  subdomain,
  unreachable,
} from '@mc/protocol'
import type { Raba, RabaInput } from '@mc/raba'
import type { Delivery, Rbc } from '@mc/rbc'
import type { Acs, AcsParams, Subset } from '../acs.js'
import { afterDecision, afterDelivery, OPEN, type Slot, takeSubset } from '../slot.js'
import { type RabaSubsetMessage, rabaSubsetCodec } from './messages.js'

/** What the subset is made of. */
export interface RabaSubsetOptions<RbcMessage, RabaMessage> {
  readonly rbc: Rbc<RbcMessage>
  readonly raba: Raba<RabaMessage>
}

/**
 * Common subset from one reliable broadcast and one reproposable agreement per member.
 *
 * Guarantees what `Acs` promises, with `guaranteedSlots` = ceil(((n − f)² − n·f) / (n − 2f)): f + 2 for n = 3f + 1, which
 * equals n − f only for f = 1. All but f of them come from correct proposers. Who needs n − f payloads must not build on this.
 *
 * After its output an instance goes on helping others; its parent drops it when nobody needs it any more.
 * Faults reported: those of its parts. Keeps at most n payloads, and none after the output.
 *
 * @see Zhang, Duan: PACE, CCS 2022, and Zhang, Duan, Zhao, Zhu: WaterBear, USENIX Security 2023, as mapped in PAPER.md
 */
export function rabaSubset<RbcMessage, RabaMessage>({
  rbc,
  raba,
}: RabaSubsetOptions<RbcMessage, RabaMessage>): Acs<RabaSubsetMessage<RbcMessage, RabaMessage>> {
  return {
    role: 'acs',
    name: 'acs/raba-subset',
    wireVersion: 1,
    parameters: {},
    parts: { rbc, raba },
    payloadBytesMax: rbc.payloadBytesMax,
    guaranteedSlots,
    codec: size => rabaSubsetCodec(size, { rbc: rbc.codec(size), raba: raba.codec(size) }),
    create: (params, effects) => new RabaSubset(params, effects, { rbc, raba }),
  }
}

/**
 * ceil(((n − f)² − n·f) / (n − 2f)).
 *
 * Each of the n − f correct members proposes 1 in n − f agreements at least. An agreement that is not forced holds at most f
 * of these ones, a forced one at most n − f.
 */
const guaranteedSlots = ({ n, f }: Pick<Committee, 'n' | 'f'>): number =>
  Math.ceil(((n - f) ** 2 - n * f) / (n - 2 * f))

/** One proposer: its broadcast, its agreement, what we told the agreement, and what came of both. */
interface Candidate<RbcMessage, RabaMessage> {
  readonly proposer: PeerIndex
  readonly rbc: Protocol<Uint8Array, RbcMessage>
  readonly raba: Protocol<RabaInput, RabaMessage>
  /** The last bit we proposed or reproposed. */
  proposed: Bit | undefined
  slot: Slot
}

class RabaSubset<RbcMessage, RabaMessage>
  implements Protocol<Uint8Array, RabaSubsetMessage<RbcMessage, RabaMessage>>
{
  readonly #params: AcsParams
  readonly #effects: Effects<RabaSubsetMessage<RbcMessage, RabaMessage>, Subset>
  readonly #parts: RabaSubsetOptions<RbcMessage, RabaMessage>
  /** By proposer. */
  readonly #candidates: readonly Candidate<RbcMessage, RabaMessage>[]
  #deliveredCount = 0
  #closedCount = 0

  constructor(
    params: AcsParams,
    effects: Effects<RabaSubsetMessage<RbcMessage, RabaMessage>, Subset>,
    parts: RabaSubsetOptions<RbcMessage, RabaMessage>,
  ) {
    this.#params = params
    this.#effects = effects
    this.#parts = parts
    this.#candidates = params.committee.peers.map(proposer => this.#candidate(proposer))
  }

  handleInput(payload: Uint8Array): void {
    this.#candidateOf(this.#params.committee.self).rbc.handleInput(payload)
  }

  // Messages of an agreement that has no input yet go to it all the same: it keeps the votes, and runs TERM.
  handleMessage(from: PeerIndex, message: RabaSubsetMessage<RbcMessage, RabaMessage>): void {
    const { rbc, raba } = this.#candidateOf(message.proposer)
    switch (message.type) {
      case 'rbc':
        rbc.handleMessage(from, message.message)
        break
      case 'raba':
        raba.handleMessage(from, message.message)
        break
      default:
        unreachable(message)
    }
  }

  #onDelivered(candidate: Candidate<RbcMessage, RabaMessage>, delivery: Delivery): void {
    const accepted = candidate.slot.state === 'accepted'
    candidate.slot = afterDelivery(candidate.slot, delivery)
    this.#deliveredCount += 1
    this.#proposeOne(candidate)
    this.#tryProposeZeros()
    if (accepted) this.#onClosed()
  }

  // A1: RBC_j delivers: propose_j(1) if RABA_j has no input, repropose_j(1) if we proposed 0, decided or not
  #proposeOne(candidate: Candidate<RbcMessage, RabaMessage>): void {
    const input: RabaInput =
      candidate.proposed === undefined ? { type: 'propose', bit: 1 } : { type: 'repropose' }
    candidate.proposed = 1
    candidate.raba.handleInput(input)
  }

  // A2: n − f RBCs have delivered: propose_j(0) to all RABA_j without input, in one batch
  #tryProposeZeros(): void {
    if (this.#deliveredCount < nMinusF(this.#params.committee)) return
    for (const candidate of this.#candidates) {
      if (candidate.proposed !== undefined) continue
      candidate.proposed = 0
      candidate.raba.handleInput({ type: 'propose', bit: 0 })
    }
  }

  // A4: RABA_j decides 1: wait for RBC_j
  #onDecided(candidate: Candidate<RbcMessage, RabaMessage>, bit: Bit): void {
    candidate.slot = afterDecision(candidate.slot, bit)
    if (candidate.slot.state === 'closed') this.#onClosed()
  }

  // A3: all n RABAs have decided, and all broadcasts that are in have delivered. Undecided is never read as 0.
  // A5: output the payloads that are in, by proposer
  #onClosed(): void {
    this.#closedCount += 1
    if (this.#closedCount < this.#candidates.length) return
    this.#effects.output(takeSubset(this.#candidates))
  }

  #candidate(proposer: PeerIndex): Candidate<RbcMessage, RabaMessage> {
    const { committee, domain } = this.#params
    const rbc = this.#parts.rbc.create(
      { committee, proposer },
      this.#effects.scope<RbcMessage, Delivery>({
        wrap: message => ({ type: 'rbc', proposer, message }),
        onOutput: delivery => this.#onDelivered(candidate, delivery),
      }),
    )
    const raba = this.#parts.raba.create(
      { committee, domain: subdomain(domain, proposer) },
      this.#effects.scope<RabaMessage, Bit>({
        wrap: message => ({ type: 'raba', proposer, message }),
        onOutput: bit => this.#onDecided(candidate, bit),
      }),
    )
    const candidate: Candidate<RbcMessage, RabaMessage> = {
      proposer,
      rbc,
      raba,
      proposed: undefined,
      slot: OPEN,
    }
    return candidate
  }

  #candidateOf(proposer: PeerIndex): Candidate<RbcMessage, RabaMessage> {
    return this.#candidates[proposer] as Candidate<RbcMessage, RabaMessage>
  }
}
