/**
 * The common subset of DispersedLedger: agree on what was dispersed, and get it afterwards.
 *
 * As Ben-Or, Kelmer and Rabin's, with dispersals in place of broadcasts: a member votes for a proposal as soon as it is safe with
 * the committee, and long before it has it. So the members agree at the speed of the smallest messages, and what is left out
 * costs each of them one shard instead of a payload.
 */
import {
  BAD,
  type Dispersal,
  type DispersalOutput,
  type Retrieval,
  type RetrievalInput,
  type Retrieved,
} from '@mc/avid'
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
import type { Acs, AcsParams } from '../acs.js'
import type { LinkableInput, LinkableOutput, LinkableSubset } from './linkable.js'
import { type DispersedSubsetMessage, dispersedSubsetCodec } from './messages.js'

type Message<DispersalMessage, RetrievalMessage, AbaMessage> = DispersedSubsetMessage<
  DispersalMessage,
  RetrievalMessage,
  AbaMessage
>

/** What the subset is made of. The retrieval must be that of the dispersal, over the same commitment. */
export interface DispersedSubsetOptions<DispersalMessage, RetrievalMessage, AbaMessage> {
  readonly dispersal: Dispersal<DispersalMessage>
  readonly retrieval: Retrieval<RetrievalMessage>
  readonly aba: Aba<AbaMessage>
}

/**
 * Common subset from one dispersal, one binary agreement and, for what is in, one retrieval per member.
 *
 * Guarantees what `Acs` promises, with `guaranteedSlots` = n − f; all but f of them come from correct proposers. Who dispersed
 * something that is no payload, and is in, appears with an empty one.
 *
 * Costs: with AVID-M each payload crosses the network about 1 + n times n / (n − 2f) in parts, n times of it only if it is in; its
 * retrieval takes two steps after the agreements.
 *
 * After its output an instance goes on helping others: it serves its shards until its parent drops it.
 * Faults reported: those of its parts. Keeps at most n shards, and n payloads until the output.
 *
 * @see Yang, Park, Alizadeh, Kannan, Tse: DispersedLedger, NSDI 2022; as mapped in PAPER.md
 */
export function dispersedSubset<DispersalMessage, RetrievalMessage, AbaMessage>(
  parts: DispersedSubsetOptions<DispersalMessage, RetrievalMessage, AbaMessage>,
): Acs<DispersedSubsetMessage<DispersalMessage, RetrievalMessage, AbaMessage>> {
  const { dispersal, retrieval, aba } = parts
  return {
    role: 'acs',
    name: 'acs/dispersed',
    wireVersion: 1,
    parameters: {},
    parts: { dispersal, retrieval, aba },
    payloadBytesMax: dispersal.payloadBytesMax,
    guaranteedSlots: nMinusF,
    codec: size =>
      dispersedSubsetCodec(size, {
        dispersal: dispersal.codec(size),
        retrieval: retrieval.codec(size),
        aba: aba.codec(size),
      }),
    create: (params, effects) => {
      const subset = new DispersedSubset(
        params,
        effects.scope<Message<DispersalMessage, RetrievalMessage, AbaMessage>, LinkableOutput>({
          wrap: message => message,
          onOutput: output => {
            if (output.type === 'subset') effects.output(output.subset)
          },
        }),
        { dispersal, retrieval, aba },
      )
      return {
        handleInput: payload => subset.handleInput({ type: 'propose', payload }),
        handleMessage: (from, message) => subset.handleMessage(from, message),
      }
    },
  }
}

/**
 * The same subset, for whoever links epochs: says which dispersals are complete, and fetches what was left out.
 *
 * Guarantees what `LinkableSubset` promises. Otherwise as `dispersedSubset`, with the same messages.
 */
export function linkableSubset<DispersalMessage, RetrievalMessage, AbaMessage>(
  parts: DispersedSubsetOptions<DispersalMessage, RetrievalMessage, AbaMessage>,
): LinkableSubset<DispersedSubsetMessage<DispersalMessage, RetrievalMessage, AbaMessage>> {
  const { role: _, ...subset } = dispersedSubset(parts)
  return {
    ...subset,
    role: 'linkable-subset',
    name: 'acs/linkable',
    create: (params, effects) =>
      new DispersedSubset<DispersalMessage, RetrievalMessage, AbaMessage>(params, effects, parts),
  }
}

/** One proposer: its three parts, and how far each has come. */
interface Candidate<DispersalMessage, RetrievalMessage, AbaMessage> {
  readonly proposer: PeerIndex
  readonly dispersal: Protocol<Uint8Array, DispersalMessage>
  readonly retrieval: Protocol<RetrievalInput, RetrievalMessage>
  readonly aba: Protocol<AbaInput, AbaMessage>
  proposed: boolean
  decision: Bit | undefined
  asked: boolean
  /** Somebody above wants it, in or not. */
  fetched: boolean
  payload: Uint8Array | undefined
}

class DispersedSubset<DispersalMessage, RetrievalMessage, AbaMessage>
  implements Protocol<LinkableInput, Message<DispersalMessage, RetrievalMessage, AbaMessage>>
{
  readonly #params: AcsParams
  readonly #effects: Effects<Message<DispersalMessage, RetrievalMessage, AbaMessage>, LinkableOutput>
  readonly #parts: DispersedSubsetOptions<DispersalMessage, RetrievalMessage, AbaMessage>
  /** By proposer. */
  readonly #candidates: readonly Candidate<DispersalMessage, RetrievalMessage, AbaMessage>[]
  #acceptedCount = 0
  #decidedCount = 0
  #done = false

  constructor(
    params: AcsParams,
    effects: Effects<Message<DispersalMessage, RetrievalMessage, AbaMessage>, LinkableOutput>,
    parts: DispersedSubsetOptions<DispersalMessage, RetrievalMessage, AbaMessage>,
  ) {
    this.#params = params
    this.#effects = effects
    this.#parts = parts
    this.#candidates = params.committee.peers.map(proposer => this.#candidate(proposer))
  }

  handleInput(input: LinkableInput): void {
    switch (input.type) {
      case 'propose':
        // D1: disperse our payload
        this.#candidateOf(this.#params.committee.self).dispersal.handleInput(input.payload)
        break
      case 'fetch':
        this.#fetch(this.#candidateOf(input.proposer))
        break
      default:
        unreachable(input)
    }
  }

  handleMessage(from: PeerIndex, message: Message<DispersalMessage, RetrievalMessage, AbaMessage>): void {
    const { dispersal, retrieval, aba } = this.#candidateOf(message.proposer)
    switch (message.type) {
      case 'dispersal':
        dispersal.handleMessage(from, message.message)
        break
      case 'retrieval':
        retrieval.handleMessage(from, message.message)
        break
      case 'aba':
        aba.handleMessage(from, message.message)
        break
      default:
        unreachable(message)
    }
  }

  // D2: dispersal j is complete and ABA_j has no input: propose_j(1). From then on serve our shard
  #onDispersal(
    candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage>,
    output: DispersalOutput,
  ): void {
    switch (output.type) {
      case 'complete':
        this.#effects.output({ type: 'complete', proposer: candidate.proposer })
        this.#propose(candidate, 1)
        break
      case 'stored':
        candidate.retrieval.handleInput({ ...output, type: 'serve' })
        break
      default:
        unreachable(output)
    }
  }

  #onDecided(candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage>, bit: Bit): void {
    candidate.decision = bit
    this.#decidedCount += 1
    if (bit === 1) this.#acceptedCount += 1
    this.#tryProposeZeros()
    this.#tryRetrieve()
  }

  // D3: n − f ABAs have decided 1: propose_j(0) to every ABA_j without input
  #tryProposeZeros(): void {
    if (this.#acceptedCount < nMinusF(this.#params.committee)) return
    for (const candidate of this.#candidates) this.#propose(candidate, 0)
  }

  // D4: all n ABAs have decided: retrieve what was decided 1. Undecided is never read as 0
  #tryRetrieve(): void {
    if (this.#decidedCount < this.#candidates.length) return
    for (const candidate of this.#candidates) if (candidate.decision === 1) this.#retrieve(candidate)
    this.#tryOutput()
  }

  // L1: somebody above wants what is complete, though it may be decided 0: retrieve it, and hand it over by itself
  #fetch(candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage>): void {
    if (candidate.fetched)
      throw new RangeError(`dispersed: proposer ${candidate.proposer} is fetched already`)
    candidate.fetched = true
    if (candidate.payload === undefined) this.#retrieve(candidate)
    else this.#handOver(candidate, candidate.payload)
  }

  #retrieve(candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage>): void {
    if (candidate.asked) return
    candidate.asked = true
    candidate.retrieval.handleInput({ type: 'retrieve' })
  }

  // What was no payload is in, and empty.
  #onRetrieved(
    candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage>,
    retrieved: Retrieved,
  ): void {
    candidate.payload = retrieved === BAD ? NO_PAYLOAD : retrieved
    if (candidate.fetched) this.#handOver(candidate, candidate.payload)
    this.#tryOutput()
  }

  #handOver(candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage>, payload: Uint8Array): void {
    this.#effects.output({ type: 'fetched', proposer: candidate.proposer, payload })
    if (this.#done) candidate.payload = undefined
  }

  // D5: all n ABAs have decided, and what was decided 1 is retrieved: output it
  #tryOutput(): void {
    if (this.#done || this.#decidedCount < this.#candidates.length) return
    const accepted = this.#candidates.filter(({ decision }) => decision === 1)
    if (accepted.some(({ payload }) => payload === undefined)) return
    this.#done = true
    const subset = new Map(accepted.map(({ proposer, payload }) => [proposer, payload as Uint8Array]))
    for (const candidate of this.#candidates) candidate.payload = undefined
    this.#effects.output({ type: 'subset', subset })
  }

  #propose(candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage>, bit: Bit): void {
    if (candidate.proposed) return
    candidate.proposed = true
    candidate.aba.handleInput({ type: 'propose', bit })
  }

  #candidate(proposer: PeerIndex): Candidate<DispersalMessage, RetrievalMessage, AbaMessage> {
    const { committee, domain } = this.#params
    const dispersal = this.#parts.dispersal.create(
      { committee, proposer },
      this.#effects.scope<DispersalMessage, DispersalOutput>({
        wrap: message => ({ type: 'dispersal', proposer, message }),
        onOutput: output => this.#onDispersal(candidate, output),
      }),
    )
    const retrieval = this.#parts.retrieval.create(
      { committee, proposer },
      this.#effects.scope<RetrievalMessage, Retrieved>({
        wrap: message => ({ type: 'retrieval', proposer, message }),
        onOutput: retrieved => this.#onRetrieved(candidate, retrieved),
      }),
    )
    const aba = this.#parts.aba.create(
      { committee, domain: subdomain(domain, proposer) },
      this.#effects.scope<AbaMessage, Bit>({
        wrap: message => ({ type: 'aba', proposer, message }),
        onOutput: bit => this.#onDecided(candidate, bit),
      }),
    )
    const candidate: Candidate<DispersalMessage, RetrievalMessage, AbaMessage> = {
      proposer,
      dispersal,
      retrieval,
      aba,
      proposed: false,
      decision: undefined,
      asked: false,
      fetched: false,
      payload: undefined,
    }
    return candidate
  }

  #candidateOf(proposer: PeerIndex): Candidate<DispersalMessage, RetrievalMessage, AbaMessage> {
    return this.#candidates[proposer] as Candidate<DispersalMessage, RetrievalMessage, AbaMessage>
  }
}

const NO_PAYLOAD = new Uint8Array(0)
