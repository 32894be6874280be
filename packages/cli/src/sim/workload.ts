/**
 * The nodes around the broadcasts of a run: clients that submit, mempools, proposals, canonical order, catching up by blocks.
 */
import {
  type AtomicBroadcastInput,
  type AtomicBroadcastOutput,
  Mempool,
  type OperationId,
  orderBatch,
  proposalCodec,
} from '@mc/abc'
import { type Epoch, epoch as epochOf, type PeerIndex, peer } from '@mc/protocol'
import { hex, utf8 } from '@mc/protocol/wire'
import type { Random } from '@mc/sim'
import type { Scenario } from './scenario.js'

type Batch = Extract<AtomicBroadcastOutput, { readonly type: 'batch' }>
type Give = (input: AtomicBroadcastInput, index?: number) => void

/** What a proposal of a simulated run holds at most, in bytes. */
export const PAYLOAD_BYTES_MAX = 8_192

const OPERATION_BYTES_MAX = 64
const codec = proposalCodec({ operationBytesMax: OPERATION_BYTES_MAX, operationsMax: 64 })

/** One node. */
interface SimulatedNode {
  readonly mempool: Mempool
  /** The epochs that are over, by batch or by blocks. */
  over: number
  /** The next epoch to propose for. */
  unproposed: number
  openBelow: number
  wantedBelow: number
  isProposing: boolean
  /** Told to catch up to this epoch. */
  behind: number
  /** Catching up to these epochs is on its way. */
  readonly jumps: Set<number>
}

/** All nodes of a run. The state of a node outside the broadcast survives crashes: what it takes to be durable is not under test. */
export class Workload {
  readonly #scenario: Scenario
  readonly #epochs: number
  readonly #random: Random
  readonly #nodes: readonly SimulatedNode[]
  readonly #payloads = new Map<string, Uint8Array>()
  /** What was ordered in each epoch, by whoever came first. */
  readonly #ordered = new Map<number, readonly OperationId[]>()
  readonly #epochOf = new Map<OperationId, number>()
  readonly #proposalsPerBatch: Record<string, number> = {}
  #catchUps = 0

  /** `epochs` in all. */
  constructor(scenario: Scenario, epochs: number, random: Random) {
    this.#scenario = scenario
    this.#epochs = epochs
    this.#random = random
    this.#nodes = Array.from({ length: scenario.n }, (_, index) => this.#node(peer(index)))
  }

  /** How many epochs are over for a member. */
  over(index: PeerIndex): number {
    return this.#of(index).over
  }

  /** Whether a batch of this epoch is the next one, or the first one after catching up. */
  mayFinish(index: PeerIndex, epoch: Epoch): boolean {
    const { over, jumps } = this.#of(index)
    return epoch === over || (epoch > over && jumps.has(epoch))
  }

  /** What a member proposed for an epoch. */
  payload(index: PeerIndex, epoch: Epoch): Uint8Array | undefined {
    return this.#payloads.get(`${index} ${epoch}`)
  }

  /** How many epochs are over for the correct member that is furthest. */
  get furthest(): number {
    return Math.max(...this.#correct().map(({ over }) => over))
  }

  /** How often a member caught up by blocks. */
  get catchUps(): number {
    return this.#catchUps
  }

  /** How many epochs ended with so many proposals. */
  get proposalsPerBatch(): Readonly<Record<string, number>> {
    return this.#proposalsPerBatch
  }

  /** The operations of a batch, in canonical order, without those of earlier epochs. */
  ordered({ epoch, proposals }: Batch): readonly OperationId[] {
    const isCommitted = (id: OperationId): boolean => (this.#epochOf.get(id) ?? epoch) < epoch
    return orderBatch({ epoch, proposals, codec, idOf: hex, isCommitted }).operations.map(({ id }) => id)
  }

  /** The next proposal of a member, if it is time for one. */
  propose(index: PeerIndex): AtomicBroadcastInput | undefined {
    const node = this.#of(index)
    const below = Math.min(node.openBelow, node.wantedBelow, this.#epochs)
    if (node.isProposing || node.unproposed >= below) return undefined
    node.isProposing = true
    const epoch = epochOf(node.unproposed)
    return { type: 'propose', epoch, payload: this.#payload(index, epoch) }
  }

  /** An input was given to a member. */
  given(index: PeerIndex, input: AtomicBroadcastInput, give: Give): void {
    const node = this.#of(index)
    if (input.type === 'propose') {
      node.isProposing = false
      node.unproposed = Math.max(node.unproposed, input.epoch + 1)
    }
    if (input.type === 'advance') this.#finish(index, input.epoch)
    this.#proceed(index, give)
  }

  /** A member gave an output. */
  took(index: PeerIndex, output: AtomicBroadcastOutput, give: Give): void {
    const node = this.#of(index)
    switch (output.type) {
      case 'batch':
        this.#take(index, output)
        this.#catchUp(give)
        break
      case 'wanted':
        node.wantedBelow = Math.max(node.wantedBelow, output.epoch + 1)
        break
      case 'behind':
        node.behind = Math.max(node.behind, output.epoch)
        this.#catchUp(give)
        break
      case 'retired':
        break
    }
    this.#proceed(index, give)
  }

  #take(index: PeerIndex, batch: Batch): void {
    const isCorrect = this.#scenario.byzantine[index] === undefined
    if (isCorrect && !this.#ordered.has(batch.epoch)) {
      const ids = this.ordered(batch)
      this.#ordered.set(batch.epoch, ids)
      const { size } = batch.proposals
      this.#proposalsPerBatch[size] = (this.#proposalsPerBatch[size] ?? 0) + 1
      for (const id of ids) this.#epochOf.set(id, batch.epoch)
    }
    this.#finish(index, batch.epoch + 1)
  }

  /** Every epoch below is over: what is in their blocks leaves the mempool. */
  #finish(index: PeerIndex, below: number): void {
    const node = this.#of(index)
    for (; node.over < below; node.over += 1) node.mempool.remove(this.#ordered.get(node.over) ?? [])
    node.openBelow = Math.max(node.openBelow, below + this.#scenario.depth)
    node.unproposed = Math.max(node.unproposed, below)
    for (const operation of node.mempool.overdue(epochOf(below))) this.#forward(index, operation)
  }

  #forward(from: PeerIndex, operation: Uint8Array): void {
    for (const [other, node] of this.#nodes.entries()) {
      if (other !== from) node.mempool.add(operation, from, epochOf(node.over))
    }
  }

  /** Whoever is behind copies the blocks of whoever is furthest, once somebody is far enough. */
  #catchUp(give: Give): void {
    const { furthest } = this
    for (const [index, node] of this.#nodes.entries()) {
      if (node.behind <= node.over || furthest < node.behind || node.jumps.has(furthest)) continue
      this.#catchUps += 1
      node.jumps.add(furthest)
      give({ type: 'advance', epoch: epochOf(furthest) }, index)
    }
  }

  #correct(): readonly SimulatedNode[] {
    return this.#nodes.filter((_, index) => this.#scenario.byzantine[index] === undefined)
  }

  #proceed(index: PeerIndex, give: Give): void {
    const input = this.propose(index)
    if (input !== undefined) give(input, index)
  }

  #payload(index: PeerIndex, epoch: Epoch): Uint8Array {
    const { mempool } = this.#of(index)
    const operation = utf8(`operation ${index}/${epoch}`)
    mempool.add(operation, 'own', epoch)
    // A client that asks two members at once must not be served twice.
    if (this.#random.chance(0.3)) this.#random.pick(this.#nodes).mempool.add(operation, 'own', epoch)
    const header = this.#random.bytes(this.#random.below(this.#scenario.headerBytesMax + 1))
    const operations = mempool.select({ epoch, bytesMax: 1_024, operationsMax: 16 })
    const payload = codec.encode({ header, operations })
    this.#payloads.set(`${index} ${epoch}`, payload)
    return payload
  }

  #node(self: PeerIndex): SimulatedNode {
    const { n, depth, eager } = this.#scenario
    return {
      mempool: new Mempool({ self, n, depth, bytesMax: 65_536, operationsMax: 1_024, idOf: hex }),
      over: 0,
      unproposed: 0,
      openBelow: depth,
      wantedBelow: eager.has(self) ? this.#epochs : 0,
      isProposing: false,
      behind: 0,
      jumps: new Set(),
    }
  }

  #of(index: PeerIndex): SimulatedNode {
    return this.#nodes[index] as SimulatedNode
  }
}
