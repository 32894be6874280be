/**
 * Votes that travel by reliable broadcast: one broadcast per round, step and proposer, so that nobody can tell two members two
 * different votes.
 */
import type { Bit, ChildScope, Committee, Effects, Fault, PeerIndex, Protocol, Round } from '@mc/protocol'
import type { Delivery, Rbc } from '@mc/rbc'
import type { RoundRange } from './missed-votes.js'

/** Which vote a broadcast carries: whose, in which round and step. Steps count from 0. */
export interface VoteAddress {
  readonly round: Round
  readonly step: number
  readonly proposer: PeerIndex
}

/** What the broadcasts of one agreement are made from. */
export interface VoteBroadcastsOptions<RbcMessage, Message> {
  /** Carries one byte. Whoever has delivered owes nobody anything more, as in the broadcasts of @mc/rbc. */
  readonly rbc: Rbc<RbcMessage>
  readonly committee: Committee
  /** Broadcasts per round and member. */
  readonly steps: number
  readonly effects: Effects<Message, Bit>
  readonly wrap: (address: VoteAddress, message: RbcMessage) => Message
  /** Told each vote once; undefined where the proposer broadcast something that is not one byte. */
  readonly onVote: (address: VoteAddress, vote: number | undefined) => void
}

/** What was sent of a round, to be sent again to a peer that could not store it. */
interface Sent<Message> {
  readonly to: PeerIndex | 'all'
  readonly message: Message
}

/** The broadcasts of one round: by step, then by proposer. What was delivered leaves a mark. */
type RoundOfBroadcasts<RbcMessage> = (Protocol<Uint8Array, RbcMessage> | typeof DELIVERED | undefined)[][]

/**
 * The broadcasts of an agreement, each made when its first message comes.
 *
 * The caller admits only rounds of its window, and those before. State: one instance for each vote that is on its way, a mark
 * for each that was delivered, and all that we have sent ourselves, until `clear`. An earlier round's broadcast goes on:
 * totality needs members that do not need the vote any more.
 */
export class VoteBroadcasts<RbcMessage, Message> {
  readonly #options: VoteBroadcastsOptions<RbcMessage, Message>
  #rounds: (RoundOfBroadcasts<RbcMessage> | undefined)[] = []
  #sent: (Sent<Message>[] | undefined)[] = []
  #open = 0

  constructor(options: VoteBroadcastsOptions<RbcMessage, Message>) {
    this.#options = options
  }

  /** Broadcasts that have begun here and not delivered. */
  get open(): number {
    return this.#open
  }

  /** Broadcasts our own vote of a round and step; the caller does it once. */
  vote(round: Round, step: number, vote: number): void {
    const address = { round, step, proposer: this.#options.committee.self }
    const broadcast = this.#of(address)
    if (broadcast !== DELIVERED) broadcast.handleInput(Uint8Array.of(vote))
  }

  /** Passes a message on to its broadcast. */
  receive(from: PeerIndex, address: VoteAddress, message: RbcMessage): void {
    const broadcast = this.#of(address)
    if (broadcast !== DELIVERED) broadcast.handleMessage(from, message)
  }

  /** Sends to a peer again what we have sent to it, or to everybody, in these rounds. */
  resend(peer: PeerIndex, { fromRound, toRound }: RoundRange): void {
    for (let round: number = fromRound; round <= toRound; round += 1) {
      for (const { to, message } of this.#sent[round] ?? []) {
        if (to === 'all' || to === peer) this.#options.effects.send(peer, message)
      }
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#rounds = []
    this.#sent = []
    this.#open = 0
  }

  #of(address: VoteAddress): Protocol<Uint8Array, RbcMessage> | typeof DELIVERED {
    const { rbc, committee } = this.#options
    const slots = this.#slotsOf(address)
    const existing = slots[address.proposer]
    if (existing !== undefined) return existing
    this.#open += 1
    const created = rbc.create({ committee, proposer: address.proposer }, this.#effectsOf(address))
    slots[address.proposer] = created
    return created
  }

  #slotsOf({ round, step }: VoteAddress): RoundOfBroadcasts<RbcMessage>[number] {
    let steps = this.#rounds[round]
    if (steps === undefined) {
      steps = Array.from({ length: this.#options.steps }, () => [])
      this.#rounds[round] = steps
    }
    return steps[step] as RoundOfBroadcasts<RbcMessage>[number]
  }

  #effectsOf(address: VoteAddress): Effects<RbcMessage, Delivery> {
    this.#sent[address.round] ??= []
    return new RememberedEffects(this.#options.effects, this.#sent[address.round] as Sent<Message>[], {
      wrap: message => this.#options.wrap(address, message),
      onOutput: delivery => this.#onDelivery(address, delivery),
    })
  }

  #onDelivery(address: VoteAddress, delivery: Delivery): void {
    // Cleared since: the agreement has halted
    if (this.#rounds[address.round] === undefined) return
    this.#slotsOf(address)[address.proposer] = DELIVERED
    this.#open -= 1
    const isVote = typeof delivery !== 'string' && delivery.length === 1
    this.#options.onVote(address, isVote ? delivery[0] : undefined)
  }
}

const DELIVERED = 'delivered'

/** Effects that remember what was sent: messages beyond a peer's window are lost there until it asks for them. */
class RememberedEffects<Message, ChildMessage, Output> implements Effects<ChildMessage, Output> {
  readonly #parent: Effects<Message, Bit>
  readonly #sent: Sent<Message>[]
  readonly #child: ChildScope<Message, ChildMessage, Output>
  readonly #outputs: Pick<Effects<ChildMessage, Output>, 'output'>

  constructor(
    parent: Effects<Message, Bit>,
    sent: Sent<Message>[],
    child: ChildScope<Message, ChildMessage, Output>,
  ) {
    this.#parent = parent
    this.#sent = sent
    this.#child = child
    this.#outputs = parent.scope(child)
  }

  send(to: PeerIndex, message: ChildMessage): void {
    const wrapped = this.#child.wrap(message)
    this.#sent.push({ to, message: wrapped })
    this.#parent.send(to, wrapped)
  }

  broadcast(message: ChildMessage): void {
    const wrapped = this.#child.wrap(message)
    this.#sent.push({ to: 'all', message: wrapped })
    this.#parent.broadcast(wrapped)
  }

  output(output: Output): void {
    this.#outputs.output(output)
  }

  fault(fault: Fault): void {
    this.#parent.fault(fault)
  }

  scope<InnerMessage, InnerOutput>(
    child: ChildScope<ChildMessage, InnerMessage, InnerOutput>,
  ): Effects<InnerMessage, InnerOutput> {
    return new RememberedEffects(this.#parent, this.#sent, {
      wrap: message => this.#child.wrap(child.wrap(message)),
      onOutput: child.onOutput,
    })
  }
}

/**
 * Refuses a broadcast that does not fit votes.
 *
 * @throws RangeError unless it carries exactly up to one byte: a vote has one, and more would only let a faulty proposer make
 * everybody keep more.
 */
export function checkVoteRbc(name: string, rbc: Pick<Rbc<never>, 'payloadBytesMax'>): void {
  if (rbc.payloadBytesMax !== 1) {
    throw new RangeError(`${name}: need an rbc with payloadBytesMax 1, got ${rbc.payloadBytesMax}`)
  }
}
