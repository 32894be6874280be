/**
 * A follower: what a node runs in a configuration that it takes no part in.
 *
 * It takes certified blocks from the members and believes nothing else; what people hand in it passes on to members until it is
 * on the ledger. It never votes, and says nothing that a restart could contradict.
 */
import { digestKey, equalBytes } from '@mc/crypto'
import { configurationDigest, type Ledger } from '@mc/ledger'
import { type Epoch, faultsTolerated, fPlus1, type PeerIndex, unreachable } from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'
import { BlockIntake } from './block-intake.js'
import type { StoredBlock } from './chain.js'
import type { IntakeContext, IntakeOptions } from './context.js'
import { HandedIn } from './handed-in.js'
import type { Participant, ParticipantStatus } from './participant.js'
import { PeerBudgets } from './peer-budgets.js'
import { type Hello, messagesOf, type PeerMessage } from './peer-messages.js'
import type { Submission } from './proposing.js'
import { messageCodecOf, proposalCodecOf } from './replica.js'
import { otherRules, rulesOf } from './rules-name.js'
import { Sealing } from './sealing.js'
import { Turn } from './turn.js'

/** What a follower is made of. */
export interface FollowerOptions<State> extends IntakeOptions<State> {
  /** What we promised before a restart, or in an earlier configuration. */
  readonly operations: readonly Uint8Array[]
}

/** Seals so many epochs above our tip are kept until we have the block. */
const EPOCHS_EARLY = 4

/** How often a follower asks for blocks though nobody has spoken of any, in ms. */
const POLL_MS = 1_000

/** How often what waits is passed on again, in ms. */
const AGAIN_MS = 2_000

/** The synchronous heart of a node that does not vote, in one configuration. */
export class Follower<State> implements Participant<State> {
  readonly #options: FollowerOptions<State>
  readonly #messages: Codec<PeerMessage>
  readonly #context: IntakeContext<State>
  readonly #sealing: Sealing<State>
  readonly #intake: BlockIntake<State>
  readonly #digest: Uint8Array
  readonly #handedIn: HandedIn<State>
  /** Members of this network that have greeted us: they can be asked for blocks. */
  readonly #greeted = new Set<PeerIndex>()
  readonly #ahead = new Map<PeerIndex, Hello>()
  #polledAt: number
  #passedOnAt: number
  /** Whom we passed operations on to last. */
  #passedTo = 0
  #turn = new Turn()

  constructor(options: FollowerOptions<State>) {
    const { configuration, crypto, ledger, limits, now } = options
    this.#options = options
    this.#messages = options.messages ?? messageCodecOf(limits)
    this.#digest = configurationDigest(configuration, crypto.sha256)
    this.#context = {
      options,
      isOver: () => this.isOver,
      budgets: new PeerBudgets(configuration.members.length, now()),
      turn: () => this.#turn,
    }
    this.#sealing = new Sealing(this.#context, EPOCHS_EARLY)
    this.#intake = new BlockIntake(this.#context, this.#sealing, {
      codec: proposalCodecOf(limits),
      peers: () => [...this.#greeted],
      onBlock: ({ ids }) => this.#handedIn.remove(ids),
      onFetched: () => {},
      onNothingMore: () => {},
    })
    this.#handedIn = new HandedIn(ledger, limits, options.operations)
    this.#polledAt = now()
    this.#passedOnAt = now()
  }

  get ledger(): Ledger<State> {
    return this.#options.ledger
  }

  get isOver(): boolean {
    return this.ledger.configuration !== this.#options.configuration
  }

  get ahead(): ReadonlyMap<PeerIndex, Hello> {
    return this.#ahead
  }

  get status(): ParticipantStatus {
    return {
      state: 'following',
      nextEpoch: this.ledger.nextEpoch,
      pending: this.#handedIn.size,
      catchingUp: this.#intake.catchUp.isRunning,
      quarantinedUntil: undefined,
    }
  }

  get pendingOwn(): readonly Uint8Array[] {
    return this.#handedIn.all
  }

  get untaken(): readonly StoredBlock[] {
    return this.#turn.blocks
  }

  isPending(id: Uint8Array): boolean {
    return this.#handedIn.has(digestKey(id))
  }

  isUnsureFrom(): boolean {
    return false
  }

  submit(bytes: Uint8Array): Submission {
    const submission = this.#handedIn.add(bytes)
    if (submission.taken) {
      this.#turn.log({ type: 'operation', bytes })
      this.#passOn([bytes])
    }
    return submission
  }

  // Whoever is no member of ours either can ask a member as well as we can.
  take(): void {}

  resume(): void {
    this.#intake.resume()
  }

  connected(peer: PeerIndex): void {
    if (this.isOver) return
    const { network } = this.ledger
    const configuration = this.#options.configuration.index
    const where = { configuration, digest: this.#digest, nextEpoch: this.ledger.nextEpoch as Epoch }
    this.#turn.send(peer, {
      type: 'hello',
      network,
      ...where,
      suite: '',
      rules: rulesOf(this.ledger),
      heardBelow: 0 as Epoch,
    })
  }

  disconnected(peer: PeerIndex): void {
    this.#greeted.delete(peer)
    this.#ahead.delete(peer)
    this.#intake.catchUp.disconnected(peer)
  }

  tick(): void {
    if (this.isOver) return
    const now = this.#options.now()
    this.#intake.catchUp.tick()
    if (now - this.#polledAt >= POLL_MS) this.#poll(now)
    if (now - this.#passedOnAt >= AGAIN_MS) this.#passOn(this.#handedIn.all)
  }

  /** A frame of a member. Faults reported: `node/undecodable`, and those of what is in it. */
  receive(from: PeerIndex, frame: Uint8Array): void {
    try {
      for (const bytes of messagesOf(frame)) this.#onMessage(from, this.#messages.decode(bytes))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#turn.faults.push({ rule: 'node/undecodable', peer: from, detail: error.message })
    }
  }

  /** Faults reported: `node/other-network`, `node/other-rules`, `node/other-configuration`. */
  greeted(from: PeerIndex, hello: Hello): void {
    const refusal = this.#refusalOf(hello)
    if (refusal !== undefined) {
      this.#greeted.delete(from)
      this.#turn.faults.push({ ...refusal, peer: from })
      return
    }
    this.#greeted.add(from)
    if (hello.configuration > this.#options.configuration.index) {
      this.#ahead.set(from, { ...hello, digest: hello.digest.slice() })
    }
    if (!this.isOver) this.#intake.catchUp.begin(this.ledger.nextEpoch)
    if (this.#handedIn.size > 0) this.#passOn(this.#handedIn.all)
  }

  takeTurn(): Turn {
    const turn = this.#turn
    this.#turn = new Turn()
    return turn
  }

  #onMessage(from: PeerIndex, message: PeerMessage): void {
    switch (message.type) {
      case 'hello':
        return this.greeted(from, message)
      case 'seal':
        return this.#onSeal(from, message.epoch, message.signature)
      case 'blocks-request':
        return this.#turn.ask(from, message.from)
      case 'blocks':
        return this.isOver ? undefined : this.#intake.onAnswer(from, message)
      case 'content-request':
      case 'content':
        this.#turn.contents.push({ from, message })
        return
      case 'consensus':
      case 'forward':
        return this.#ignore(from)
      default:
        return unreachable(message)
    }
  }

  // The agreement is not ours to hear.
  #ignore(from: PeerIndex): void {
    if (this.#context.budgets.takeSmall(from, this.#options.now())) return
    const detail = 'words of an agreement that we take no part in'
    this.#turn.faults.push({ rule: 'node/too-many-messages', peer: from, detail })
  }

  // A seal of a block that we lack says that there is one.
  #onSeal(from: PeerIndex, epoch: number, signature: Uint8Array): void {
    this.#sealing.onSeal(from, epoch, signature)
    if (epoch >= this.ledger.nextEpoch && !this.isOver) this.#intake.catchUp.begin(this.ledger.nextEpoch)
  }

  #poll(now: number): void {
    this.#polledAt = now
    this.#intake.catchUp.begin(this.ledger.nextEpoch)
  }

  // f + 1 members at a time, other ones each time: one of them is correct, and passes it on to all if it has to wait.
  #passOn(operations: readonly Uint8Array[]): void {
    this.#passedOnAt = this.#options.now()
    if (operations.length === 0) return
    const members = [...this.#greeted]
    const { length: n } = this.#options.configuration.members
    const count = Math.min(members.length, fPlus1({ f: faultsTolerated(n) }))
    for (const chunk of this.#handedIn.chunks(operations)) {
      for (let at = 0; at < count; at += 1) {
        const peer = members[(this.#passedTo + at) % members.length] as PeerIndex
        this.#turn.send(peer, { type: 'forward', operations: chunk })
      }
    }
    this.#passedTo += count
  }

  #refusalOf(hello: Hello): { readonly rule: string; readonly detail: string } | undefined {
    if (!equalBytes(hello.network, this.ledger.network)) {
      return { rule: 'node/other-network', detail: 'its genesis is not ours' }
    }
    const rules = rulesOf(this.ledger)
    if (hello.rules !== rules) return otherRules(hello.rules, rules)
    const { index } = this.#options.configuration
    if (hello.configuration !== index || equalBytes(hello.digest, this.#digest)) return undefined
    const detail = `its configuration ${index} is not ours: one of us has another history`
    return { rule: 'node/other-configuration', detail }
  }
}
