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
import type { Replay } from '../log/journal.js'
import { EpochBudget } from './epoch-budget.js'
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
  readonly firstEpoch: Epoch
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
  #muted = true

  constructor(options: ConsensusOptions) {
    const { atomicBroadcast, committee, domain, firstEpoch } = options
    this.#options = options
    const definition = atomicBroadcast as unknown as AtomicBroadcast<EpochMessage>
    this.#codec = definition.codec(committee)
    this.#driven = drive(definition, { committee, domain, firstEpoch })
    this.#budget = new EpochBudget({ n: committee.n, payloadBytesMax: atomicBroadcast.payloadBytesMax })
    this.#heardBelow = new Array<number>(committee.n).fill(0)
  }

  /** We have heard nothing of this peer in epochs from this one on. */
  heardBelow(peer: PeerIndex): number {
    return this.#heardBelow[peer] ?? 0
  }

  /** Hears again what the log says, without a word to anybody. */
  replay(events: Replay['events']): void {
    for (const event of events) {
      if (event.type === 'message') {
        this.#take(this.#driven.message(event.from, this.#codec.decode(event.bytes)))
      } else this.#input({ type: 'propose', epoch: event.epoch, payload: event.payload })
    }
  }

  /** From now on what it says is sent. */
  unmute(): void {
    this.#muted = false
  }

  /** A link came up: whatever the peer may have missed is sent again. */
  connected(peer: PeerIndex): void {
    this.#budget.reset(peer)
    this.#input({ type: 'connected', peer })
  }

  propose(epoch: Epoch, payload: Uint8Array): void {
    this.#options.turn().log({ type: 'proposal', epoch, payload })
    this.#input({ type: 'propose', epoch, payload })
  }

  /** The ledger has caught up: all epochs below are over. */
  advance(epoch: Epoch): void {
    this.#input({ type: 'advance', epoch })
  }

  /** Faults reported: `node/undecodable`, `node/epoch-budget-exceeded`, and those of the protocols. */
  receive(from: PeerIndex, bytes: Uint8Array): void {
    const message = this.#decode(from, bytes)
    if (message === undefined) return
    if (message.type !== 'announce') {
      if (!this.#budget.take(from, message.epoch, bytes.length)) {
        const detail = `more than ${this.#budget.bytesMax} bytes in epoch ${message.epoch}`
        this.#options.turn().faults.push({ rule: 'node/epoch-budget-exceeded', peer: from, detail })
        return
      }
      this.#options.turn().log({ type: 'message', from, epoch: message.epoch, bytes })
      this.#heardBelow[from] = Math.max(this.heardBelow(from), message.epoch + 1)
    }
    this.#take(this.#driven.message(from, message))
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
    this.#take(this.#driven.input(input))
  }

  #take(step: Step<EpochMessage, AtomicBroadcastOutput>): void {
    const turn = this.#options.turn()
    if (!this.#muted) for (const outgoing of step.messages) this.#send(turn, outgoing)
    turn.faults.push(...step.faults)
    for (const output of step.outputs) this.#options.onOutput(output)
  }

  // A message that goes to several peers one by one is encoded once.
  #send(turn: Turn, { to, message }: Outgoing<EpochMessage>): void {
    if (this.#encoded?.message !== message) this.#encoded = { message, bytes: this.#codec.encode(message) }
    turn.send(to, { type: 'consensus', bytes: this.#encoded.bytes })
  }
}
