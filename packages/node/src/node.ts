/**
 * A node: replica, log, store and transport, put together.
 */
import { EventEmitter } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { proposalCodec } from '@mc/abc'
import type { CryptoProvider } from '@mc/crypto'
import {
  type AppliedBlock,
  type Certificate,
  committeeOf,
  type Genesis,
  type Ledger,
  memberIndex,
  networkId,
  OPERATION_BYTES_MAX,
  opaqueOperations,
  type RecordsState,
  records,
  sealsToConvince,
  signedOperations,
} from '@mc/ledger'
import { DEFAULT_LIMITS, type MemberKey, type Transport } from '@mc/network'
import { type Committee, type Epoch, type Fault, invariant, type PeerIndex } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import { blocksAnswer } from './blocks-answer.js'
import { type JournalRecord, journalCodec, replayOf } from './log/journal.js'
import { type OpenedLog, WriteAheadLog } from './log/write-ahead-log.js'
import { Loop } from './loop.js'
import { Members } from './members.js'
import { Outbox, type OutboxCounts } from './outbox.js'
import type { StoredBlock } from './replica/chain.js'
import { DurableDraws } from './replica/draws.js'
import { peerMessageCodec } from './replica/peer-messages.js'
import { Replica, type ReplicaLimits, type ReplicaStatus, type Submission } from './replica/replica.js'
import type { Turn } from './replica/turn.js'
import { Retention, SEGMENT_BYTES_MAX } from './retention.js'
import { BlockStore } from './store/block-store.js'
import { restoreLedger } from './store/restore.js'
import type { NodeSuite, SuiteParts } from './suite.js'
import { Suspicion } from './suspicion.js'

/** What operations a node takes: signed by people, or opaque bytes in measurements. */
export type OperationKind =
  | { readonly kind: 'signed' }
  | { readonly kind: 'opaque'; readonly bytesMax: number }

/** What a node is made of. */
export interface NodeOptions {
  /** Where the log and the store live. One process at a time. */
  readonly directory: string
  readonly genesis: Genesis
  /** Our Ed25519 secret key, 32 bytes. */
  readonly secretKey: Uint8Array
  readonly crypto: CryptoProvider
  readonly suite: (parts: SuiteParts) => NodeSuite
  readonly transport: Transport
  readonly operations?: OperationKind
  readonly limits?: Partial<ReplicaLimits>
  /** Whether the log waits for the disk; off only for measurements that say so. */
  readonly fsync?: boolean
  /** The clock, in ms since 1970. */
  readonly now?: () => number
}

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

/** How many finished epochs go on helping those behind: a peer may be that slow before it has to fetch blocks. */
const EPOCHS_KEPT = 8

/** Bytes of one proposal unless told otherwise; enough for thousands of comments. */
export const DEFAULT_REPLICA_LIMITS: ReplicaLimits = {
  operationBytesMax: OPERATION_BYTES_MAX,
  proposalBytesMax: 2 * 1024 * 1024,
  proposalOperationsMax: 4_096,
  mempoolBytesMax: 64 * 1024 * 1024,
  mempoolOperationsMax: 200_000,
}

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
  readonly #replica: Replica<RecordsState>
  readonly #loop: Loop
  readonly #log: WriteAheadLog
  readonly #members: Members
  readonly #outbox: Outbox
  readonly #retention: Retention
  readonly #suite: NodeSuite
  readonly #suspicion = new Suspicion()
  readonly #now: () => number
  readonly #logCondition: string
  readonly #answering = new Set<PeerIndex>()
  #checkpointed: number
  #ticker: NodeJS.Timeout | undefined
  #writes: Promise<unknown> = Promise.resolve()
  #failure: Error | undefined

  private constructor(parts: NodeParts) {
    const { options, replica, store, opened, suite, committee, totals } = parts
    this.genesis = options.genesis
    this.crypto = options.crypto
    this.store = store
    this.transport = options.transport
    this.committee = committee
    this.totals = totals
    this.#totals = totals
    this.#replica = replica
    this.#log = opened.log
    this.#logCondition = opened.condition
    this.#suite = suite
    this.#now = options.now ?? Date.now
    this.#checkpointed = totals.length
    this.#members = new Members(options.genesis.configuration)
    this.#retention = new Retention(opened.log.currentSegment, replica.status.nextEpoch + suite.epochsTaken)
    const codec = peerMessageCodec(2 * parts.limits.proposalBytesMax + 65_536)
    this.#outbox = new Outbox({ transport: options.transport, members: this.#members, committee, codec })
    this.#loop = new Loop({
      replica: replica as Replica<unknown>,
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

  get ledger(): Ledger<RecordsState> {
    return this.#replica.ledger
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

  /** Whether an operation waits here. */
  isPending(id: Uint8Array): boolean {
    return this.#replica.isPending(id)
  }

  /**
   * Takes operations from people. Resolves once those that are taken are on disk: they will be proposed until they are on the
   * ledger, whatever happens to this process.
   */
  async submit(operations: readonly Uint8Array[]): Promise<readonly Submission[]> {
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
    await this.transport.stop()
    await this.#loop.stop()
    await this.#writes
    if (this.#failure === undefined) await this.#checkpoint()
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
    this.#ticker = setInterval(() => this.#loop.event(() => this.#replica.tick()), TICK_MS)
    this.#loop.event(() => {})
  }

  async #release(turn: Turn): Promise<void> {
    this.#outbox.send(turn.outgoing)
    for (const stored of turn.blocks) this.#onBlock(stored)
    this.#keepCertificates(turn.certificates)
    for (const fault of turn.faults) this.#onFault(fault)
    for (const { from, epoch } of turn.requests) this.#answer(from, epoch)
    if (turn.records.length > 0) this.#retention.speaksOf(this.ledger.nextEpoch + this.#suite.epochsTaken)
    if (this.#log.segmentBytes > SEGMENT_BYTES_MAX) await this.#rotate()
    if (turn.retired !== undefined) await this.#forget(turn.retired)
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

  #answer(from: PeerIndex, epoch: Epoch): void {
    // One answer at a time for each peer: asking is cheap, answering is not.
    if (this.#answering.has(from)) return
    this.#answering.add(from)
    this.#write(async () => {
      const answer = await blocksAnswer(this.store, epoch, this.ledger.configuration)
      this.#answering.delete(from)
      this.#outbox.send([{ to: from, message: answer }])
    })
  }

  /** Writes happen one after the other; the first that fails stops the node. */
  #write(write: () => Promise<void>): void {
    this.#writes = this.#writes.then(write).catch(error => this.#fail(error as Error))
  }

  async #rotate(): Promise<void> {
    const number = await this.#log.rotate()
    this.#retention.rotated(number)
    for (const bytes of this.#replica.pendingOwn)
      this.#log.append(journalCodec.encode({ type: 'operation', bytes }))
    await this.#log.sync(true)
  }

  async #forget(retired: number): Promise<void> {
    const needed = this.#retention.neededFrom(retired)
    if (needed === undefined) return
    await this.#checkpoint()
    await this.#log.dropBefore(needed)
  }

  async #checkpoint(): Promise<void> {
    await this.#writes
    const tip = this.ledger.tip?.block
    if (tip === undefined || this.#checkpointed === this.#totals.length) return this.store.flush()
    this.#checkpointed = this.#totals.length
    await this.store.checkpoint(tip.epoch, this.ledger.machine.snapshot(this.ledger.state))
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

  #fail(error: Error): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    clearInterval(this.#ticker)
    this.events.emit('failure', error)
  }
}

interface NodeParts {
  readonly options: NodeOptions
  readonly replica: Replica<RecordsState>
  readonly store: BlockStore
  readonly opened: OpenedLog
  readonly suite: NodeSuite
  readonly committee: Committee
  readonly limits: ReplicaLimits
  readonly totals: number[]
}

async function assemble(options: NodeOptions): Promise<NodeParts> {
  const { directory, genesis, crypto, secretKey } = options
  const { configuration } = genesis
  const self = memberIndex(configuration, crypto.ed25519.publicKey(secretKey))
  if (self < 0) throw new Error(`the key in ${directory} belongs to no member of "${genesis.name}"`)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const store = await openStore(join(directory, 'store'))
  const limits = limitsOf(options)
  const operations = operationsOf(options)
  const codec = proposalCodec({
    operationBytesMax: limits.operationBytesMax,
    operationsMax: limits.proposalOperationsMax,
  })
  const ledgerOptions = { genesis, crypto, machine: records({ sha256: crypto.sha256, operations }) }
  const { ledger, totals } = await restoreLedger(store, ledgerOptions, codec)
  const network = networkId(genesis, crypto.sha256)
  const fsync = options.fsync ?? true
  const opened = await WriteAheadLog.open({ directory: join(directory, 'log'), network, fsync })
  const replay = replayOf(readable(opened), ledger.nextEpoch, configuration.firstEpoch)
  const draws = new DurableDraws(crypto.rng, replay.draws, (label, bit) => {
    opened.log.append(journalCodec.encode({ type: 'draw', label, bit }))
  })
  const suite = options.suite({
    rng: draws,
    sha256: crypto.sha256,
    payloadBytesMax: limits.proposalBytesMax,
    depth: configuration.depth,
    epochsKept: EPOCHS_KEPT,
  })
  requireSuite(suite, genesis)
  const committee = committeeOf(configuration, self)
  const replica = new Replica<RecordsState>({
    atomicBroadcast: suite.atomicBroadcast,
    epochs: suite.epochs,
    suite: suite.fingerprint,
    ledger,
    committee,
    domain: [hex(network), configuration.index],
    crypto,
    secretKey,
    limits,
    replay,
    logIsWhole: await isWhole(directory, opened, totals.length),
    now: options.now ?? Date.now,
  })
  return { options, replica, store, opened, suite, committee, limits, totals }
}

async function openStore(directory: string): Promise<BlockStore> {
  try {
    return await BlockStore.open(directory)
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause
    if (cause?.code !== 'LEVEL_LOCKED') throw error
    throw new Error(
      `${directory} is in use by another process: stop that node, or use another data directory`,
    )
  }
}

function limitsOf({ limits = {}, operations }: NodeOptions): ReplicaLimits {
  const merged = { ...DEFAULT_REPLICA_LIMITS, ...limits }
  invariant(merged.proposalBytesMax < DEFAULT_LIMITS.frameBytesMax / 4, 'a proposal fits a frame')
  return operations?.kind === 'opaque' ? { ...merged, operationBytesMax: operations.bytesMax } : merged
}

function operationsOf({ genesis, crypto, operations }: NodeOptions) {
  if (operations?.kind === 'opaque')
    return opaqueOperations({ sha256: crypto.sha256, bytesMax: operations.bytesMax })
  return signedOperations({ realm: genesis.name, crypto })
}

function requireSuite(suite: NodeSuite, genesis: Genesis): void {
  if (suite.name === genesis.configuration.suite) return
  throw new Error(
    `"${genesis.name}" runs ${genesis.configuration.suite}; this node was started with ${suite.name}`,
  )
}

// What cannot be decoded was not written by us as it stands: the log counts as damaged from there on.
function readable({ records: bodies }: OpenedLog): readonly JournalRecord[] {
  return bodies.map(body => journalCodec.decode(body))
}

/** Whether the log can be trusted to hold everything we ever said: a first start leaves a mark that a lost log cannot take away. */
async function isWhole(directory: string, { condition }: OpenedLog, blockCount: number): Promise<boolean> {
  const mark = join(directory, 'voted')
  const hasVoted = await readFile(mark).then(
    () => true,
    () => false,
  )
  if (condition === 'intact') return true
  if (condition === 'damaged' || hasVoted || blockCount > 0) return false
  await writeFile(mark, 'This node has begun to vote. Do not delete this file.\n', { flush: true })
  return true
}
