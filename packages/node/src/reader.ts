/**
 * Reads what is on the ledger: operations by id, by place, by author; blocks by epoch and by name.
 */
import { orderBatch, type Proposal, proposalCodec } from '@mc/abc'
import { digestKey } from '@mc/crypto'
import { type Block, blockCid, decodeBlock, type NamedBytes, type RecordsState } from '@mc/ledger'
import { type Epoch, invariant, type PeerIndex } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import { storedBlock } from './blocks-answer.js'
import { DEFAULT_REPLICA_LIMITS, type Node } from './node.js'
import type { ReceivedBlock } from './replica/chain.js'
import type { ReplicaLimits } from './replica/replica.js'

/** An operation and its place on the ledger. */
export interface PlacedOperation {
  /** Number of the operation, from 0. */
  readonly position: number
  readonly epoch: number
  readonly id: Uint8Array
  /** The signed bytes. */
  readonly bytes: Uint8Array
}

/** A block with its name and bytes. */
export interface NamedBlock {
  readonly block: Block
  readonly cid: string
  readonly bytes: Uint8Array
}

/** What to list. */
export interface ListQuery {
  /** The first position to look at. */
  readonly from: number
  readonly limit: number
  readonly author?: Uint8Array
  /** Stop after so many bytes of operations; at least one is listed. */
  readonly bytesMax: number
}

/** Part of a list, and where it goes on; `next` is missing at the end. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: number | undefined
}

/** Ordered blocks kept at hand, so that paging through one does not order it again and again. */
const BLOCKS_CACHED = 4

/** How long the store may lag behind the ledger, in steps of a few milliseconds. */
const STORE_LAG_STEPS = 400
const STORE_LAG_STEP_MS = 5

/** The reading side of one node. */
export class LedgerReader {
  readonly #node: Node
  readonly #codec: Codec<Proposal>
  readonly #ordered = new Map<number, Promise<readonly PlacedOperation[]>>()

  /** @param limits those of the node, which decide what a proposal may hold. */
  constructor(node: Node, limits: Partial<ReplicaLimits> = {}) {
    const { operationBytesMax, proposalOperationsMax } = { ...DEFAULT_REPLICA_LIMITS, ...limits }
    this.#node = node
    this.#codec = proposalCodec({ operationBytesMax, operationsMax: proposalOperationsMax })
  }

  /** The first epoch that has or will have a block. */
  get firstEpoch(): number {
    return this.#node.genesis.configuration.firstEpoch
  }

  /** The epoch whose block brought the operation at a position. O(log epochs). */
  epochOf(position: number): number {
    const { totals } = this.#node
    let low = 0
    let high = totals.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((totals[middle] as number) > position) high = middle
      else low = middle + 1
    }
    return this.firstEpoch + low
  }

  /** The operation with this id, if it is on the ledger. */
  async operation(id: Uint8Array): Promise<PlacedOperation | undefined> {
    const position = this.#state.position(id)
    return position === undefined ? undefined : this.#at(position)
  }

  /** Operations in the order of the ledger, of everybody or of one author. */
  async list({ from, limit, author, bytesMax }: ListQuery): Promise<Page<PlacedOperation>> {
    const positions = author === undefined ? undefined : this.#state.byAuthor(author)
    const size = positions?.length ?? this.#state.size
    let at = positions === undefined ? from : firstAtLeast(positions, from)
    const items: PlacedOperation[] = []
    for (let bytes = 0; at < size && items.length < limit && bytes < bytesMax; at += 1) {
      const operation = await this.#at(positions?.[at] ?? at)
      items.push(operation)
      bytes += operation.bytes.length
    }
    return { items, next: at < size ? (positions?.[at] ?? at) : undefined }
  }

  /** The block of an epoch, if there is one. */
  async block(epoch: number): Promise<NamedBlock | undefined> {
    const stored = await this.#stored(epoch, () => this.#node.store.block(epoch))
    return stored && this.#named(stored)
  }

  /** The epoch of the block with this name, if it is one of ours. */
  async epochOfCid(cid: string): Promise<number | undefined> {
    const { tip } = this.#node.ledger
    if (tip !== undefined && String(tip.cid) === cid) return tip.block.epoch
    return this.#node.store.epochOf(cid)
  }

  /** The blocks from an epoch on, ascending. */
  async blocks(from: number, limit: number): Promise<Page<NamedBlock>> {
    const items: NamedBlock[] = []
    const end = Math.min(this.#node.ledger.nextEpoch, from + limit)
    for (let epoch = from; epoch < end; epoch += 1) {
      const block = await this.block(epoch)
      if (block !== undefined) items.push(block)
    }
    return { items, next: end < this.#node.ledger.nextEpoch ? end : undefined }
  }

  /** A block and its payloads under their names, for a CAR file. */
  async files(epoch: number): Promise<readonly NamedBytes[] | undefined> {
    const stored = await this.#stored(epoch, () => storedBlock(this.#node.store, epoch))
    if (stored === undefined) return undefined
    const names = decodeBlock(stored.block).payloads
    return [
      { cid: blockCid(stored.block, this.#node.crypto.sha256), bytes: stored.block },
      ...stored.payloads.map((bytes, at) => ({ cid: (names[at] as (typeof names)[number]).cid, bytes })),
    ]
  }

  get #state(): RecordsState {
    return this.#node.record
  }

  async #at(position: number): Promise<PlacedOperation> {
    await this.#told(position)
    const epoch = this.epochOf(position)
    const operations = await this.#operationsOf(epoch)
    const found = operations[position - (operations[0]?.position ?? 0)]
    invariant(found?.position === position, `operation ${position} is in block ${epoch}`)
    return found
  }

  /** The state has a block a moment before its turn has reached the disk and its total is told. */
  async #told(position: number): Promise<void> {
    for (let step = 0; step < STORE_LAG_STEPS; step += 1) {
      if ((this.#node.totals.at(-1) ?? 0) > position) return
      await new Promise(resolve => setTimeout(resolve, STORE_LAG_STEP_MS))
    }
    throw new Error(`operation ${position} has not reached the disk in time`)
  }

  #operationsOf(epoch: number): Promise<readonly PlacedOperation[]> {
    const known = this.#ordered.get(epoch)
    if (known !== undefined) return known
    const ordered = this.#order(epoch)
    this.#ordered.set(epoch, ordered)
    ordered.catch(() => this.#ordered.delete(epoch))
    const [oldest] = this.#ordered.keys()
    if (this.#ordered.size > BLOCKS_CACHED && oldest !== undefined) this.#ordered.delete(oldest)
    return ordered
  }

  // What was ordered then is what stands at the positions of this block now: the state never moves an operation.
  async #order(epoch: number): Promise<readonly PlacedOperation[]> {
    const stored = await this.#stored(epoch, () => storedBlock(this.#node.store, epoch))
    invariant(stored !== undefined, `block ${epoch} is in the store`)
    const start = this.#node.totals[epoch - this.firstEpoch - 1] ?? 0
    const end = this.#node.totals[epoch - this.firstEpoch] ?? start
    const ids = new Map<string, Uint8Array>()
    const positionOf = (key: string): number =>
      this.#state.position(ids.get(key) as Uint8Array) ?? Number.POSITIVE_INFINITY
    const { operations } = orderBatch({
      epoch: epoch as Epoch,
      proposals: proposalsOf(stored),
      codec: this.#codec,
      idOf: bytes => {
        const id = this.#node.ledger.machine.operationId(bytes)
        ids.set(digestKey(id), id)
        return digestKey(id)
      },
      isCommitted: key => positionOf(key) < start,
    })
    return operations
      .map(({ id, bytes }) => ({ position: positionOf(id), epoch, id: ids.get(id) as Uint8Array, bytes }))
      .filter(({ position }) => position < end)
      .sort((left, right) => left.position - right.position)
  }

  /** What the store holds of an epoch that the ledger has: its writes are a moment behind. */
  async #stored<T>(epoch: number, read: () => Promise<T | undefined>): Promise<T | undefined> {
    if (epoch < this.firstEpoch || epoch >= this.#node.ledger.nextEpoch) return undefined
    for (let step = 0; step < STORE_LAG_STEPS; step += 1) {
      const value = await read()
      if (value !== undefined) return value
      await new Promise(resolve => setTimeout(resolve, STORE_LAG_STEP_MS))
    }
    throw new Error(`block ${epoch} has not reached the store in time`)
  }

  #named(bytes: Uint8Array): NamedBlock {
    return { block: decodeBlock(bytes), cid: String(blockCid(bytes, this.#node.crypto.sha256)), bytes }
  }
}

function proposalsOf({ block, payloads }: ReceivedBlock): ReadonlyMap<PeerIndex, Uint8Array> {
  const names = decodeBlock(block).payloads
  return new Map(names.map(({ proposer }, at) => [proposer as PeerIndex, payloads[at] as Uint8Array]))
}

/** The index of the first position that is at least `from`. */
function firstAtLeast(positions: readonly number[], from: number): number {
  const found = positions.findIndex(position => position >= from)
  return found < 0 ? positions.length : found
}
