/**
 * From an agreed batch to a list of operations: the same list at every correct member, each operation once for ever.
 */
import type { Epoch, Fault, PeerIndex } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type { LinkedProposal } from './atomic-broadcast.js'
import type { OperationId } from './mempool.js'
import { decodeProposal, type Proposal } from './proposal.js'

/** An agreed batch, and what is needed to order it. Everything in it must be the same at all members. */
export interface AgreedBatch {
  readonly epoch: Epoch
  /** The agreed payloads, by proposer. */
  readonly proposals: ReadonlyMap<PeerIndex, Uint8Array>
  /** Proposals of earlier epochs that this one delivers, in their order. */
  readonly linked?: readonly LinkedProposal[]
  readonly codec: Codec<Proposal>
  readonly idOf: (operation: Uint8Array) => OperationId
  /** Whether an operation was ordered in an earlier epoch. */
  readonly isCommitted: (id: OperationId) => boolean
}

/** The header of a proposal that is in. */
export interface OrderedHeader {
  readonly proposer: PeerIndex
  readonly header: Uint8Array
}

/** An operation in its place, and who proposed it there. */
export interface OrderedOperation {
  readonly proposer: PeerIndex
  readonly id: OperationId
  readonly bytes: Uint8Array
}

/** A batch in canonical order. */
export interface OrderedBatch {
  readonly headers: readonly OrderedHeader[]
  readonly operations: readonly OrderedOperation[]
  readonly faults: readonly Fault[]
}

/**
 * The canonical order of a batch: proposers as the epoch permutes them, then the place in the proposal; behind them what the batch
 * links, in its order. The header of a linked proposal was made for another epoch and is left out.
 *
 * Exactly once: what was committed before or came earlier in the batch is left out. An empty payload is no proposal, which a
 * member may make and a broken broadcast stands for; any other that does not decode counts as none.
 *
 * Faults reported: `abc/undecodable-proposal`, the same at every member.
 */
export function orderBatch(batch: AgreedBatch): OrderedBatch {
  const ordering = new Ordering(batch)
  for (const proposer of proposersInOrder(batch.proposals.keys(), batch.epoch)) {
    const header = ordering.add(proposer, batch.proposals.get(proposer) as Uint8Array, batch.epoch)
    if (header !== undefined) ordering.headers.push({ proposer, header })
  }
  for (const { proposer, payload, epoch } of batch.linked ?? []) ordering.add(proposer, payload, epoch)
  const { headers, operations, faults } = ordering
  return { headers, operations, faults }
}

/** A batch as it is read, proposal by proposal. */
class Ordering implements OrderedBatch {
  readonly headers: OrderedHeader[] = []
  readonly operations: OrderedOperation[] = []
  readonly faults: Fault[] = []
  readonly #batch: AgreedBatch
  readonly #seen = new Set<OperationId>()

  constructor(batch: AgreedBatch) {
    this.#batch = batch
  }

  /** Reads one proposal, made for `epoch`; its header, if it is one. */
  add(proposer: PeerIndex, payload: Uint8Array, epoch: Epoch): Uint8Array | undefined {
    if (payload.length === 0) return undefined
    const proposal = decodeProposal(this.#batch.codec, payload)
    if (proposal === undefined) {
      const detail = `${payload.length} bytes in epoch ${epoch}`
      this.faults.push({ rule: 'abc/undecodable-proposal', peer: proposer, detail })
      return undefined
    }
    for (const bytes of proposal.operations) this.#addOperation(proposer, bytes)
    return proposal.header
  }

  #addOperation(proposer: PeerIndex, bytes: Uint8Array): void {
    const id = this.#batch.idOf(bytes)
    if (this.#seen.has(id) || this.#batch.isCommitted(id)) return
    this.#seen.add(id)
    this.operations.push({ proposer, id, bytes })
  }
}

/**
 * The order in which proposers are read: a permutation drawn from the epoch, so that nobody is always first, or always right
 * behind the same member. It is known beforehand: who must not profit from a place is kept from it above, not here.
 */
export function proposersInOrder(proposers: Iterable<PeerIndex>, epoch: Epoch): readonly PeerIndex[] {
  const order = [...proposers].sort((a, b) => a - b)
  let state = Math.imul((epoch % 2 ** 32) ^ Math.floor(epoch / 2 ** 32), 0x9e3779b1) ^ 0x2545f491
  for (let last = order.length - 1; last > 0; last -= 1) {
    state = mixed(state + 0x6d2b79f5)
    const other = (state >>> 0) % (last + 1)
    const moved = order[last] as PeerIndex
    order[last] = order[other] as PeerIndex
    order[other] = moved
  }
  return order
}

/** Lets every bit of a 32-bit number reach every other: the finaliser of MurmurHash3. */
function mixed(bits: number): number {
  let state = bits | 0
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}
