/**
 * From one era to the next: which configuration a node is in, and who of those connected is a member there, who a guest.
 */
import type { Certificate } from '@mc/ledger'
import type { MemberKey } from '@mc/network'
import type { Epoch, Fault } from '@mc/protocol'
import { fromHex } from '@mc/protocol/wire'
import { beginEra, type Era, type EraParts, helloTo, type Keys } from './era.js'
import { Guests } from './guests.js'
import type { ContentRequest } from './replica/peer-messages.js'
import type { Turn } from './replica/turn.js'

/** What the eras tell their node. */
export interface ErasOptions {
  /** A guest asks for blocks. */
  readonly onRequest: (from: MemberKey, epoch: Epoch) => void
  /** A guest asks for content. */
  readonly onContentRequest: (from: MemberKey, request: ContentRequest) => void
  /** A guest brought a seal that convinces together with others. */
  readonly onCertificate: (certificate: Certificate) => void
  /** A guest broke a rule, and is to be disconnected. */
  readonly onGuestFault: (fault: Fault, guest: MemberKey) => void
  /** The last turn of an era that ends: nothing of an agreement is in it. */
  readonly onEnd: (rest: Turn) => void
}

/** The era that a node is in, and its links. */
export class Eras {
  readonly #parts: EraParts
  readonly #options: ErasOptions
  readonly #guests: Guests
  /** Who is connected, member or not. */
  readonly #connected = new Set<MemberKey>()
  #era: Era

  constructor(parts: EraParts & { readonly era: Era }, options: ErasOptions) {
    const { codec, ledger, options: node } = parts
    this.#parts = parts
    this.#options = options
    this.#era = parts.era
    this.#guests = new Guests({
      network: ledger.network,
      codec,
      hello: () => helloTo(ledger, this.#era),
      say: (to, message) => this.#era.outbox.say(to, message),
      onRequest: options.onRequest,
      onContentRequest: options.onContentRequest,
      onSeal: (from, epoch, signature) => this.#onGuestSeal(from, epoch, signature),
      onOperations: operations => this.#era.participant.take(operations),
      onFault: options.onGuestFault,
      now: node.now ?? Date.now,
    })
  }

  get era(): Era {
    return this.#era
  }

  /** Whether another configuration has taken force, and all blocks that led there have left with a turn. */
  get isOver(): boolean {
    const { isOver, untaken } = this.#era.participant
    return isOver && untaken.length === 0
  }

  /** Members that are connected: they can be asked for what is missing. */
  get members(): readonly MemberKey[] {
    return [...this.#connected].filter(key => this.#era.members.indexOf(key) !== undefined)
  }

  /** A frame of whoever it is. */
  onFrame(from: MemberKey, frame: Uint8Array): void {
    const index = this.#era.members.indexOf(from)
    if (index === undefined) this.#guests.receive(from, frame)
    else this.#era.participant.receive(index, frame)
  }

  /** A link came up. */
  onConnected(peer: MemberKey): void {
    this.#connected.add(peer)
    const index = this.#era.members.indexOf(peer)
    if (index === undefined) this.#guests.connected(peer)
    else this.#era.participant.connected(index)
  }

  /** A link went down. */
  onDisconnected(peer: MemberKey): void {
    this.#connected.delete(peer)
    this.#guests.disconnected(peer)
    const index = this.#era.members.indexOf(peer)
    if (index !== undefined) this.#era.participant.disconnected(index)
  }

  /** There are new blocks: guests hear of the last one. */
  announce(): void {
    const own = this.#parts.ledger.sealTip(this.#parts.options.secretKey)
    if (own === undefined) return
    this.#guests.announce({ type: 'seal', epoch: own.epoch as Epoch, signature: own.seal.signature })
  }

  /** Begins the era of the configuration that has taken force. Its blocks and itself are on disk. */
  enter(keys: Keys): void {
    const { ledger, log, spoken } = this.#parts
    const before = this.#era
    const rest = before.participant.takeTurn()
    for (const record of rest.records) log.append(record)
    this.#options.onEnd(rest)
    const { firstEpoch } = ledger.configuration
    spoken.leave(firstEpoch, before.participant.isUnsureFrom(firstEpoch))
    this.#era = beginEra(this.#parts, keys, before.participant.pendingOwn)
    for (const key of this.#connected) this.#moveLink(key, before)
  }

  /** Says to all guests where we are. */
  greetGuests(): void {
    this.#guests.greetAll()
  }

  // Who changes sides between members and guests connects anew: the transport sees to that, and the link that it had is no more.
  #moveLink(key: MemberKey, before: Era): void {
    const [from, to] = [before.members.indexOf(key), this.#era.members.indexOf(key)]
    if (from === undefined && to !== undefined) this.#guests.disconnected(key)
    if (from === undefined || to === undefined) return
    const { participant } = this.#era
    participant.connected(to)
    const hello = before.participant.ahead.get(from)
    if (hello !== undefined) participant.greeted(to, hello)
  }

  #onGuestSeal(from: MemberKey, epoch: number, signature: Uint8Array): void {
    const { ledger } = this.#parts
    const outcome = ledger.addSealOf(epoch, fromHex(from), signature)
    if (outcome !== 'added' && outcome !== 'certified') return
    const certificate = ledger.isCertified(epoch) ? ledger.certificate(epoch) : undefined
    if (certificate !== undefined) this.#options.onCertificate(certificate)
  }
}
