/**
 * A replica: the synchronous heart of a node. Events come in one by one, and each adds to the running turn what it caused.
 *
 * It knows no socket, no disk and no timer. The loop around it logs the records of a turn, waits for the disk, and only then
 * lets the rest leave.
 */
import {
  type AtomicBroadcast,
  type AtomicBroadcastOutput,
  epochsBounds,
  Mempool,
  OPERATION_OVERHEAD_BYTES,
  type Proposal,
  proposalCodec,
} from '@mc/abc'
import { digestKey, equalBytes } from '@mc/crypto'
import type { Certificate, Ledger, LedgerCrypto, Refusal } from '@mc/ledger'
import { type Committee, type Domain, type Epoch, invariant, type PeerIndex, unreachable } from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'
import type { Replay } from '../log/journal.js'
import { CatchUp } from './catch-up.js'
import { applyBatch, applyChecked, checkChain, type StoredBlock } from './chain.js'
import { Consensus } from './consensus.js'
import {
  type BlocksAnswer,
  FORWARDED_MAX,
  type Hello,
  messagesOf,
  type PeerMessage,
  peerMessageCodec,
} from './peer-messages.js'
import { Standing, type StandingState } from './standing.js'
import { Turn } from './turn.js'

/** How much one proposal and the mempool may hold. */
export interface ReplicaLimits {
  readonly operationBytesMax: number
  readonly proposalBytesMax: number
  readonly proposalOperationsMax: number
  readonly mempoolBytesMax: number
  readonly mempoolOperationsMax: number
}

/** What a replica is made of. */
export interface ReplicaOptions<State> {
  readonly atomicBroadcast: AtomicBroadcast<never>
  /** Parameters that the atomic broadcast was built with. */
  readonly epochs: { readonly epochsAhead: number; readonly depth: number; readonly epochsKept: number }
  /** Fingerprint of the suite; members with another one are refused. */
  readonly suite: string
  readonly ledger: Ledger<State>
  readonly committee: Committee
  readonly domain: Domain
  readonly crypto: LedgerCrypto
  readonly secretKey: Uint8Array
  readonly limits: ReplicaLimits
  readonly replay: Replay
  readonly logIsWhole: boolean
  /** The clock of this machine, in ms since 1970. */
  readonly now: () => number
}

/** What became of an operation that a person handed in. */
export type Submission =
  | { readonly taken: true; readonly id: Uint8Array }
  | { readonly taken: false; readonly id: Uint8Array; readonly refusal: Refusal | MempoolRefusal }

/** The node is full, or has the operation already. */
export interface MempoolRefusal {
  readonly rule: 'node/mempool-full' | 'node/already-pending'
  readonly detail: string
}

/** What a replica tells about itself. */
export interface ReplicaStatus {
  readonly state: StandingState
  readonly nextEpoch: number
  readonly pending: number
  readonly catchingUp: boolean
  readonly quarantinedUntil: number | undefined
}

/** The synchronous heart of a node. */
export class Replica<State> {
  readonly #options: ReplicaOptions<State>
  readonly #proposals: Codec<Proposal>
  readonly #messages: Codec<PeerMessage>
  readonly #mempool: Mempool
  readonly #catchUp: CatchUp
  readonly #standing: Standing
  readonly #connected = new Set<PeerIndex>()
  readonly #greeted = new Set<PeerIndex>()
  readonly #wanted = new Set<number>()
  #consensus: Consensus | undefined
  #nextProposal: number
  #quarantineLogged: number | undefined
  #turn = new Turn()

  constructor(options: ReplicaOptions<State>) {
    const { committee, limits, ledger, replay, epochs } = options
    this.#options = options
    this.#proposals = proposalCodec({
      operationBytesMax: limits.operationBytesMax,
      operationsMax: limits.proposalOperationsMax,
    })
    this.#messages = peerMessageCodec(2 * limits.proposalBytesMax + 65_536)
    const { mempoolBytesMax: bytesMax, mempoolOperationsMax: operationsMax } = limits
    const idOf = (bytes: Uint8Array): string => digestKey(ledger.machine.operationId(bytes))
    this.#mempool = new Mempool({
      self: committee.self,
      n: committee.n,
      bytesMax,
      operationsMax,
      idOf,
      depth: epochs.depth,
    })
    this.#nextProposal = ledger.nextEpoch
    this.#standing = new Standing({
      committee,
      spokenBelow: spokenBelow(replay, ledger.nextEpoch),
      logIsWhole: options.logIsWhole,
      quarantinedUntil: replay.quarantinedUntil > ledger.nextEpoch ? replay.quarantinedUntil : 0,
      epochsTaken: epochsBounds(epochs).epochsTaken,
    })
    this.#catchUp = new CatchUp({
      ask: peer => this.#turn.send(peer, { type: 'blocks-request', from: ledger.nextEpoch as Epoch }),
      peers: () => [...this.#greeted],
    })
    this.#restore()
  }

  get ledger(): Ledger<State> {
    return this.#options.ledger
  }

  get status(): ReplicaStatus {
    return {
      state: this.#standing.state,
      nextEpoch: this.ledger.nextEpoch,
      pending: this.#mempool.size,
      catchingUp: this.#catchUp.isRunning,
      quarantinedUntil: this.#standing.quarantinedUntil,
    }
  }

  /** Whether an operation waits here. */
  isPending(id: Uint8Array): boolean {
    return this.#mempool.has(digestKey(id))
  }

  /** Operations of ours that a new segment of the log must go on remembering. */
  get pendingOwn(): readonly Uint8Array[] {
    return this.#mempool.ownOperations()
  }

  /** What has been caused since the last call. */
  takeTurn(): Turn {
    this.#proposeWhatIsOpen()
    const turn = this.#turn
    this.#turn = new Turn()
    return turn
  }

  /** Takes an operation from a person: it is logged, and proposed until it is on the ledger. */
  submit(bytes: Uint8Array): Submission {
    const id = this.ledger.machine.operationId(bytes)
    const refusal = this.ledger.admit(bytes)
    if (refusal !== undefined) return { taken: false, id, refusal }
    const outcome = this.#mempool.add(bytes, 'own', this.ledger.nextEpoch as Epoch)
    if (outcome === 'added') {
      this.#turn.log({ type: 'operation', bytes })
      return { taken: true, id }
    }
    return { taken: false, id, refusal: outcome === 'full' ? FULL : PENDING }
  }

  /** A link came up. */
  connected(peer: PeerIndex): void {
    this.#connected.add(peer)
    this.#greet(peer)
  }

  /** A link went down. */
  disconnected(peer: PeerIndex): void {
    this.#connected.delete(peer)
    this.#greeted.delete(peer)
  }

  /** The clock moved: what waits too long is tried again. */
  tick(): void {
    const now = this.#options.now()
    this.#catchUp.tick(now)
    // A quarantined member takes no part in agreement: it learns of new blocks only by asking for them.
    if (this.#standing.state === 'quarantined') this.#catchUp.begin(this.ledger.nextEpoch, now)
  }

  /** A frame of a peer. Faults reported: `node/undecodable`, and those of what is in it. */
  receive(from: PeerIndex, frame: Uint8Array): void {
    try {
      for (const bytes of messagesOf(frame)) this.#onMessage(from, this.#messages.decode(bytes))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#turn.faults.push({ rule: 'node/undecodable', peer: from, detail: error.message })
    }
  }

  #onMessage(from: PeerIndex, message: PeerMessage): void {
    switch (message.type) {
      case 'hello':
        return this.#onHello(from, message)
      case 'consensus':
        return this.#consensus?.receive(from, message.bytes)
      case 'seal':
        return this.#onSeal(from, message.epoch, message.signature)
      case 'forward':
        return this.#onForward(from, message.operations)
      case 'blocks-request':
        this.#turn.requests.push({ from, epoch: message.from })
        return
      case 'blocks':
        return this.#onBlocks(from, message)
      default:
        return unreachable(message)
    }
  }

  #onHello(from: PeerIndex, hello: Hello): void {
    const { ledger, suite } = this.#options
    if (!equalBytes(hello.network, ledger.network)) {
      this.#turn.faults.push({ rule: 'node/other-network', peer: from, detail: 'its genesis is not ours' })
      return
    }
    if (hello.suite !== suite) {
      const detail = `it runs suite ${hello.suite}, we run ${suite}: both must run the same`
      this.#turn.faults.push({ rule: 'node/other-suite', peer: from, detail })
      return
    }
    this.#greeted.add(from)
    this.#standing.onHello(from, hello.heardBelow)
    this.#beginVoting()
    if (this.#standing.state === 'voting') this.#consensus?.connected(from)
    this.#sendSeal(from)
    const isAhead = hello.nextEpoch > ledger.nextEpoch
    if (isAhead && this.#standing.state !== 'voting')
      this.#catchUp.begin(ledger.nextEpoch, this.#options.now())
  }

  #onSeal(from: PeerIndex, epoch: Epoch, signature: Uint8Array): void {
    const outcome = this.ledger.addSeal(epoch, { member: from, signature })
    if (outcome === 'invalid') {
      this.#turn.faults.push({ rule: 'node/invalid-seal', peer: from, detail: `block ${epoch}` })
    } else if (outcome === 'added' || outcome === 'certified') this.#keepCertificate(epoch)
  }

  #onForward(from: PeerIndex, operations: readonly Uint8Array[]): void {
    for (const bytes of operations) {
      const refusal = this.ledger.admit(bytes)
      if (refusal === undefined) this.#mempool.add(bytes.slice(), from, this.ledger.nextEpoch as Epoch)
      else if (refusal.rule !== 'ledger/duplicate-operation') {
        this.#turn.faults.push({ rule: 'node/forwarded-refused', peer: from, detail: refusal.rule })
      }
    }
  }

  #onBlocks(from: PeerIndex, answer: BlocksAnswer): void {
    if (!this.#catchUp.expects(from) || answer.from !== this.ledger.nextEpoch) return
    if (answer.items.length === 0 || answer.certificate === undefined) {
      this.#standing.onNothingMore(from, this.ledger.nextEpoch)
      this.#onNothingMore()
      return
    }
    const checked = checkChain(this.ledger, answer.items, answer.certificate, this.#options.crypto)
    if ('reason' in checked) {
      this.#turn.faults.push({ rule: 'node/bad-blocks', peer: from, detail: checked.reason })
      this.#catchUp.disappointed()
      return
    }
    for (const [at, block] of checked.blocks.entries()) {
      this.#onBlock(
        applyChecked(this.ledger, this.#proposals, block, answer.items[at] as (typeof answer.items)[number]),
      )
    }
    for (const seal of answer.certificate.seals) this.ledger.addSeal(answer.certificate.epoch, seal)
    this.#turn.certificates.push(answer.certificate)
    this.#advance()
    this.#catchUp.progressed(this.#options.now())
  }

  // Who is asked in vain may lag behind itself, or not have the seals yet: others are asked until the target is reached.
  #onNothingMore(): void {
    const until = this.#standing.quarantinedUntil
    if (until !== undefined && until !== this.#quarantineLogged) {
      this.#quarantineLogged = until
      this.#turn.log({ type: 'quarantine', epoch: until as Epoch })
    }
    const isReached = this.ledger.nextEpoch >= this.#catchUp.target
    if (this.#standing.state === 'quarantined' || !isReached) this.#catchUp.disappointed()
    else this.#catchUp.end()
    this.#beginVoting()
  }

  #onOutput(output: AtomicBroadcastOutput): void {
    switch (output.type) {
      case 'batch':
        // A replayed log brings batches again that are blocks already.
        if (output.epoch < this.ledger.nextEpoch) return
        return this.#onBlock(applyBatch(this.ledger, this.#proposals, output.epoch, output.proposals))
      case 'wanted':
        this.#wanted.add(output.epoch)
        return
      case 'behind':
        return this.#catchUp.begin(output.epoch, this.#options.now())
      case 'retired':
        this.#turn.log({ type: 'retired', epoch: output.epoch })
        this.#turn.retired = output.epoch
        return
      default:
        return unreachable(output)
    }
  }

  #onBlock(stored: StoredBlock): void {
    const { epoch } = stored.block
    this.#turn.blocks.push(stored)
    this.#turn.faults.push(...stored.faults)
    this.#mempool.remove(stored.ids)
    this.#wanted.delete(epoch)
    this.#nextProposal = Math.max(this.#nextProposal, epoch + 1)
    this.#keepOwnSeal()
    this.#sendSeal('all')
    this.#keepCertificate(epoch)
    this.#forwardOverdue(epoch)
  }

  #forwardOverdue(epoch: number): void {
    const overdue = this.#mempool.overdue((epoch + 1) as Epoch)
    for (let at = 0; at < overdue.length; at += FORWARDED_MAX) {
      this.#turn.send('all', { type: 'forward', operations: overdue.slice(at, at + FORWARDED_MAX) })
    }
  }

  #keepOwnSeal(): void {
    const own = this.ledger.sealTip(this.#options.secretKey)
    if (own !== undefined) this.ledger.addSeal(own.epoch, own.seal)
  }

  #sendSeal(to: PeerIndex | 'all'): void {
    const own = this.ledger.sealTip(this.#options.secretKey)
    if (own === undefined) return
    this.#turn.send(to, { type: 'seal', epoch: own.epoch as Epoch, signature: own.seal.signature })
  }

  #keepCertificate(epoch: number): void {
    const certificate = this.ledger.certificate(epoch)
    if (certificate !== undefined) this.#turn.certificates.push(certificate as Certificate)
  }

  #proposeWhatIsOpen(): void {
    if (this.#standing.state !== 'voting' || this.#consensus === undefined || this.#catchUp.isRunning) return
    const { depth } = this.#options.epochs
    while (this.#nextProposal < this.ledger.nextEpoch + depth && this.#hasReason(this.#nextProposal)) {
      const epoch = this.#nextProposal as Epoch
      this.#nextProposal += 1
      this.#consensus.propose(epoch, this.#payload(epoch))
    }
  }

  /** An epoch runs when somebody has something to decide. */
  #hasReason(epoch: number): boolean {
    return this.#mempool.size > 0 || [...this.#wanted].some(wanted => wanted >= epoch)
  }

  #payload(epoch: Epoch): Uint8Array {
    const { limits, secretKey, now } = this.#options
    const operations = this.#mempool.select({
      epoch,
      bytesMax: limits.proposalBytesMax - 512 - OPERATION_OVERHEAD_BYTES * limits.proposalOperationsMax,
      operationsMax: limits.proposalOperationsMax,
    })
    return this.#proposals.encode({ header: this.ledger.header(now(), secretKey), operations })
  }

  #greet(peer: PeerIndex): void {
    const { ledger, suite } = this.#options
    const hello = {
      network: ledger.network,
      suite,
      nextEpoch: ledger.nextEpoch as Epoch,
      heardBelow: (this.#consensus?.heardBelow(peer) ?? 0) as Epoch,
    }
    this.#turn.send(peer, { type: 'hello', ...hello })
  }

  // Our words so far go out only now: until here they were held back, however much of the log was heard again.
  #beginVoting(): void {
    if (!this.#standing.begins(this.ledger.nextEpoch)) return
    this.#consensus ??= this.#newConsensus(this.ledger.nextEpoch)
    this.#consensus.unmute()
    this.#catchUp.end()
    // What peers sent before we listened, they send again when we greet them.
    for (const peer of this.#connected) this.#greet(peer)
    for (const peer of this.#greeted) this.#consensus.connected(peer)
  }

  #advance(): void {
    const epoch = this.ledger.nextEpoch as Epoch
    this.#nextProposal = Math.max(this.#nextProposal, epoch)
    this.#consensus?.advance(epoch)
    this.#beginVoting()
  }

  #restore(): void {
    const { replay } = this.#options
    for (const bytes of replay.operations) {
      if (this.ledger.admit(bytes) === undefined)
        this.#mempool.add(bytes.slice(), 'own', this.ledger.nextEpoch as Epoch)
    }
    if (this.#standing.state !== 'quarantined') {
      this.#consensus = this.#newConsensus(replay.firstEpoch)
      this.#consensus.replay(replay.events)
      const proposed = replay.events.flatMap(event => (event.type === 'proposal' ? [event.epoch + 1] : []))
      this.#nextProposal = Math.max(this.ledger.nextEpoch, ...proposed)
      if (this.ledger.nextEpoch > replay.firstEpoch) this.#consensus.advance(this.ledger.nextEpoch as Epoch)
    }
    this.#beginVoting()
  }

  #newConsensus(firstEpoch: number): Consensus {
    const { atomicBroadcast, committee, domain } = this.#options
    invariant(
      firstEpoch <= this.ledger.nextEpoch,
      `the log begins at or before block ${this.ledger.nextEpoch}`,
    )
    return new Consensus({
      atomicBroadcast,
      committee,
      domain,
      firstEpoch: firstEpoch as Epoch,
      turn: () => this.#turn,
      onOutput: output => this.#onOutput(output),
    })
  }
}

const FULL: MempoolRefusal = {
  rule: 'node/mempool-full',
  detail: 'too many operations wait already: try again when some are on the ledger',
}

const PENDING: MempoolRefusal = { rule: 'node/already-pending', detail: 'this operation waits already' }

function spokenBelow(replay: Replay, nextEpoch: number): number {
  return replay.events.reduce((below, event) => Math.max(below, event.epoch + 1), nextEpoch)
}
