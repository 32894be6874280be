/**
 * A node: replica, log, store and transport, put together.
 */
import { EventEmitter } from 'node:events'
import type { CryptoProvider } from '@mc/crypto'
import {
  type AppliedBlock,
  type Certificate,
  type Genesis,
  type Ledger,
  type RecordsState,
  sealsToConvince,
} from '@mc/ledger'
import type { MemberKey, Transport } from '@mc/network'
import type { Committee, Fault, PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { assemble, type NodeParts } from './assembly.js'
import { BlockAnswers } from './blocks-answer.js'
import { journalCodec } from './log/journal.js'
import type { WriteAheadLog } from './log/write-ahead-log.js'
import { Loop } from './loop.js'
import type { NodeMachine, OperationForm } from './machine.js'
import { Members } from './members.js'
import type { NodeOptions } from './node-options.js'
import { Outbox, type OutboxCounts } from './outbox.js'
import type { AheadWork } from './replica/ahead.js'
import type { StoredBlock } from './replica/chain.js'
import { messageCodecOf, type Replica, type ReplicaStatus, type Submission } from './replica/replica.js'
import type { Turn } from './replica/turn.js'
import { Retention, SEGMENT_BLOCKS_MAX, SEGMENT_BYTES_MAX } from './retention.js'
import type { BlockStore } from './store/block-store.js'
import { CheckpointPace, type LedgerExtent } from './store/checkpoint-pace.js'
import type { NodeSuite } from './suite.js'
import { Suspicion } from './suspicion.js'

export { DEFAULT_REPLICA_LIMITS, type NodeOptions, type OperationKind } from './node-options.js'

/** A fault with the name of who is at fault. */
export interface NamedFault extends Fault {
  readonly peerName: string | undefined
  readonly disconnected: boolean
}

/** What a node tells whoever listens. */
export interface NodeEvents {
  block: [AppliedBlock]
  fault: [NamedFault]
  /** The node cannot go on: its disk failed, or it found a bug of its own. */
  failure: [Error]
}

/** Where a node stands, for people and for metrics. */
export interface NodeStatus extends ReplicaStatus {
  readonly network: string
  readonly name: string
  readonly member: number
  readonly members: number
  readonly suite: string
  readonly suiteName: string
  readonly operations: number
  readonly stateRoot: string
  readonly tip: { readonly epoch: number; readonly cid: string; readonly time: number } | undefined
  readonly peersConnected: number
  readonly logCondition: string
  readonly failure: string | undefined
}

const TICK_MS = 250

/** A running node. */
export class Node {
  readonly events: EventEmitter<NodeEvents> = new EventEmitter<NodeEvents>()
  readonly genesis: Genesis
  readonly store: BlockStore
  readonly transport: Transport
  readonly committee: Committee
  readonly crypto: CryptoProvider
  /** Operations on the ledger after each block, by epoch − first epoch. */
  readonly totals: readonly number[]
  readonly #totals: number[]
  readonly #replica: Replica<unknown>
  readonly #machine: NodeMachine<unknown>
  readonly #loop: Loop
  readonly #log: WriteAheadLog
  readonly #members: Members
  readonly #outbox: Outbox
  readonly #retention: Retention
  readonly #suite: NodeSuite
  readonly #suspicion = new Suspicion()
  readonly #now: () => number
  readonly #logCondition: string
  readonly #answers: BlockAnswers
  readonly #segmentBytesMax: number
  readonly #pace: CheckpointPace
  readonly #aheadWork: AheadWork<unknown>
  #rotatedAt: number
  #ticker: NodeJS.Timeout | undefined
  #writes: Promise<unknown> = Promise.resolve()
  #failure: Error | undefined

  private constructor(parts: NodeParts) {
    const { options, replica, replay, store, opened, suite, committee, totals } = parts
    this.genesis = options.genesis
    this.crypto = options.crypto
    this.store = store
    this.transport = options.transport
    this.committee = committee
    this.totals = totals
    this.#totals = totals
    this.#replica = replica
    this.#machine = parts.machine
    this.#log = opened.log
    this.#logCondition = opened.condition
    this.#suite = suite
    this.#now = options.now ?? Date.now
    this.#segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX
    this.#pace = new CheckpointPace(parts.written)
    this.#aheadWork = parts.aheadWork
    this.#rotatedAt = totals.length
    this.#members = new Members(options.genesis.configuration)
    const spokenOf = replay.events.reduce((most, { epoch }) => Math.max(most, epoch), 0)
    this.#retention = new Retention(opened.log.currentSegment, Math.max(this.#spokenBelow, spokenOf))
    const { transport } = options
    const codec = messageCodecOf(parts.limits)
    this.#outbox = new Outbox({ transport, members: this.#members, committee, codec })
    this.#answers = new BlockAnswers({
      store,
      configuration: options.genesis.configuration,
      enqueue: read => this.#write(read),
      send: (to, message) => this.#outbox.send([{ to, message }]),
    })
    this.#loop = new Loop({
      takeTurn: () => replica.takeTurn(),
      log: opened.log,
      release: turn => this.#release(turn),
      onFailure: error => this.#fail(error),
    })
  }

  /**
   * Opens the data directory, hears the log again, and joins the network.
   *
   * @throws Error if the directory is in use or belongs to another network, or if our key is no member's.
   */
  static async start(options: NodeOptions): Promise<Node> {
    const node = new Node(await assemble(options))
    await node.#begin()
    return node
  }

  get ledger(): Ledger<unknown> {
    return this.#replica.ledger
  }

  /** The operations on the ledger, by place and by author. */
  get record(): RecordsState {
    return this.#machine.recordOf(this.ledger.state)
  }

  /** How operations are written in JSON. */
  get form(): OperationForm {
    return this.#machine.form
  }

  /** Root of what the state holds besides the record, if it holds anything. */
  get besideRecord(): Uint8Array | undefined {
    return this.#machine.besideRecord(this.ledger.state)
  }

  get status(): NodeStatus {
    const { ledger } = this
    const tip = ledger.tip
    return {
      ...this.#replica.status,
      network: hex(ledger.network),
      name: this.genesis.name,
      member: this.committee.self,
      members: this.committee.n,
      suite: this.#suite.fingerprint,
      suiteName: this.#suite.name,
      operations: ledger.machine.size(ledger.state),
      stateRoot: hex(ledger.stateRoot()),
      tip: tip && { epoch: tip.block.epoch, cid: String(tip.cid), time: tip.block.time },
      peersConnected: this.transport.stats().peers.filter(({ connected }) => connected).length,
      logCondition: this.#logCondition,
      failure: this.#failure?.message,
    }
  }

  /** Counts of messages, frames and bytes sent so far. */
  get sent(): OutboxCounts {
    return { ...this.#outbox.counts }
  }

  /** Operations that were handed in here and are not on the ledger yet. */
  get pendingOwn(): readonly Uint8Array[] {
    return this.#replica.pendingOwn
  }

  /** Whether an operation waits here. */
  isPending(id: Uint8Array): boolean {
    return this.#replica.isPending(id)
  }

  /**
   * Takes operations from people. Resolves once those that are taken are on disk: they will be proposed until they are on the
   * ledger, whatever happens to this process.
   */
  async submit(operations: readonly Uint8Array[]): Promise<readonly Submission[]> {
    await this.#machine.prepare?.(this.ledger.state, operations, { isUrgent: false })
    let submissions: readonly Submission[] = []
    this.#loop.event(() => {
      submissions = operations.map(bytes => this.#replica.submit(bytes))
    })
    await this.#loop.settled()
    return submissions
  }

  /** The certificate of a block: what was collected lately, or what the store holds. */
  async certificate(epoch: number): Promise<Certificate | undefined> {
    const recent = this.ledger.certificate(epoch)
    const stored = await this.store.certificate(epoch)
    return (recent?.seals.length ?? 0) >= (stored?.seals.length ?? 0) ? recent : stored
  }

  /** Finishes what is running, writes a checkpoint, and closes everything. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker)
    this.#answers.stop()
    await this.transport.stop()
    await this.#loop.stop()
    await this.#writes
    if (this.#failure === undefined) await this.#checkpoint().catch(() => {})
    await this.#log.close().catch(() => {})
    await this.store.close()
  }

  async #begin(): Promise<void> {
    const event = (peer: MemberKey, run: (index: PeerIndex) => void): void => {
      const index = this.#members.indexOf(peer)
      if (index !== undefined) this.#loop.event(() => run(index))
    }
    await this.transport.start({
      onFrame: (from, _, frame) => event(from, index => this.#replica.receive(index, frame)),
      onConnected: peer => event(peer, index => this.#replica.connected(index)),
      onDisconnected: peer => event(peer, index => this.#replica.disconnected(index)),
      onFault: ({ rule, peer, detail }) => this.#onTransportFault(rule, peer, detail),
    })
    this.transport.admit(this.#members.addresses)
    this.#aheadWork.begin(run => this.#loop.event(run))
    this.#ticker = setInterval(() => this.#loop.event(() => this.#replica.tick()), TICK_MS)
    this.#loop.event(() => {})
  }

  async #release(turn: Turn): Promise<void> {
    this.#outbox.send(turn.outgoing)
    for (const stored of turn.blocks) this.#onBlock(stored)
    this.#keepCertificates(turn.certificates)
    for (const fault of turn.faults) this.#onFault(fault)
    for (const [from, epoch] of turn.requests) this.#answers.answer(from, epoch)
    if (turn.records.length > 0) this.#retention.speaksOf(this.#spokenBelow)
    if (this.#isLogLong) await this.#rotate()
    if (this.#pace.isDue(this.#extent)) this.#beginCheckpoint()
    if (turn.retired !== undefined) await this.#forget(turn.retired)
  }

  /** How far the ledger is: the state may be ahead of the turns. */
  get #extent(): LedgerExtent {
    const { untaken } = this.#replica
    const operations = untaken.at(-1)?.block.operations ?? this.#totals.at(-1) ?? 0
    return { blocks: this.#totals.length + untaken.length, operations }
  }

  get #isLogLong(): boolean {
    if (this.#log.segmentBytes > this.#segmentBytesMax) return true
    return this.#totals.length - this.#rotatedAt >= SEGMENT_BLOCKS_MAX
  }

  /** No record so far speaks of this epoch or a later one. */
  get #spokenBelow(): number {
    return this.ledger.nextEpoch + this.#suite.epochsTaken
  }

  #onBlock(stored: StoredBlock): void {
    this.#totals.push(stored.block.operations)
    this.#write(() => this.store.put(stored))
    this.events.emit('block', stored)
  }

  #keepCertificates(certificates: readonly Certificate[]): void {
    const needed = sealsToConvince(this.committee)
    const latest = new Map(certificates.map(certificate => [certificate.epoch, certificate]))
    for (const certificate of latest.values()) {
      if (certificate.seals.length >= needed) this.#write(() => this.store.putCertificate(certificate))
    }
  }

  /** Writes happen one after the other; the first that fails stops the node. */
  #write(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(() => (this.#failure === undefined ? write() : undefined))
    this.#writes = this.#writes.catch(error => this.#loop.fail(error as Error))
  }

  // The new segment remembers what we promised before the old ones may go.
  async #rotate(): Promise<void> {
    this.#rotatedAt = this.#totals.length
    const number = await this.#log.rotate()
    // Meanwhile more may have been written to the segment that is closed now.
    this.#retention.speaksOf(this.#spokenBelow)
    this.#retention.rotated(number)
    for (const bytes of this.#replica.pendingOwn)
      this.#log.append(journalCodec.encode({ type: 'operation', bytes }))
    await this.#log.sync(true)
  }

  // In this order: the blocks are on disk, then the record that says what is retired, then what speaks of it goes.
  async #forget(retired: number): Promise<void> {
    const needed = this.#retention.neededFrom(retired)
    if (needed === undefined) return
    await this.#checkpoint()
    await this.#log.sync(true)
    await this.#log.dropBefore(needed)
  }

  async #checkpoint(): Promise<void> {
    if (this.#extent.blocks > this.#pace.blocks) this.#beginCheckpoint()
    else this.#write(() => this.store.flush())
    await this.#writes
    if (this.#failure !== undefined) throw this.#failure
  }

  // The state may be ahead of the turns: the blocks that led to it are written before it is.
  #beginCheckpoint(): void {
    const tip = this.ledger.tip?.block
    if (tip === undefined) return
    const { untaken } = this.#replica
    const totals = [...this.#totals, ...untaken.map(({ block }) => block.operations)]
    const totalsWritten = this.#pace.blocks
    const snapshot = this.ledger.machine.snapshot(this.ledger.state)
    this.#pace.begun(this.#extent)
    for (const stored of [...untaken]) this.#write(() => this.store.put(stored))
    this.#write(() => this.store.checkpoint({ epoch: tip.epoch, snapshot, totals, totalsWritten }))
  }

  #onFault(fault: Fault): void {
    const { peer } = fault
    const disconnected = peer !== undefined && this.#suspicion.add(peer, fault.rule, this.#now())
    if (disconnected) this.transport.disconnect(this.#members.key(peer), fault.rule)
    const peerName = peer === undefined ? undefined : this.#members.name(peer)
    this.events.emit('fault', { ...fault, peerName, disconnected })
  }

  #onTransportFault(rule: string, key: MemberKey | undefined, detail: string): void {
    const peer = key === undefined ? undefined : this.#members.indexOf(key)
    this.#onFault({ rule, detail, ...(peer === undefined ? {} : { peer }) })
  }

  // Reads go on; nothing is voted on, taken from anybody or told to anybody any more.
  #fail(error: Error): void {
    this.#failure = error
    clearInterval(this.#ticker)
    this.#answers.stop()
    this.transport.stop().catch(() => {})
    this.events.emit('failure', error)
  }
}
