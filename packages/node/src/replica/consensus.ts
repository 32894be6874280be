/**
 * The atomic broadcast of a replica: its wire format, its log, and the bytes each peer may make us remember.
 */
import type { AtomicBroadcast, AtomicBroadcastInput, AtomicBroadcastOutput } from '@mc/abc'
import {
  type Committee,
  type Domain,
  type Driven,
  drive,
  type Epoch,
  type Outgoing,
  type PeerIndex,
  type Step,
} from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'
import type { AgreementEvent } from '../log/journal.js'
import { EpochBudget } from './epoch-budget.js'
import type { PeerBudgets } from './peer-budgets.js'
import type { Turn } from './turn.js'

/** What every atomic broadcast in here sends: announcements, and messages of an epoch. */
interface EpochMessage {
  readonly type: string
  readonly epoch: Epoch
}

/** What the consensus of a replica is made of. */
export interface ConsensusOptions {
  readonly atomicBroadcast: AtomicBroadcast<never>
  readonly committee: Committee
  readonly domain: Domain
  /** Index of the configuration. */
  readonly configuration: number
  readonly firstEpoch: Epoch
  /** How many epochs from its own on a member takes messages of. */
  readonly epochsTaken: number
  readonly budgets: PeerBudgets
  readonly now: () => number
  /** Where the running turn collects what it causes. */
  readonly turn: () => Turn
  readonly onOutput: (output: AtomicBroadcastOutput) => void
}

/** Drives the atomic broadcast; everything that makes it move is logged first. */
export class Consensus {
  readonly #options: ConsensusOptions
  readonly #driven: Driven<AtomicBroadcastInput, EpochMessage, AtomicBroadcastOutput>
  readonly #codec: Codec<EpochMessage>
  readonly #budget: EpochBudget
  #encoded: { readonly message: EpochMessage; readonly bytes: Uint8Array } | undefined
  readonly #heardBelow: number[]
  #spokenBelow: number
  /** The lowest epoch that it still helps in, and the lowest that is not over for it. */
  #floor: number
  #current: number
  #isReplaying = false
  #isMuted = true

  constructor(options: ConsensusOptions) {
    const { atomicBroadcast, committee, domain, firstEpoch } = options
    this.#options = options
    const definition = atomicBroadcast as unknown as AtomicBroadcast<EpochMessage>
    this.#codec = definition.codec(committee)
    this.#driven = drive(definition, { committee, domain, firstEpoch })
    this.#budget = new EpochBudget({ n: committee.n, payloadBytesMax: atomicBroadcast.payloadBytesMax })
    this.#heardBelow = new Array<number>(committee.n).fill(0)
    this.#spokenBelow = firstEpoch
    this.#floor = firstEpoch
    this.#current = firstEpoch
  }

  /** We have heard nothing of this peer in epochs from this one on. */
  heardBelow(peer: PeerIndex): number {
    return this.#heardBelow[peer] ?? 0
  }

  /** We have said nothing in epochs from this one on: we speak only where we have proposed or heard something. */
  get spokenBelow(): number {
    return this.#spokenBelow
  }

  /** The lowest epoch that is not over for it; below it nothing can be proposed. */
  get current(): number {
    return this.#current
  }

  /** Hears again what the log says, without a word to anybody. */
  replay(events: readonly AgreementEvent[]): void {
    this.#isReplaying = true
    for (const event of events) {
      if (event.type === 'advance') this.#input({ type: 'advance', epoch: event.epoch })
      else if (event.type === 'proposal')
        this.#input({ type: 'propose', epoch: event.epoch, payload: event.payload })
      else {
        this.#hear(event.from, event.epoch)
        this.#take(this.#driven.message(event.from, this.#codec.decode(event.bytes)))
      }
    }
    this.#isReplaying = false
  }

  /** From now on what it says is sent. */
  unmute(): void {
    this.#isMuted = false
  }

  /** A link came up: whatever the peer may have missed is sent again. */
  connected(peer: PeerIndex): void {
    this.#budget.renew(peer, this.#options.now())
    this.#input({ type: 'connected', peer })
  }

  propose(epoch: Epoch, payload: Uint8Array): void {
    this.#options.turn().log({ type: 'proposal', epoch, payload })
    this.#input({ type: 'propose', epoch, payload })
  }

  /** The ledger has caught up: all epochs below are over. Logged, since what it hears from now on depends on it. */
  advance(epoch: Epoch): void {
    if (epoch <= this.#current) return
    this.#options.turn().log({ type: 'advance', epoch })
    this.#input({ type: 'advance', epoch })
  }

  /** Faults reported: `node/undecodable`, `node/epoch-budget-exceeded`, `node/too-many-messages`, and the protocols'. */
  receive(from: PeerIndex, bytes: Uint8Array): void {
    const message = this.#decode(from, bytes)
    if (message === undefined || !this.#mayTake(from, message, bytes.length)) return
    // What changes nothing that we could say is not logged: where others stand, and epochs out of reach.
    if (message.type !== 'announce' && this.#isInReach(message.epoch)) {
      this.#options.turn().log({ type: 'message', from, epoch: message.epoch, bytes })
      this.#hear(from, message.epoch)
    }
    this.#take(this.#driven.message(from, message))
  }

  #mayTake(peer: PeerIndex, { type, epoch }: EpochMessage, bytes: number): boolean {
    const { budgets, now, turn } = this.#options
    if (type === 'announce' || !this.#isInReach(epoch)) {
      if (budgets.takeSmall(peer, now())) return true
      turn().faults.push({ rule: 'node/too-many-messages', peer, detail: 'announcements and old epochs' })
      return false
    }
    if (this.#budget.take(peer, epoch, bytes)) return true
    const detail = `more than ${this.#budget.bytesMax} bytes in epoch ${epoch}`
    turn().faults.push({ rule: 'node/epoch-budget-exceeded', peer, detail })
    return false
  }

  #isInReach(epoch: Epoch): boolean {
    return epoch >= this.#floor && epoch < this.#current + this.#options.epochsTaken
  }

  #hear(from: PeerIndex, epoch: Epoch): void {
    this.#heardBelow[from] = Math.max(this.heardBelow(from), epoch + 1)
    this.#spokenBelow = Math.max(this.#spokenBelow, epoch + 1)
  }

  #decode(peer: PeerIndex, bytes: Uint8Array): EpochMessage | undefined {
    try {
      return this.#codec.decode(bytes)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#options.turn().faults.push({ rule: 'node/undecodable', peer, detail: error.message })
      return undefined
    }
  }

  #input(input: AtomicBroadcastInput): void {
    if (input.type === 'advance') this.#current = Math.max(this.#current, input.epoch)
    if (input.type === 'propose') this.#spokenBelow = Math.max(this.#spokenBelow, input.epoch + 1)
    this.#take(this.#driven.input(input))
  }

  #take(step: Step<EpochMessage, AtomicBroadcastOutput>): void {
    const turn = this.#options.turn()
    for (const outgoing of step.messages) this.#say(turn, outgoing)
    // Who was at fault before a restart has been told on.
    if (!this.#isReplaying) turn.faults.push(...step.faults)
    for (const output of step.outputs) this.#onOutput(output)
  }

  #onOutput(output: AtomicBroadcastOutput): void {
    if (output.type === 'batch') this.#current = Math.max(this.#current, output.epoch + 1)
    if (output.type === 'retired') {
      this.#floor = output.epoch
      this.#budget.retire(output.epoch)
    }
    this.#options.onOutput(output)
  }

  // A message that goes to several peers one by one is encoded once.
  #say(turn: Turn, { to, message }: Outgoing<EpochMessage>): void {
    if (this.#isMuted) return
    if (this.#encoded?.message !== message) this.#encoded = { message, bytes: this.#codec.encode(message) }
    const { configuration } = this.#options
    turn.send(to, { type: 'consensus', configuration, bytes: this.#encoded.bytes })
  }
}
