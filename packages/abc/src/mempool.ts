/**
 * Operations that wait for an epoch: our own, and those that other members forwarded to us.
 *
 * An operation is proposed by its own member first. If that member's proposals are left out, it forwards the operation to all,
 * and every member proposes it in turn, one per epoch; if n epochs later it still waits, all propose it in all epochs. An
 * agreed batch holds a proposal of a correct member, so the oldest operations get in whoever ignores them.
 *
 * Or, as in HoneyBadger, chance decides: operations are forwarded to all at once, and each member proposes a random part of the oldest.
 */
import type { Epoch, PeerIndex } from '@mc/protocol'
import { type IndexSource, selectAtRandom } from './random-selection.js'

/** Names an operation everywhere alike: a collision-resistant digest of its bytes, as text. */
export type OperationId = string

/** Where an operation came from: a client of ours, or the member that forwarded it. */
export type OperationOrigin = 'own' | PeerIndex

/** What became of an operation that was added. */
export type AddOutcome = 'added' | 'duplicate' | 'full'

/** What a mempool is made of. */
export interface MempoolOptions {
  readonly self: PeerIndex
  readonly n: number
  /** The most it holds, in bytes of operations. */
  readonly bytesMax: number
  /** The most it holds, in operations. */
  readonly operationsMax: number
  readonly idOf: (operation: Uint8Array) => OperationId
  /** How many epochs run at once: what is in one of them is not proposed again before that one is over. */
  readonly depth?: number
  /** After how many epochs without success an own operation is forwarded, and forwarded again. */
  readonly overdueEpochs?: number
  /** Proposals are chosen by this chance, as in HoneyBadger; without it operations are assigned to members. */
  readonly atRandom?: IndexSource
}

/** A selection for one proposal. */
export interface Selection {
  readonly epoch: Epoch
  /** The most it may hold, in bytes of operations. */
  readonly bytesMax: number
  /** The most it may hold, in operations; as many as fit unless given. */
  readonly operationsMax?: number
}

/** One operation that waits. */
interface Pending {
  readonly id: OperationId
  readonly operation: Uint8Array
  readonly origin: OperationOrigin
  readonly addedIn: Epoch
  /** In which of every n epochs it is ours to propose; −1 if it is our own. */
  readonly bucket: number
  /** The last epoch that we proposed it for; −1 before. */
  proposedFor: number
}

/** What one origin may hold, and holds. */
class Quota {
  readonly #bytesMax: number
  readonly #operationsMax: number
  #bytes = 0
  #operations = 0

  constructor(bytesMax: number, operationsMax: number) {
    this.#bytesMax = bytesMax
    this.#operationsMax = operationsMax
  }

  /** Takes room for an operation; false if there is none. */
  take(operation: Uint8Array): boolean {
    if (this.#bytes + operation.length > this.#bytesMax || this.#operations >= this.#operationsMax)
      return false
    this.#bytes += operation.length
    this.#operations += 1
    return true
  }

  give(operation: Uint8Array): void {
    this.#bytes -= operation.length
    this.#operations -= 1
  }
}

/** Fills a proposal up to its caps. */
class Basket {
  readonly operations: Uint8Array[] = []
  readonly #epoch: Epoch
  #bytesLeft: number
  #operationsLeft: number

  constructor({ epoch, bytesMax, operationsMax = Number.POSITIVE_INFINITY }: Selection) {
    this.#epoch = epoch
    this.#bytesLeft = bytesMax
    this.#operationsLeft = operationsMax
  }

  get bytesLeft(): number {
    return this.#bytesLeft
  }

  /** False once it is full: the next operation has to wait, so that none is passed over for being large. */
  put(pending: Pending): boolean {
    if (pending.operation.length > this.#bytesLeft || this.#operationsLeft < 1) return false
    this.#bytesLeft -= pending.operation.length
    this.#operationsLeft -= 1
    pending.proposedFor = this.#epoch
    this.operations.push(pending.operation)
    return true
  }
}

/**
 * The operations that wait, within fixed quotas: half of the room is for our own, the rest in equal parts for what each other
 * member forwards. So no flood of forwarded operations pushes out our own, or those that another member forwards.
 *
 * Adding and removing take constant time, selecting takes time in what it selects. The caller adds only operations that are
 * valid and not committed, each no larger than a proposal holds, and forwards those that are `overdue` to all members.
 *
 * @throws RangeError unless `n` ≥ 1, 0 ≤ `self` < n, the caps ≥ 0, `depth` ≥ 1 and `overdueEpochs` ≥ 1 are safe integers.
 */
export class Mempool {
  readonly #options: Required<Omit<MempoolOptions, 'atRandom'>>
  readonly #atRandom: IndexSource | undefined
  readonly #pending = new Map<OperationId, Pending>()
  /** Our own, oldest first. */
  readonly #own = new Map<OperationId, Pending>()
  /** Forwarded to us, oldest first; all, and by the epoch modulo n in which they are ours to propose. */
  readonly #forwarded = new Map<OperationId, Pending>()
  readonly #buckets: readonly Map<OperationId, Pending>[]
  /** Our own that nobody else has yet, where chance decides: whoever is chosen must have them. */
  readonly #unforwarded = new Set<OperationId>()
  /** Our own that were proposed, by when they are overdue, soonest first. */
  readonly #due = new Map<OperationId, number>()
  readonly #ownQuota: Quota
  readonly #quotas: readonly Quota[]

  constructor({ depth = 1, overdueEpochs = 2, atRandom, ...options }: MempoolOptions) {
    const { n, self, bytesMax, operationsMax } = options
    checkInteger('n', n, 1)
    checkInteger('self', self, 0, n - 1)
    checkInteger('bytesMax', bytesMax, 0)
    checkInteger('operationsMax', operationsMax, 0)
    checkInteger('depth', depth, 1)
    checkInteger('overdueEpochs', overdueEpochs, 1)
    this.#options = { ...options, depth, overdueEpochs }
    this.#atRandom = atRandom
    this.#buckets = Array.from({ length: n }, () => new Map())
    const share = (max: number) => Math.floor(max / 2 / Math.max(1, n - 1))
    this.#quotas = Array.from({ length: n }, () => new Quota(share(bytesMax), share(operationsMax)))
    this.#ownQuota = new Quota(Math.floor(bytesMax / 2), Math.floor(operationsMax / 2))
  }

  /** How many operations wait. */
  get size(): number {
    return this.#pending.size
  }

  /** Whether an operation waits. */
  has(id: OperationId): boolean {
    return this.#pending.has(id)
  }

  /** Our own operations that wait, oldest first: what must survive a restart. */
  ownOperations(): readonly Uint8Array[] {
    return [...this.#own.values()].map(({ operation }) => operation)
  }

  /**
   * Adds an operation in the epoch that runs now.
   *
   * `full` says that its origin has used up its quota. One that was forwarded to us and is now given by a client of ours
   * becomes our own.
   */
  add(operation: Uint8Array, origin: OperationOrigin, epoch: Epoch): AddOutcome {
    const id = this.#options.idOf(operation)
    const known = this.#pending.get(id)
    if (known !== undefined && (origin !== 'own' || known.origin === 'own')) return 'duplicate'
    if (!this.#quotaOf(origin).take(operation)) return 'full'
    if (known !== undefined) this.#drop(known)
    const bucket = origin === 'own' ? -1 : spread(id) % this.#options.n
    this.#insert({ id, operation, origin, addedIn: epoch, bucket, proposedFor: -1 })
    return 'added'
  }

  /** Removes operations, as they are committed or will never be; unknown ones are ignored. */
  remove(ids: Iterable<OperationId>): void {
    for (const id of ids) {
      const pending = this.#pending.get(id)
      if (pending !== undefined) this.#drop(pending)
    }
  }

  /**
   * The operations to propose: our own, then those assigned to us, each oldest first.
   *
   * While assigned ones wait, our own get half of the room; what is left at the end is for our own again. Assigned are those
   * whose turn with us it is, and those that have waited for n epochs, which are everybody's.
   *
   * Where chance decides: ⌈B/n⌉ of the oldest B, whosever they are, in the order in which they wait; B is what n proposals hold.
   */
  select(selection: Selection): readonly Uint8Array[] {
    const basket = new Basket(selection)
    if (this.#atRandom !== undefined) {
      this.#fillAtRandom(basket, selection, this.#atRandom)
      return basket.operations
    }
    this.#fill(basket, this.#own, selection, { bytesKeptFree: Math.ceil(selection.bytesMax / 2) })
    this.#fillAged(basket, selection)
    this.#fill(basket, this.#bucketOf(selection.epoch), selection, { bytesKeptFree: 0 })
    this.#fill(basket, this.#own, selection, { bytesKeptFree: 0 })
    return basket.operations
  }

  /**
   * Our own operations that were proposed `overdueEpochs` epochs ago and still wait: to be forwarded to all members. Where chance
   * decides, those as well that were added since.
   *
   * Each comes again after as many epochs, as nobody acknowledges what is forwarded.
   */
  overdue(epoch: Epoch): readonly Uint8Array[] {
    const operations: Uint8Array[] = []
    for (const id of this.#unforwarded) {
      this.#due.set(id, epoch + this.#options.overdueEpochs)
      operations.push((this.#own.get(id) as Pending).operation)
    }
    this.#unforwarded.clear()
    for (const [id, due] of this.#due) {
      if (due > epoch) break
      this.#due.delete(id)
      this.#due.set(id, epoch + this.#options.overdueEpochs)
      operations.push((this.#own.get(id) as Pending).operation)
    }
    return operations
  }

  // HoneyBadger: a random selection of size ⌈B/n⌉ from the first B operations
  #fillAtRandom(basket: Basket, { epoch, operationsMax }: Selection, rng: IndexSource): void {
    const { n } = this.#options
    const batch = Math.max(1, operationsMax === undefined ? this.size : n * operationsMax)
    const waiting: Pending[] = []
    for (const pending of this.#pending.values()) {
      if (waiting.length >= batch) break
      if (this.#isFree(pending, epoch)) waiting.push(pending)
    }
    for (const pending of selectAtRandom({ waiting, batch, n, rng })) if (!basket.put(pending)) return
  }

  // an operation that has waited for n epochs has been everybody's in turn: from now on all propose it, oldest first
  #fillAged(basket: Basket, { epoch }: Selection): void {
    for (const pending of this.#forwarded.values()) {
      if (pending.addedIn + this.#options.n > epoch) return
      if (this.#isFree(pending, epoch) && !basket.put(pending)) return
    }
  }

  #fill(
    basket: Basket,
    from: ReadonlyMap<OperationId, Pending>,
    { epoch }: Selection,
    { bytesKeptFree }: { readonly bytesKeptFree: number },
  ): void {
    for (const pending of from.values()) {
      if (!this.#isFree(pending, epoch)) continue
      const isFirst = basket.operations.length === 0
      if (!isFirst && basket.bytesLeft - pending.operation.length < bytesKeptFree) return
      if (!basket.put(pending)) return
      if (pending.origin === 'own' && !this.#due.has(pending.id)) {
        this.#due.set(pending.id, epoch + this.#options.overdueEpochs)
      }
    }
  }

  /** Whether an operation is in none of the proposals that may still be agreed on. */
  #isFree({ proposedFor }: Pending, epoch: Epoch): boolean {
    return proposedFor < 0 || proposedFor <= epoch - this.#options.depth
  }

  /** Those whose turn with us an epoch is: in n epochs in a row, each operation is assigned to each member once. */
  #bucketOf(epoch: Epoch): ReadonlyMap<OperationId, Pending> {
    const { n, self } = this.#options
    return this.#buckets[(self + n - (epoch % n)) % n] as Map<OperationId, Pending>
  }

  #quotaOf(origin: OperationOrigin): Quota {
    return origin === 'own' ? this.#ownQuota : (this.#quotas[origin] as Quota)
  }

  #insert(pending: Pending): void {
    this.#pending.set(pending.id, pending)
    if (pending.origin === 'own') {
      this.#own.set(pending.id, pending)
      if (this.#atRandom !== undefined) this.#unforwarded.add(pending.id)
    } else {
      this.#forwarded.set(pending.id, pending)
      this.#buckets[pending.bucket]?.set(pending.id, pending)
    }
  }

  #drop({ id, operation, origin, bucket }: Pending): void {
    this.#quotaOf(origin).give(operation)
    this.#pending.delete(id)
    this.#own.delete(id)
    this.#forwarded.delete(id)
    this.#buckets[bucket]?.delete(id)
    this.#due.delete(id)
    this.#unforwarded.delete(id)
  }
}

/** Spreads ids over the members, everywhere alike; ids are digests, so summing up their characters would do as well. */
function spread(id: OperationId): number {
  let sum = 0
  for (let at = 0; at < id.length; at += 1) sum = (Math.imul(sum, 31) + id.charCodeAt(at)) >>> 0
  return sum
}

function checkInteger(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`mempool: need ${name} in ${least}..${most}, got ${value}`)
  }
}
