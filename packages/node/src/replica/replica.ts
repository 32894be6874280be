/**
 * A replica: the synchronous heart of a node. Events come in one by one, and each adds to the running turn what it caused.
 *
 * It knows no socket, no disk and no timer. The loop around it logs the records of a turn, waits for the disk, and only then
 * lets the rest leave.
 */
import { type AtomicBroadcastOutput, epochsBounds, type Proposal, proposalCodec } from '@mc/abc'
import { configurationDigest, type Ledger } from '@mc/ledger'
import { invariant, type PeerIndex, unreachable } from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'
import { BlockIntake } from './block-intake.js'
import type { StoredBlock } from './chain.js'
import type { ReplicaContext, ReplicaLimits, ReplicaOptions } from './context.js'
import type { Participant, ParticipantStatus } from './participant.js'
import { PeerBudgets } from './peer-budgets.js'
import { type Hello, messagesOf, type PeerMessage, peerMessageCodec } from './peer-messages.js'
import { Proposing, type Submission } from './proposing.js'
import { Sealing } from './sealing.js'
import { Turn } from './turn.js'
import { Voting } from './voting.js'

export type { ReplicaLimits, ReplicaOptions } from './context.js'
export type { MempoolRefusal, Submission } from './proposing.js'

/** The codec of the proposals that a replica with these limits makes and reads. */
export const proposalCodecOf = (limits: ReplicaLimits): Codec<Proposal> =>
  proposalCodec({ operationBytesMax: limits.operationBytesMax, operationsMax: limits.proposalOperationsMax })

/** The codec of what replicas with these limits say to each other. */
export const messageCodecOf = ({ proposalBytesMax }: ReplicaLimits): Codec<PeerMessage> =>
  peerMessageCodec(2 * proposalBytesMax + 65_536)

/** The synchronous heart of a node that votes, in one configuration. */
export class Replica<State> implements Participant<State> {
  readonly #options: ReplicaOptions<State>
  readonly #context: ReplicaContext<State>
  readonly #messages: Codec<PeerMessage>
  readonly #proposing: Proposing<State>
  readonly #sealing: Sealing<State>
  readonly #intake: BlockIntake<State>
  readonly #voting: Voting<State>
  #turn = new Turn()

  constructor(options: ReplicaOptions<State>) {
    const { committee, configuration, crypto, epochs, ledger, limits, now, replay } = options
    invariant(ledger.configuration === configuration, 'a replica begins in the configuration of its ledger')
    this.#options = options
    this.#messages = options.messages ?? messageCodecOf(limits)
    this.#context = {
      options,
      digest: configurationDigest(configuration, crypto.sha256),
      isOver: () => this.isOver,
      budgets: new PeerBudgets(committee.n, now()),
      turn: () => this.#turn,
    }
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

  get isOver(): boolean {
    return this.ledger.configuration !== this.#options.configuration
  }

  get ahead(): ReadonlyMap<PeerIndex, Hello> {
    return this.#voting.ahead
  }

  get status(): ParticipantStatus {
    return {
      state: this.#voting.state,
      nextEpoch: this.ledger.nextEpoch,
      pending: this.#proposing.pending,
      catchingUp: this.#intake.catchUp.isRunning,
      quarantinedUntil: this.#voting.quarantinedUntil,
    }
  }

  isUnsureFrom(epoch: number): boolean {
    return this.#voting.isUnsureFrom(epoch)
  }

  isPending(id: Uint8Array): boolean {
    return this.#proposing.isPending(id)
  }

  get pendingOwn(): readonly Uint8Array[] {
    return this.#proposing.pendingOwn
  }

  get untaken(): readonly StoredBlock[] {
    return this.#turn.blocks
  }

  takeTurn(): Turn {
    const { consensus, state } = this.#voting
    if (state === 'voting' && consensus !== undefined && !this.#isHeldUp) {
      this.#proposing.proposeWhatIsOpen(consensus)
    }
    const turn = this.#turn
    this.#turn = new Turn()
    return turn
  }

  submit(bytes: Uint8Array): Submission {
    return this.#proposing.submit(bytes)
  }

  take(operations: readonly Uint8Array[]): void {
    this.#proposing.take(operations)
  }

  resume(): void {
    this.#intake.resume()
  }

  connected(peer: PeerIndex): void {
    if (!this.isOver) this.#voting.connected(peer)
  }

  disconnected(peer: PeerIndex): void {
    this.#voting.disconnected(peer)
    this.#intake.catchUp.disconnected(peer)
  }

  /** The clock moved: what waits too long is tried again. */
  tick(): void {
    if (this.isOver) return
    this.#intake.catchUp.tick()
    this.#proposing.tick()
    // A quarantined member takes no part in agreement: it learns of new blocks only by asking for them.
    // So does one whose peers have moved on to another configuration.
    if (this.#voting.state === 'quarantined' || this.#voting.isLeft)
      this.#intake.catchUp.begin(this.ledger.nextEpoch)
  }

  greeted(from: PeerIndex, hello: Hello): void {
    this.#onHello(from, hello)
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

  get #isHeldUp(): boolean {
    return this.#intake.catchUp.isRunning || this.isOver
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
        return this.#onConsensus(from, message)
      case 'seal':
        return this.#sealing.onSeal(from, message.epoch, message.signature)
      case 'forward':
        return this.#proposing.onForward(from, message.operations)
      case 'blocks-request':
        return this.#turn.ask(from, message.from)
      case 'blocks':
        return this.isOver ? undefined : this.#intake.onAnswer(from, message)
      case 'content-request':
      case 'content':
        this.#turn.contents.push({ from, message })
        return
      default:
        return unreachable(message)
    }
  }

  // Words of another configuration are none here: who said them says them again once both of us are in the same one.
  #onConsensus(from: PeerIndex, { configuration, bytes }: Extract<PeerMessage, { type: 'consensus' }>): void {
    if (configuration === this.#options.configuration.index && !this.isOver) {
      this.#voting.consensus?.receive(from, bytes)
    } else if (!this.#context.budgets.takeSmall(from, this.#options.now())) {
      const detail = `words of configuration ${configuration}`
      this.#turn.faults.push({ rule: 'node/too-many-messages', peer: from, detail })
    }
  }

  #onHello(from: PeerIndex, hello: Hello): void {
    const isHere = this.#voting.onHello(from, hello)
    const { nextEpoch } = this.ledger
    if (!isHere) {
      if (this.#voting.isLeft && !this.isOver) this.#intake.catchUp.begin(nextEpoch)
      return
    }
    this.#sealing.send(from)
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
