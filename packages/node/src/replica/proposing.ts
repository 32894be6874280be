/**
 * What we propose: operations that wait, ours and those that others forwarded, and when.
 */
import { Mempool, OPERATION_OVERHEAD_BYTES, type Proposal } from '@mc/abc'
import { digestKey } from '@mc/crypto'
import type { Refusal } from '@mc/ledger'
import { type Epoch, invariant, type PeerIndex } from '@mc/protocol'
import type { Codec } from '@mc/protocol/wire'
import type { Consensus } from './consensus.js'
import type { ReplicaContext, ReplicaLimits } from './context.js'
import { FORWARDED_MAX } from './peer-messages.js'

/** What became of an operation that a person handed in. */
export type Submission =
  | { readonly taken: true; readonly id: Uint8Array }
  | { readonly taken: false; readonly id: Uint8Array; readonly refusal: Refusal | MempoolRefusal }

/** The node is full, or has the operation already. */
export interface MempoolRefusal {
  readonly rule: 'node/mempool-full' | 'node/already-pending'
  readonly detail: string
}

/** Bytes of a proposal that are kept free for its header and the lengths in it. */
const HEADER_BYTES = 512

/** Bytes of forwarded operations of one peer that may be in checks at once, unless a single message holds more. */
const CHECKING_BYTES_MAX = 4 * 1024 * 1024

/** How many bytes of operations a proposal takes. */
export const selectionBytesMax = ({ proposalBytesMax, proposalOperationsMax }: ReplicaLimits): number =>
  proposalBytesMax - HEADER_BYTES - OPERATION_OVERHEAD_BYTES * proposalOperationsMax

/** The mempool and the proposals made of it. */
export class Proposing<State> {
  readonly #context: ReplicaContext<State>
  readonly #codec: Codec<Proposal>
  readonly #mempool: Mempool
  #nextProposal: number
  /** Peers take part in epochs below this one. */
  #wantedBelow = 0
  /** Bytes of forwarded operations of each peer that are being checked. */
  readonly #checking = new Map<PeerIndex, number>()
  /** The epoch that a pending deadline wants, and none above it. */
  #dueEpoch = -1

  constructor(context: ReplicaContext<State>, codec: Codec<Proposal>) {
    const { committee, limits, ledger, epochs, atRandom } = context.options
    this.#context = context
    this.#codec = codec
    this.#mempool = new Mempool({
      self: committee.self,
      n: committee.n,
      bytesMax: limits.mempoolBytesMax,
      operationsMax: limits.mempoolOperationsMax,
      idOf: bytes => digestKey(ledger.machine.operationId(bytes)),
      depth: epochs.depth,
      ...(atRandom && { atRandom }),
    })
    this.#nextProposal = ledger.nextEpoch
  }

  /** How many operations wait. */
  get pending(): number {
    return this.#mempool.size
  }

  /** Operations of ours that a new segment of the log must go on remembering. */
  get pendingOwn(): readonly Uint8Array[] {
    return this.#mempool.ownOperations()
  }

  /** Whether an operation waits here. */
  isPending(id: Uint8Array): boolean {
    return this.#mempool.has(digestKey(id))
  }

  /** Takes an operation from a person: it is logged, and proposed until it is on the ledger. */
  submit(bytes: Uint8Array): Submission {
    const { options, turn } = this.#context
    const id = options.ledger.machine.operationId(bytes)
    const refusal = options.ledger.admit(bytes)
    if (refusal !== undefined) return { taken: false, id, refusal }
    const outcome = this.#mempool.add(bytes, 'own', this.#epoch)
    if (outcome !== 'added') return { taken: false, id, refusal: outcome === 'full' ? FULL : PENDING }
    turn().log({ type: 'operation', bytes })
    return { taken: true, id }
  }

  /** Takes what we promised before a restart; what is on the ledger by now is left out. */
  restore(operations: readonly Uint8Array[]): void {
    for (const bytes of operations) {
      if (this.#context.options.ledger.admit(bytes) !== undefined) continue
      this.#mempool.add(bytes.slice(), 'own', this.#epoch)
    }
  }

  /** A member asks us to propose these too. Faults reported: `node/forwarded-refused`, `node/too-many-forwarded`. */
  onForward(peer: PeerIndex, operations: readonly Uint8Array[]): void {
    const { budgets, options, turn } = this.#context
    const { ledger, now } = options
    const unknown: Uint8Array[] = []
    for (const bytes of operations) {
      // A hash before a signature: what we have already costs no more than that.
      if (this.#isHere(ledger.machine.operationId(bytes))) continue
      if (!budgets.takeCheck(peer, now())) {
        const detail = 'more operations than we check for one member'
        turn().faults.push({ rule: 'node/too-many-forwarded', peer, detail })
        break
      }
      unknown.push(bytes.slice())
    }
    this.#checkAhead(peer, unknown)
  }

  #isHere(id: Uint8Array): boolean {
    const { ledger } = this.#context.options
    return this.isPending(id) || ledger.machine.isKnown(ledger.state, digestKey(id))
  }

  // A member whose operations wait for too many checks can wait until they are made: it proposes them itself, too.
  #checkAhead(peer: PeerIndex, operations: readonly Uint8Array[]): void {
    const { ahead } = this.#context.options
    const bytes = operations.reduce((sum, { length }) => sum + length, 0)
    const waiting = this.#checking.get(peer) ?? 0
    if (operations.length === 0 || (waiting > 0 && waiting + bytes > CHECKING_BYTES_MAX)) return
    const done = (): void => {
      this.#checking.set(peer, (this.#checking.get(peer) ?? 0) - bytes)
      this.#takeForwarded(peer, operations)
    }
    if (ahead?.(operations, done, { isUrgent: false }) === true) this.#checking.set(peer, waiting + bytes)
    else this.#takeForwarded(peer, operations)
  }

  #takeForwarded(peer: PeerIndex, operations: readonly Uint8Array[]): void {
    const { ledger } = this.#context.options
    for (const bytes of operations) {
      if (this.#isHere(ledger.machine.operationId(bytes))) continue
      const refusal = ledger.admit(bytes)
      if (refusal === undefined) this.#mempool.add(bytes, peer, this.#epoch)
      else if (isAboutBytes(refusal)) {
        this.#context.turn().faults.push({ rule: 'node/forwarded-refused', peer, detail: refusal.rule })
      }
    }
  }

  /** Somebody who is no member asks us to propose these. Who it is, and how many it may send, is for our caller to know. */
  take(operations: readonly Uint8Array[]): void {
    const { ledger, committee } = this.#context.options
    for (const bytes of operations) {
      if (this.isPending(ledger.machine.operationId(bytes)) || ledger.admit(bytes) !== undefined) continue
      // Kept as if a member had forwarded it: it is not ours to remember.
      this.#mempool.add(bytes.slice(), committee.self, this.#epoch)
    }
  }

  /** The clock moved: a state with pending deadlines wants a block from time to time, with or without operations. */
  tick(): void {
    const { ledger, now } = this.#context.options
    const wake = ledger.machine.wake?.(ledger.state)
    const { time, clock } = ledger.tip?.block ?? { time: ledger.genesis.time, clock: 0 }
    if (wake === undefined) return
    const elapsed = now() - time
    if (elapsed >= wake.heartbeatMs || clock + elapsed >= wake.dueMs) this.#dueEpoch = ledger.nextEpoch
  }

  /** A peer takes part in this epoch and waits for our proposal. */
  onWanted(epoch: number): void {
    this.#wantedBelow = Math.max(this.#wantedBelow, epoch + 1)
  }

  /** A block holds these operations, accepted or not; what was left out of it for too long is forwarded to all. */
  onBlock(epoch: number, ids: readonly string[]): void {
    this.#mempool.remove(ids)
    this.#nextProposal = Math.max(this.#nextProposal, epoch + 1)
    const overdue = this.#mempool.overdue((epoch + 1) as Epoch)
    for (let at = 0; at < overdue.length; at += FORWARDED_MAX) {
      this.#context.turn().send('all', { type: 'forward', operations: overdue.slice(at, at + FORWARDED_MAX) })
    }
  }

  /** All epochs below are over, or have a proposal of ours already: none is ever made twice. */
  skipTo(epoch: number): void {
    this.#nextProposal = Math.max(this.#nextProposal, epoch)
  }

  /** Proposes for the epochs that are open, if there is something to decide. */
  proposeWhatIsOpen(consensus: Consensus): void {
    const { epochs, ledger } = this.#context.options
    // Epochs that a decided configuration will agree on are not opened in this one.
    const end = Math.min(
      ledger.nextEpoch + epochs.depth,
      ledger.decided?.firstEpoch ?? Number.POSITIVE_INFINITY,
    )
    while (this.#nextProposal < end && this.#hasReason(this.#nextProposal)) {
      const epoch = this.#nextProposal as Epoch
      this.#nextProposal += 1
      consensus.propose(epoch, this.#payload(epoch))
    }
  }

  get #epoch(): Epoch {
    return this.#context.options.ledger.nextEpoch as Epoch
  }

  /** An epoch runs when somebody has something to decide, or when a deadline passes. */
  #hasReason(epoch: number): boolean {
    return this.#mempool.size > 0 || epoch < this.#wantedBelow || epoch === this.#dueEpoch
  }

  #payload(epoch: Epoch): Uint8Array {
    const { ledger, limits, secretKey, now } = this.#context.options
    const operations = this.#mempool.select({
      epoch,
      bytesMax: selectionBytesMax(limits),
      operationsMax: limits.proposalOperationsMax,
    })
    const payload = this.#codec.encode({ header: ledger.header(now(), secretKey), operations })
    invariant(payload.length <= limits.proposalBytesMax, 'a proposal fits its bound')
    return payload
  }
}

/** A refusal that looks the same to everybody; what a member that is behind refuses accuses nobody. */
const isAboutBytes = ({ rule }: Refusal): boolean => rule.startsWith('ledger/')

/** There is no room. */
export const FULL: MempoolRefusal = {
  rule: 'node/mempool-full',
  detail: 'too many operations wait already: try again when some are on the ledger',
}

/** It is here already. */
export const PENDING: MempoolRefusal = {
  rule: 'node/already-pending',
  detail: 'this operation waits already',
}
