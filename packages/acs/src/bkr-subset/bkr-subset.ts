/**
 * The common subset of Ben-Or, Kelmer and Rabin: n broadcasts, and n binary agreements on whose broadcast is in.
 *
 * Everybody proposes 1 where a broadcast delivered, and 0 to the rest only once n − f agreements have decided 1. So at least
 * n − f payloads are in, for the price of a second wave: the last agreements start when most of the others have ended.
 *
 * Why it ends: as long as no correct member proposes 0, the n − f agreements of correct proposers are given nothing but ones
 * and decide 1, which lets everybody propose 0; and once one correct member has seen n − f ones, everybody sees them. What is
 * decided 1 was proposed by a correct member, so its broadcast delivered there, and totality delivers it everywhere.
 */
import {
  type Bit,
  type Effects,
  nMinusF,
  type PeerIndex,
  type Protocol,
  subdomain,
  unreachable,
} from '@mc/protocol'
import type { Aba, AbaInput } from '@mc/raba'
import type { Delivery, Rbc } from '@mc/rbc'
import type { Acs, AcsParams, Subset } from '../acs.js'
import { afterDecision, afterDelivery, OPEN, type Slot, takeSubset } from '../slot.js'
import { type BkrSubsetMessage, bkrSubsetCodec } from './messages.js'

/** What the subset is made of. */
export interface BkrSubsetOptions<RbcMessage, AbaMessage> {
  readonly rbc: Rbc<RbcMessage>
  readonly aba: Aba<AbaMessage>
}

/**
 * Common subset from one reliable broadcast and one binary agreement per member, with n − f payloads for certain.
 *
 * Guarantees what `Acs` promises, with `guaranteedSlots` = n − f; all but f of them come from correct proposers.
 *
 * After its output an instance goes on helping others; its parent drops it when nobody needs it any more.
 * Faults reported: those of its parts. Keeps at most n payloads, and none after the output.
 *
 * @see Ben-Or, Kelmer, Rabin: Asynchronous Secure Computations with Optimal Resilience, PODC 1994, as mapped in PAPER.md
 */
export function bkrSubset<RbcMessage, AbaMessage>({
  rbc,
  aba,
}: BkrSubsetOptions<RbcMessage, AbaMessage>): Acs<BkrSubsetMessage<RbcMessage, AbaMessage>> {
  return {
    role: 'acs',
    name: 'acs/bkr',
    wireVersion: 1,
    parameters: {},
    parts: { rbc, aba },
    payloadBytesMax: rbc.payloadBytesMax,
    guaranteedSlots: nMinusF,
    codec: size => bkrSubsetCodec(size, { rbc: rbc.codec(size), aba: aba.codec(size) }),
    create: (params, effects) => new BkrSubset(params, effects, { rbc, aba }),
  }
}

/** One proposer: its broadcast, its agreement, whether the agreement has our input, and what came of both. */
interface Candidate<RbcMessage, AbaMessage> {
  readonly proposer: PeerIndex
  readonly rbc: Protocol<Uint8Array, RbcMessage>
  readonly aba: Protocol<AbaInput, AbaMessage>
  proposed: boolean
  slot: Slot
}

class BkrSubset<RbcMessage, AbaMessage>
  implements Protocol<Uint8Array, BkrSubsetMessage<RbcMessage, AbaMessage>>
{
  readonly #params: AcsParams
  readonly #effects: Effects<BkrSubsetMessage<RbcMessage, AbaMessage>, Subset>
  readonly #parts: BkrSubsetOptions<RbcMessage, AbaMessage>
  /** By proposer. */
  readonly #candidates: readonly Candidate<RbcMessage, AbaMessage>[]
  #acceptedCount = 0
  #closedCount = 0

  constructor(
    params: AcsParams,
    effects: Effects<BkrSubsetMessage<RbcMessage, AbaMessage>, Subset>,
    parts: BkrSubsetOptions<RbcMessage, AbaMessage>,
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
  handleMessage(from: PeerIndex, message: BkrSubsetMessage<RbcMessage, AbaMessage>): void {
    const { rbc, aba } = this.#candidateOf(message.proposer)
    switch (message.type) {
      case 'rbc':
        rbc.handleMessage(from, message.message)
        break
      case 'aba':
        aba.handleMessage(from, message.message)
        break
      default:
        unreachable(message)
    }
  }

  #onDelivered(candidate: Candidate<RbcMessage, AbaMessage>, delivery: Delivery): void {
    const accepted = candidate.slot.state === 'accepted'
    candidate.slot = afterDelivery(candidate.slot, delivery)
    this.#proposeOne(candidate)
    if (accepted) this.#onClosed()
  }

  #onDecided(candidate: Candidate<RbcMessage, AbaMessage>, bit: Bit): void {
    candidate.slot = afterDecision(candidate.slot, bit)
    if (bit === 1) this.#acceptedCount += 1
    this.#tryProposeZeros()
    if (candidate.slot.state === 'closed') this.#onClosed()
  }

  // B1: RBC_j delivers and ABA_j has no input: propose_j(1)
  #proposeOne(candidate: Candidate<RbcMessage, AbaMessage>): void {
    this.#propose(candidate, 1)
  }

  // B2: n − f ABAs have decided 1: propose_j(0) to every ABA_j without input
  #tryProposeZeros(): void {
    if (this.#acceptedCount < nMinusF(this.#params.committee)) return
    for (const candidate of this.#candidates) this.#propose(candidate, 0)
  }

  // B3: all n ABAs have decided, and RBC_j has delivered for every j decided 1: output the payloads that are in.
  // Undecided is never read as 0.
  #onClosed(): void {
    this.#closedCount += 1
    if (this.#closedCount < this.#candidates.length) return
    this.#effects.output(takeSubset(this.#candidates))
  }

  #propose(candidate: Candidate<RbcMessage, AbaMessage>, bit: Bit): void {
    if (candidate.proposed) return
    candidate.proposed = true
    candidate.aba.handleInput({ type: 'propose', bit })
  }

  #candidate(proposer: PeerIndex): Candidate<RbcMessage, AbaMessage> {
    const { committee, domain } = this.#params
    const rbc = this.#parts.rbc.create(
      { committee, proposer },
      this.#effects.scope<RbcMessage, Delivery>({
        wrap: message => ({ type: 'rbc', proposer, message }),
        onOutput: delivery => this.#onDelivered(candidate, delivery),
      }),
    )
    const aba = this.#parts.aba.create(
      { committee, domain: subdomain(domain, proposer) },
      this.#effects.scope<AbaMessage, Bit>({
        wrap: message => ({ type: 'aba', proposer, message }),
        onOutput: bit => this.#onDecided(candidate, bit),
      }),
    )
    const candidate: Candidate<RbcMessage, AbaMessage> = { proposer, rbc, aba, proposed: false, slot: OPEN }
    return candidate
  }

  #candidateOf(proposer: PeerIndex): Candidate<RbcMessage, AbaMessage> {
    return this.#candidates[proposer] as Candidate<RbcMessage, AbaMessage>
  }
}
