/**
 * Epochs that are linked, as in DispersedLedger: what the common subset of an epoch leaves out is delivered by a later one.
 *
 * Every proposal says which proposals of the last epochs its member has seen safe with the committee. Where f + 1 members of a batch
 * say so, one of them is correct, so everybody can fetch it: it is delivered behind the batch. So no correct member's proposal
 * is lost because others were faster, and nobody has to propose anything twice.
 */
import type { LinkableInput, LinkableOutput, LinkableSubset, Subset } from '@mc/acs'
import {
  type Effects,
  type Epoch,
  epoch as epochOf,
  type PeerIndex,
  PeerSet,
  type Protocol,
  unreachable,
} from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type {
  AtomicBroadcast,
  AtomicBroadcastInput,
  AtomicBroadcastOutput,
  AtomicBroadcastParams,
  LinkedProposal,
} from '../atomic-broadcast.js'
import { type EpochsOptions, epochs } from '../epochs/epochs.js'
import { type EpochsMessage, epochsCodec } from '../epochs/messages.js'
import { LinkState } from './link-state.js'
import { add, decoded, type ProposalName, rowBytes, rowsCodec } from './proposal-set.js'
import { type Block, blockCodec, isReported, type Report, reportBytesMax } from './report.js'

/** What the sequence is made of. All members must share everything but `senderQueueBytesMax`. */
export interface LinkedEpochsOptions<Message> extends Omit<EpochsOptions<Message>, 'acs'> {
  readonly acs: LinkableSubset<Message>
  /** For how many epochs after its own a proposal may be linked; what is not complete by then is for its proposer to repeat. */
  readonly epochsLinked?: number
}

/**
 * Atomic broadcast from a linkable subset: one instance per epoch, and links between them.
 *
 * Guarantees what `AtomicBroadcast` promises, and:
 * - a proposal that is complete at all correct members before they propose for an epoch, at most `epochsLinked` after its own, is
 *   delivered by that epoch at the latest, if f + 1 correct members are in its batch;
 * - each proposal is delivered once, by its own epoch or by a later one, in the same place at all correct members.
 *
 * Retrieval lags behind agreement by at most `depth` epochs: members disperse and agree on while they fetch.
 *
 * Its duties to the node, beside those of `epochs`: hand back `seen` with the next proposal, and `links` with `advance` and on
 * creation, those of the last batch that was output, which is not output again when a log is replayed. Who hands back no `seen` reports nothing; if nobody does, nothing is ever linked.
 *
 * Costs: those of the epochs, a report of `epochsLinked` · n bits in each proposal, and a retrieval for each linked one. Holds
 * `epochsLinked` instances more than `epochs` does.
 * Faults reported: those of `epochs`; `abc/undecodable-report`, the same at every member.
 *
 * @throws RangeError as `epochs` does; unless 1 ≤ `epochsLinked` ≤ 200, or if `acs` carries no more than a report.
 * @see Yang, Park, Alizadeh, Kannan, Tse: DispersedLedger, NSDI 2022, inter-node linking; rules in PAPER.md
 */
export function linkedEpochs<Message>({
  acs,
  epochsAhead = 2,
  depth = 1,
  epochsKept = 1,
  epochsLinked = EPOCHS_LINKED,
  senderQueueBytesMax,
}: LinkedEpochsOptions<Message>): AtomicBroadcast<EpochsMessage<Message>> {
  if (!Number.isSafeInteger(epochsLinked) || epochsLinked < 1 || epochsLinked > EPOCHS_LINKED_MAX) {
    throw new RangeError(`abc: need 1 ≤ epochsLinked ≤ ${EPOCHS_LINKED_MAX}, got ${epochsLinked}`)
  }
  const overhead = reportBytesMax(epochsLinked)
  if (acs.payloadBytesMax < overhead) {
    throw new RangeError(`abc: need a subset of ${overhead} bytes, got ${acs.payloadBytesMax}`)
  }
  const options = { acs, epochsAhead, depth, epochsKept, epochsLinked, senderQueueBytesMax }
  // Only to have the numbers checked as epochs are.
  epochs({ ...options, acs: acs as never })
  return {
    role: 'abc',
    name: 'abc/linked-epochs',
    wireVersion: 1,
    parameters: { epochsAhead, depth, epochsKept, epochsLinked },
    parts: { acs },
    payloadBytesMax: acs.payloadBytesMax - overhead,
    depth,
    codec: size => epochsCodec(acs.codec(size)),
    create: (params, effects) => new LinkedEpochs(params, effects, options),
  }
}

/** For how many epochs after its own a proposal may be linked, unless it is said. */
export const EPOCHS_LINKED = 8

/** So many epochs are held at least; reports grow with them. */
const EPOCHS_LINKED_MAX = 200

/** An epoch whose turn it is: its batch is decided, and what it links is being fetched. */
interface Turn {
  readonly epoch: Epoch
  readonly proposals: Subset
  /** In the order in which they are delivered. */
  readonly links: readonly ProposalName[]
  /** By the place in `links`. */
  readonly payloads: (Uint8Array | undefined)[]
}

/** The instance of one epoch, and how its subset is handed to the sequence. */
interface Instance<Message> {
  readonly protocol: Protocol<LinkableInput, Message>
  readonly finish: (subset: Subset) => void
  /** Whose proposals are complete. */
  readonly complete: PeerSet
  /** Whose proposals we have asked for; those that came when nobody wanted them any more, until somebody does. */
  readonly asked: Map<PeerIndex, Uint8Array | undefined>
}

/** What an epoch adds to its batch. */
interface Extras {
  readonly linked: readonly LinkedProposal[]
  readonly links: Uint8Array
}

class LinkedEpochs<Message> implements Protocol<AtomicBroadcastInput, EpochsMessage<Message>> {
  readonly #params: AtomicBroadcastParams
  readonly #effects: Effects<EpochsMessage<Message>, AtomicBroadcastOutput>
  readonly #options: Required<LinkedEpochsOptions<Message>>
  readonly #epochs: Protocol<AtomicBroadcastInput, EpochsMessage<Message>>
  readonly #instances = new Map<Epoch, Instance<Message>>()
  /** Decided, and waiting for their turn. */
  readonly #decided = new Map<Epoch, Subset>()
  #state: LinkState
  /** Epochs below this one are only replayed: what they delivered is known. */
  readonly #replayedBelow: Epoch
  /** Epochs below this one are over in the sequence. */
  #overBelow: Epoch
  #turn: Turn | undefined
  /** Of the epochs that are being output. */
  readonly #extras = new Map<Epoch, Extras>()
  readonly #reports: Codec<Report>
  readonly #blocks: Codec<Block>

  constructor(
    params: AtomicBroadcastParams,
    effects: Effects<EpochsMessage<Message>, AtomicBroadcastOutput>,
    options: Required<LinkedEpochsOptions<Message>>,
  ) {
    this.#params = params
    this.#effects = effects
    this.#options = options
    this.#reports = rowsCodec(params.committee.n, options.epochsLinked)
    this.#blocks = blockCodec(options.epochsLinked)
    this.#state = this.#stateAt(params.firstEpoch, params.links)
    this.#replayedBelow = this.#state.next
    this.#overBelow = params.firstEpoch
    const { acs } = options
    const sequence = epochs<Message>({
      ...options,
      acs: {
        ...acs,
        role: 'acs',
        create: ({ domain, committee }, inner) =>
          this.#instance(domain.at(-1) as Epoch, { domain, committee }, inner),
      },
    })
    this.#epochs = sequence.create(
      params,
      effects.scope<EpochsMessage<Message>, AtomicBroadcastOutput>({
        wrap: message => message,
        onOutput: output => this.#onOutput(output),
      }),
    )
  }

  handleInput(input: AtomicBroadcastInput): void {
    switch (input.type) {
      case 'propose':
        this.#propose(input.epoch, input.payload, input.seen ?? NOTHING)
        break
      case 'connected':
        this.#epochs.handleInput(input)
        break
      case 'advance':
        this.#advance(input.epoch, input.links)
        break
      default:
        unreachable(input)
    }
  }

  handleMessage(from: PeerIndex, message: EpochsMessage<Message>): void {
    this.#epochs.handleMessage(from, message)
  }

  // N1: propose(e, m): disperse the block of m, whose header says what we have seen complete
  #propose(epoch: Epoch, payload: Uint8Array, seen: Uint8Array): void {
    const { acs, epochsLinked } = this.#options
    const most = acs.payloadBytesMax - reportBytesMax(epochsLinked)
    if (payload.length > most) throw new RangeError(`abc: need at most ${most} bytes, got ${payload.length}`)
    if (seen.length > 0 && decoded(this.#reports, seen) === undefined) {
      throw new RangeError('abc: need what a batch said that we have seen, got something else')
    }
    const block = this.#blocks.encode({ seen, payload })
    // A replayed epoch does not wait for what it links, so it may be over before our logged proposal comes, which was in time then.
    const isLate = epoch < this.#overBelow && epoch < this.#replayedBelow
    if (!isLate) this.#epochs.handleInput({ type: 'propose', epoch, payload: block })
    else this.#instances.get(epoch)?.protocol.handleInput({ type: 'propose', payload: block })
  }

  // N2: the subset of e is decided: when e is next, determine what it links, and fetch that
  #onSubset(epoch: Epoch, subset: Subset): void {
    if (epoch < this.#state.next) {
      // A log is replayed, and this was output before: the sequence moves on as it did, and nothing is fetched or output again.
      this.#instances.get(epoch)?.finish(subset)
      return
    }
    this.#decided.set(epoch, subset)
    this.#tryTurn()
  }

  #tryTurn(): void {
    const epoch = this.#state.next
    const subset = this.#decided.get(epoch)
    if (this.#turn !== undefined || subset === undefined) return
    this.#decided.delete(epoch)
    const { proposals, reports } = this.#opened(epoch, subset)
    const links = this.#linksOf(epoch, reports)
    const payloads = new Array<Uint8Array | undefined>(links.length).fill(undefined)
    this.#turn = { epoch, proposals, links, payloads }
    for (const link of links) this.#fetch(link)
    this.#tryFinish()
  }

  /** Asks for a proposal, once; if nobody has spoken of its epoch here, then as soon as somebody does. */
  #fetch({ epoch, proposer }: ProposalName): void {
    const instance = this.#instances.get(epoch)
    if (instance === undefined) return
    const known = instance.asked.get(proposer)
    if (known !== undefined) this.#onFetched(epoch, proposer, known)
    if (instance.asked.has(proposer)) return
    instance.asked.set(proposer, undefined)
    instance.protocol.handleInput({ type: 'fetch', proposer })
  }

  /** The payloads of a batch without the reports that came with them. What is no block is an empty payload, without a report. */
  #opened(epoch: Epoch, subset: Subset): { readonly proposals: Subset; readonly reports: readonly Report[] } {
    const proposals = new Map<PeerIndex, Uint8Array>()
    const reports: Report[] = []
    for (const [proposer, bytes] of subset) {
      const { seen, payload } = decoded(this.#blocks, bytes) ?? UNREADABLE
      proposals.set(proposer, payload)
      const report = seen.length === 0 ? undefined : decoded(this.#reports, seen)
      if (report !== undefined) reports.push(report)
      if (report !== undefined || (seen.length === 0 && seen !== NOTHING) || bytes.length === 0) continue
      const detail = `${bytes.length} bytes in epoch ${epoch}`
      this.#effects.fault({ rule: 'abc/undecodable-report', peer: proposer, detail })
    }
    return { proposals, reports }
  }

  // N3: every proposal of the last epochsLinked epochs that was not delivered and that f + 1 members of the batch have seen complete;
  // by epoch, then by member
  #linksOf(epoch: Epoch, reports: readonly Report[]): readonly ProposalName[] {
    const { committee } = this.#params
    const links: ProposalName[] = []
    for (let made = this.#state.first; made < epoch; made = epochOf(made + 1)) {
      for (const proposer of committee.peers) {
        const link = { epoch: made, proposer }
        if (!this.#state.isDelivered(made, proposer) && isReported(link, reports, committee)) links.push(link)
      }
    }
    return links
  }

  #onFetched(epoch: Epoch, proposer: PeerIndex, bytes: Uint8Array): void {
    const turn = this.#turn
    const at = turn?.links.findIndex(link => link.epoch === epoch && link.proposer === proposer) ?? -1
    // We have caught up by other means meanwhile; a later epoch may link it all the same.
    if (turn === undefined || at < 0) this.#instances.get(epoch)?.asked.set(proposer, bytes)
    else {
      turn.payloads[at] = (decoded(this.#blocks, bytes) ?? UNREADABLE).payload
      this.#tryFinish()
    }
  }

  // N4: all of it is fetched: the epoch is over; its batch, and behind it what it links
  #tryFinish(): void {
    const turn = this.#turn
    if (turn === undefined || turn.payloads.includes(undefined)) return
    const { epoch, proposals, links, payloads } = turn
    this.#turn = undefined
    this.#state.deliver(proposals.keys(), links)
    const linked = links.map((link, at) => ({ ...link, payload: payloads[at] as Uint8Array }))
    this.#extras.set(epoch, { linked, links: this.#state.encode() })
    this.#instances.get(epoch)?.finish(proposals)
  }

  #onOutput(output: AtomicBroadcastOutput): void {
    if (output.type === 'batch') {
      this.#overBelow = epochOf(output.epoch + 1)
      const extras = this.#extras.get(output.epoch)
      this.#extras.delete(output.epoch)
      if (extras !== undefined) this.#effects.output({ ...output, ...extras, seen: this.#seen() })
      this.#tryTurn()
      return
    }
    if (output.type === 'retired') {
      for (const epoch of this.#instances.keys()) if (epoch < output.epoch) this.#instances.delete(epoch)
    }
    this.#effects.output(output)
  }

  // N5: V: the proposals of the last epochsLinked epochs that are complete here and were not delivered
  #seen(): Uint8Array {
    const { peers, n } = this.#params.committee
    const { first } = this.#state
    const rows = Array.from({ length: this.#options.epochsLinked }, (_, at) => {
      const row = new Uint8Array(rowBytes(n))
      const complete = this.#instances.get((first + at) as Epoch)?.complete
      const isLeftOut = (member: PeerIndex): boolean =>
        (complete?.has(member) ?? false) && !this.#state.isDelivered(first + at, member)
      for (const member of peers.filter(isLeftOut)) add(row, member)
      return row
    })
    return this.#reports.encode({ epoch: first, rows })
  }

  // advance(e): every epoch below e is over, and `links` says what they have delivered
  #advance(epoch: Epoch, links: Uint8Array | undefined): void {
    if (epoch > this.#state.next) {
      const state = this.#stateAt(epoch, links)
      if (state.next !== epoch) throw new RangeError(`abc: these are not the links of epoch ${epoch}`)
      this.#state = state
      this.#turn = undefined
      for (const decided of this.#decided.keys()) if (decided < epoch) this.#decided.delete(decided)
    }
    this.#epochs.handleInput({ type: 'advance', epoch })
    this.#tryTurn()
  }

  #stateAt(epoch: Epoch, links: Uint8Array | undefined): LinkState {
    const { n } = this.#params.committee
    const { epochsLinked } = this.#options
    if (links === undefined) return new LinkState(n, epochsLinked, epoch)
    const state = LinkState.decode(links, n, epochsLinked)
    if (state !== undefined && state.next >= epoch) return state
    throw new RangeError(`abc: need the links of epoch ${epoch} or a later one`)
  }

  #instance(
    epoch: Epoch,
    params: Parameters<LinkableSubset<Message>['create']>[0],
    effects: Effects<Message, Subset>,
  ): Protocol<Uint8Array, Message> {
    const complete = new PeerSet(params.committee.n)
    const protocol = this.#options.acs.create(
      params,
      effects.scope<Message, LinkableOutput>({
        wrap: message => message,
        onOutput: output => {
          if (output.type === 'subset') this.#onSubset(epoch, output.subset)
          else if (output.type === 'fetched') this.#onFetched(epoch, output.proposer, output.payload)
          else complete.add(output.proposer)
        },
      }),
    )
    const finish = (subset: Subset): void => effects.output(subset)
    this.#instances.set(epoch, { protocol, complete, finish, asked: new Map() })
    for (const link of this.#turn?.links ?? []) if (link.epoch === epoch) this.#fetch(link)
    return {
      handleInput: payload => protocol.handleInput({ type: 'propose', payload }),
      handleMessage: (from, message) => protocol.handleMessage(from, message),
    }
  }
}

const NOTHING = new Uint8Array(0)
const UNREADABLE = { seen: NOTHING, payload: NOTHING }
