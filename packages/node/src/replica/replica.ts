/**
 * A replica: the synchronous heart of a node. Events come in one by one, and each adds to the running turn what it caused.
 *
 * It knows no socket, no disk and no timer. The loop around it logs the records of a turn, waits for the disk, and only then
 * lets the rest leave.
 */
import { type AtomicBroadcastOutput, epochsBounds, type Proposal, proposalCodec } from '@mc/abc'
import type { Ledger } from '@mc/ledger'
import { type PeerIndex, unreachable } from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'
import { BlockIntake } from './block-intake.js'
import type { StoredBlock } from './chain.js'
import type { ReplicaContext, ReplicaLimits, ReplicaOptions } from './context.js'
import { PeerBudgets } from './peer-budgets.js'
import { type Hello, messagesOf, type PeerMessage, peerMessageCodec } from './peer-messages.js'
import { Proposing, type Submission } from './proposing.js'
import { Sealing } from './sealing.js'
import type { StandingState } from './standing.js'
import { Turn } from './turn.js'
import { Voting } from './voting.js'

export type { ReplicaLimits, ReplicaOptions } from './context.js'
export type { MempoolRefusal, Submission } from './proposing.js'

/** What a replica tells about itself. */
export interface ReplicaStatus {
  readonly state: StandingState
  readonly nextEpoch: number
  readonly pending: number
  readonly catchingUp: boolean
  readonly quarantinedUntil: number | undefined
}

/** The codec of the proposals that a replica with these limits makes and reads. */
export const proposalCodecOf = (limits: ReplicaLimits): Codec<Proposal> =>
  proposalCodec({ operationBytesMax: limits.operationBytesMax, operationsMax: limits.proposalOperationsMax })

/** The codec of what replicas with these limits say to each other. */
export const messageCodecOf = ({ proposalBytesMax }: ReplicaLimits): Codec<PeerMessage> =>
  peerMessageCodec(2 * proposalBytesMax + 65_536)

/** The synchronous heart of a node. */
export class Replica<State> {
  readonly #options: ReplicaOptions<State>
  readonly #context: ReplicaContext<State>
  readonly #messages: Codec<PeerMessage>
  readonly #proposing: Proposing<State>
  readonly #sealing: Sealing<State>
  readonly #intake: BlockIntake<State>
  readonly #voting: Voting<State>
  #turn = new Turn()

  constructor(options: ReplicaOptions<State>) {
    const { committee, epochs, limits, now, replay } = options
    this.#options = options
    this.#messages = messageCodecOf(limits)
    this.#context = { options, budgets: new PeerBudgets(committee.n, now()), turn: () => this.#turn }
    const codec = proposalCodecOf(limits)
    this.#proposing = new Proposing(this.#context, codec)
    this.#sealing = new Sealing(this.#context, epochsBounds(epochs).epochsTaken)
    this.#intake = new BlockIntake(this.#context, this.#sealing, {
      codec,
      peers: () => this.#voting.greeted,
      onBlock: stored => this.#onBlock(stored),
      onFetched: () => this.#voting.advance(),
      onNothingMore: member => this.#voting.onNothingMore(member),
    })
    this.#voting = new Voting(this.#context, {
      onOutput: output => this.#onOutput(output),
      onBegin: () => this.#onBegin(),
    })
    this.#proposing.restore(replay.operations)
    this.#restore()
  }

  get ledger(): Ledger<State> {
    return this.#options.ledger
  }

  get status(): ReplicaStatus {
    return {
      state: this.#voting.state,
      nextEpoch: this.ledger.nextEpoch,
      pending: this.#proposing.pending,
      catchingUp: this.#intake.catchUp.isRunning,
      quarantinedUntil: this.#voting.quarantinedUntil,
    }
  }

  /** Whether an operation waits here. */
  isPending(id: Uint8Array): boolean {
    return this.#proposing.isPending(id)
  }

  /** Operations of ours that a new segment of the log must go on remembering. */
  get pendingOwn(): readonly Uint8Array[] {
    return this.#proposing.pendingOwn
  }

  /** Blocks of the running turn: on the ledger already, and not taken with a turn yet. */
  get untaken(): readonly StoredBlock[] {
    return this.#turn.blocks
  }

  /** What has been caused since the last call. */
  takeTurn(): Turn {
    const { consensus, state } = this.#voting
    if (state === 'voting' && consensus !== undefined && !this.#intake.catchUp.isRunning) {
      this.#proposing.proposeWhatIsOpen(consensus)
    }
    const turn = this.#turn
    this.#turn = new Turn()
    return turn
  }

  /** Takes an operation from a person: it is logged, and proposed until it is on the ledger. */
  submit(bytes: Uint8Array): Submission {
    return this.#proposing.submit(bytes)
  }

  /** A link came up. */
  connected(peer: PeerIndex): void {
    this.#voting.connected(peer)
  }

  /** A link went down. */
  disconnected(peer: PeerIndex): void {
    this.#voting.disconnected(peer)
    this.#intake.catchUp.disconnected(peer)
  }

  /** The clock moved: what waits too long is tried again. */
  tick(): void {
    this.#intake.catchUp.tick()
    this.#proposing.tick()
    // A quarantined member takes no part in agreement: it learns of new blocks only by asking for them.
    if (this.#voting.state === 'quarantined') this.#intake.catchUp.begin(this.ledger.nextEpoch)
  }

  /** A frame of a peer. Faults reported: `node/undecodable`, and those of what is in it. */
  receive(from: PeerIndex, frame: Uint8Array): void {
    try {
      for (const bytes of messagesOf(frame)) {
        if (!this.#voting.isRefused(from)) this.#onMessage(from, this.#messages.decode(bytes))
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#turn.faults.push({ rule: 'node/undecodable', peer: from, detail: error.message })
    }
  }

  #restore(): void {
    this.#proposing.skipTo(this.#voting.restore())
    // The log may know of more epochs than the store, whose blocks are on disk a little later.
    const current = this.#voting.consensus?.current ?? 0
    if (current > this.ledger.nextEpoch) this.#intake.catchUp.begin(current)
  }

  #onMessage(from: PeerIndex, message: PeerMessage): void {
    switch (message.type) {
      case 'hello':
        return this.#onHello(from, message)
      case 'consensus':
        return this.#voting.consensus?.receive(from, message.bytes)
      case 'seal':
        return this.#sealing.onSeal(from, message.epoch, message.signature)
      case 'forward':
        return this.#proposing.onForward(from, message.operations)
      case 'blocks-request':
        return this.#turn.ask(from, message.from)
      case 'blocks':
        return this.#intake.onAnswer(from, message)
      default:
        return unreachable(message)
    }
  }

  #onHello(from: PeerIndex, hello: Hello): void {
    if (!this.#voting.onHello(from, hello)) return
    this.#sealing.send(from)
    const { nextEpoch } = this.ledger
    // One member's word is no target: it only makes us ask.
    if (hello.nextEpoch > nextEpoch && this.#voting.state !== 'voting') this.#intake.catchUp.begin(nextEpoch)
  }

  #onBegin(): void {
    if (this.#intake.catchUp.isReached) this.#intake.catchUp.end()
  }

  #onOutput(output: AtomicBroadcastOutput): void {
    switch (output.type) {
      case 'batch':
        return this.#intake.onBatch(output.epoch, output.proposals)
      case 'wanted':
        return this.#proposing.onWanted(output.epoch)
      case 'behind':
        return this.#intake.catchUp.begin(output.epoch)
      case 'retired':
        this.#turn.log({ type: 'retired', epoch: output.epoch })
        this.#turn.retired = output.epoch
        return
      default:
        return unreachable(output)
    }
  }

  #onBlock({ block, ids }: StoredBlock): void {
    this.#proposing.onBlock(block.epoch, ids)
  }
}
