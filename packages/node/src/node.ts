/**
 * A node: what it runs in each configuration, log, store and transport, put together.
 */
import { EventEmitter } from 'node:events'
import { type CryptoProvider, equalBytes } from '@mc/crypto'
import {
  type AppliedBlock,
  type Certificate,
  type Configuration,
  configurationDigest,
  type Genesis,
  type Ledger,
  type RecordsState,
} from '@mc/ledger'
import type { MemberKey, Transport } from '@mc/network'
import type { Fault, PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { assemble, type NodeParts } from './assembly.js'
import { BlockAnswers } from './blocks-answer.js'
import { ContentExchange } from './content-exchange.js'
import { type Era, keysOf } from './era.js'
import { Eras } from './eras.js'
import { Keeping } from './keeping.js'
import { Loop } from './loop.js'
import type { NodeMachine, OperationForm, StateContent } from './machine.js'
import type { NodeOptions } from './node-options.js'
import type { OutboxCounts } from './outbox.js'
import type { ParticipantStatus } from './replica/participant.js'
import type { Submission } from './replica/replica.js'
import type { Turn } from './replica/turn.js'
import type { BlockStore } from './store/block-store.js'
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
  /** Another configuration has taken force, and this node has moved on to it. */
  configuration: [Configuration]
  /** The node cannot go on: its disk failed, or it found a bug of its own. */
  failure: [Error]
}

/** Where a node stands, for people and for metrics. */
export interface NodeStatus extends ParticipantStatus {
  readonly network: string
  readonly name: string
  /** Our place among the members; nothing if we have none, and follow. */
  readonly member: number | undefined
  readonly members: number
  /** The configuration that agrees on the next block. */
  readonly configuration: { readonly index: number; readonly firstEpoch: number; readonly digest: string }
  /** Fingerprint of the suite that we vote in, if we vote. */
  readonly suite: string | undefined
  readonly suiteName: string
  /** Why we do not vote though we are a member. */
  readonly obstacle: string | undefined
  readonly operations: number
  readonly stateRoot: string
  readonly tip: { readonly epoch: number; readonly cid: string; readonly time: number } | undefined
  readonly peersConnected: number
  readonly guestsConnected: number
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
  readonly crypto: CryptoProvider
  /** Operations on the ledger after each block, by epoch − first epoch. */
  readonly totals: readonly number[]
  readonly #parts: NodeParts
  readonly #machine: NodeMachine<unknown>
  readonly #loop: Loop
  readonly #keeping: Keeping
  readonly #eras: Eras
  readonly #suspicion = new Suspicion()
  readonly #now: () => number
  readonly #answers: BlockAnswers
  readonly #contents: ContentExchange | undefined
  #ticker: NodeJS.Timeout | undefined
  #failure: Error | undefined

  private constructor(parts: NodeParts) {
    const { log, options, store, totals } = parts
    this.#parts = parts
    this.genesis = options.genesis
    this.crypto = options.crypto
    this.store = store
    this.transport = options.transport
    this.totals = totals
    this.#machine = parts.machine
    this.#now = options.now ?? Date.now
    this.#keeping = this.#newKeeping()
    this.#answers = new BlockAnswers({
      store,
      enqueue: read => this.#keeping.write(read),
      send: (to, answer) => this.#era.outbox.say(to, answer),
    })
    this.#eras = new Eras(parts, {
      onRequest: (from, epoch) => this.#answers.answer(from, epoch, { isGuest: true }),
      onContentRequest: (from, request) => this.#contents?.receive(from, request),
      onCertificate: certificate => this.#keeping.keepCertificates([certificate]),
      onGuestFault: (fault, guest) => this.#onGuestFault(fault, guest),
      onEnd: rest => this.#take(rest),
    })
    this.#contents = parts.machine.content && this.#newExchange(parts.machine.content)
    this.#loop = new Loop({
      takeTurn: () => this.#era.participant.takeTurn(),
      log,
      release: turn => this.#release(turn),
      onFailure: error => this.#fail(error),
    })
  }

  /**
   * Opens the data directory, hears the log again, and joins the network: as a member if our key is one's, else as a follower.
   *
   * @throws Error if the directory is in use or belongs to another network, or if the genesis runs a suite that we have not.
   */
  static async start(options: NodeOptions): Promise<Node> {
    const node = new Node(await assemble(options))
    await node.#begin()
    return node
  }

  get ledger(): Ledger<unknown> {
    return this.#parts.ledger
  }

  get #era(): Era {
    return this.#eras.era
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
    const { configuration, digest, obstacle, participant, self, suite } = this.#era
    const { guests, peers } = this.transport.stats()
    const tip = ledger.tip
    return {
      ...participant.status,
      network: hex(ledger.network),
      name: this.genesis.name,
      member: self,
      members: configuration.members.length,
      configuration: {
        index: configuration.index,
        firstEpoch: configuration.firstEpoch,
        digest: hex(digest),
      },
      suite: suite?.fingerprint,
      suiteName: configuration.suite,
      obstacle,
      operations: ledger.machine.size(ledger.state),
      stateRoot: hex(ledger.stateRoot()),
      tip: tip && { epoch: tip.block.epoch, cid: String(tip.cid), time: tip.block.time },
      peersConnected: peers.filter(({ connected }) => connected).length,
      guestsConnected: guests,
      logCondition: this.#parts.opened.condition,
      failure: this.#failure?.message,
    }
  }

  /** Counts of messages, frames and bytes sent so far. */
  get sent(): OutboxCounts {
    return { ...this.#parts.counts }
  }

  /** Operations that were handed in here and are not on the ledger yet. */
  get pendingOwn(): readonly Uint8Array[] {
    return this.#era.participant.pendingOwn
  }

  /** Whether an operation waits here. */
  isPending(id: Uint8Array): boolean {
    return this.#era.participant.isPending(id)
  }

  /**
   * Takes operations from people. Resolves once those that are taken are on disk: they will be proposed until they are on the
   * ledger, whatever happens to this process. A node that takes no part in the agreement passes them on to members.
   */
  async submit(operations: readonly Uint8Array[]): Promise<readonly Submission[]> {
    let submissions: readonly Submission[] = []
    await this.#machine.prepare?.(this.ledger.state, operations, { isUrgent: false })
    this.#loop.event(() => {
      submissions = operations.map(bytes => this.#era.participant.submit(bytes))
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

  /** The configuration with this index or digest, if it is the first one or a block has announced it. */
  async configuration(name: number | Uint8Array): Promise<Configuration | undefined> {
    const { configuration } = this.genesis
    const isFirst =
      typeof name === 'number'
        ? name === configuration.index
        : equalBytes(name, configurationDigest(configuration, this.crypto.sha256))
    if (isFirst) return configuration
    const index = typeof name === 'number' ? name : await this.store.configurationIndex(name)
    return index === undefined ? undefined : this.store.configuration(index)
  }

  /** Finishes what is running, writes a checkpoint, and closes everything. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker)
    this.#answers.stop()
    await this.transport.stop()
    await this.#loop.stop()
    await this.#keeping.close()
    await this.#parts.log.close().catch(() => {})
    await this.store.close()
  }

  async #begin(): Promise<void> {
    await this.transport.start({
      onFrame: (from, _, frame) => this.#loop.event(() => this.#eras.onFrame(from, frame)),
      onConnected: peer => this.#loop.event(() => this.#eras.onConnected(peer)),
      onDisconnected: peer => this.#loop.event(() => this.#eras.onDisconnected(peer)),
      onFault: ({ rule, peer, detail }) => this.#onTransportFault(rule, peer, detail),
    })
    this.transport.admit(this.#era.members.addresses)
    this.#parts.aheadWork.begin(run => this.#loop.event(run))
    const { tickMs = TICK_MS } = this.#parts.options
    this.#ticker = setInterval(() => this.#loop.event(() => this.#tick()), tickMs)
    this.#loop.event(() => {})
  }

  #tick(): void {
    this.#era.participant.tick()
    this.#contents?.tick()
  }

  #newExchange(content: StateContent<unknown>): ContentExchange {
    return new ContentExchange({
      source: {
        missing: () => content.missing(this.ledger.state),
        get: id => content.get(id),
        keep: (id, bytes) => content.keep(id, bytes),
      },
      peers: () => this.#eras.members,
      say: (to, message) => this.#era.outbox.say(to, message),
      onComplete: () => this.#loop.event(() => this.#era.participant.resume()),
      onFault: (rule, peer, detail) => this.#onTransportFault(rule, peer, detail),
      now: this.#now,
    })
  }

  #newKeeping(): Keeping {
    const { era, ledger, log, options, spoken, store, totals, written } = this.#parts
    const events = era.replay?.events ?? []
    const spokenOf = events.reduce((most, { epoch }) => Math.max(most, epoch), 0)
    return new Keeping({
      ledger,
      store,
      log,
      totals,
      written,
      segmentBytesMax: options.segmentBytesMax,
      spokenBelow: () => this.#spokenBelow,
      spokenBefore: Math.max(ledger.nextEpoch + (era.suite?.epochsTaken ?? 0), spokenOf),
      untaken: () => this.#era.participant.untaken,
      remembered: () => [
        { type: 'continue', index: spoken.index },
        ...this.#era.participant.pendingOwn.map(bytes => ({ type: 'operation' as const, bytes })),
      ],
      onBlock: block => this.events.emit('block', block),
      onFailure: error => this.#loop.fail(error),
    })
  }

  /** No record so far speaks of this epoch or a later one. */
  get #spokenBelow(): number {
    return this.ledger.nextEpoch + (this.#era.suite?.epochsTaken ?? 0)
  }

  async #release(turn: Turn): Promise<void> {
    this.#era.outbox.send(turn.outgoing)
    this.#take(turn)
    if (turn.blocks.length > 0) this.#eras.announce()
    await this.#keeping.tidy(turn)
    if (this.#eras.isOver) await this.#goOn()
  }

  #take(turn: Turn): void {
    this.#keeping.keep(turn)
    for (const fault of turn.faults) this.#onFault(fault)
    for (const [from, epoch] of turn.requests) this.#answers.answer(this.#era.members.key(from), epoch)
    for (const { from, message } of turn.contents)
      this.#contents?.receive(this.#era.members.key(from), message)
  }

  /**
   * Moves on to the configuration that has taken force.
   *
   * Its blocks and itself are on disk before the log is told, and the log is told before anything is said in it. A process that
   * ends in between comes back to one side of that line or the other.
   */
  async #goOn(): Promise<void> {
    const { ledger, options } = this.#parts
    await this.#keeping.flush()
    const keys = await keysOf(options, ledger.configuration)
    this.#loop.event(() => {
      this.#eras.enter(keys)
      this.transport.admit(this.#era.members.addresses)
      this.#eras.greetGuests()
      this.events.emit('configuration', ledger.configuration)
    })
  }

  #onGuestFault(fault: Fault, guest: MemberKey): void {
    this.transport.disconnect(guest, fault.rule)
    this.events.emit('fault', { ...fault, peerName: undefined, disconnected: true })
  }

  #onFault(fault: Fault): void {
    const { members } = this.#era
    const { peer } = fault
    const disconnected = peer !== undefined && this.#suspicion.add(members.key(peer), fault.rule, this.#now())
    if (disconnected) this.transport.disconnect(members.key(peer as PeerIndex), fault.rule)
    const peerName = peer === undefined ? undefined : members.name(peer)
    this.events.emit('fault', { ...fault, peerName, disconnected })
  }

  #onTransportFault(rule: string, key: MemberKey | undefined, detail: string): void {
    const peer = key === undefined ? undefined : this.#era.members.indexOf(key)
    this.#onFault({ rule, detail, ...(peer === undefined ? {} : { peer }) })
  }

  // Reads go on; nothing is voted on, taken from anybody or told to anybody any more.
  #fail(error: Error): void {
    this.#failure = error
    this.#keeping.fail(error)
    clearInterval(this.#ticker)
    this.#answers.stop()
    this.transport.stop().catch(() => {})
    this.events.emit('failure', error)
  }
}
