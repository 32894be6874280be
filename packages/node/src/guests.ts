/**
 * Guests: nodes that are connected and no members of the configuration. They follow the blocks; none of their words counts.
 *
 * A guest greets, asks for blocks, hands in operations, and may bring a seal that it made while it was a member. The transport
 * bounds how many there are and the bytes they send; what they ask for is bounded here.
 */
import { equalBytes } from '@mc/crypto'
import { type MemberKey, TokenBucket } from '@mc/network'
import type { Epoch, Fault } from '@mc/protocol'
import { type Codec, DecodeError } from '@mc/protocol/wire'
import { type ContentRequest, type Hello, messagesOf, type PeerMessage } from './replica/peer-messages.js'

/** Messages that a guest may send each second, and at once. Words of an agreement are dropped unread and do not count. */
const MESSAGES_PER_SECOND = 50
const MESSAGES_BURST = 500

/** Operations of a guest that are checked each second, and at once. */
const OPERATIONS_PER_SECOND = 50
const OPERATIONS_BURST = 1_000

/** What guests are given, and what is done with what they bring. */
export interface GuestsOptions {
  readonly network: Uint8Array
  readonly codec: Codec<PeerMessage>
  /** How we greet, in the configuration that we are in now. */
  readonly hello: () => Hello
  readonly say: (to: MemberKey, message: PeerMessage) => void
  readonly onRequest: (from: MemberKey, epoch: Epoch) => void
  readonly onContentRequest: (from: MemberKey, request: ContentRequest) => void
  readonly onSeal: (from: MemberKey, epoch: number, signature: Uint8Array) => void
  readonly onOperations: (operations: readonly Uint8Array[]) => void
  /** The guest broke a rule: it is disconnected. */
  readonly onFault: (fault: Fault, guest: MemberKey) => void
  readonly now: () => number
}

interface Guest {
  readonly messages: TokenBucket
  readonly operations: TokenBucket
  /** Its last greeting, once there is one. */
  hello: Hello | undefined
}

/** Everybody who is connected and no member. */
export class Guests {
  readonly #options: GuestsOptions
  readonly #guests = new Map<MemberKey, Guest>()

  constructor(options: GuestsOptions) {
    this.#options = options
  }

  /** A link came up, or its member is a guest from now on. */
  connected(key: MemberKey): void {
    const now = this.#options.now()
    this.#guests.set(key, {
      messages: new TokenBucket(MESSAGES_PER_SECOND, MESSAGES_BURST, now),
      operations: new TokenBucket(OPERATIONS_PER_SECOND, OPERATIONS_BURST, now),
      hello: undefined,
    })
    this.#options.say(key, this.#options.hello())
  }

  /** A link went down, or its guest is a member from now on. Gives how it greeted, if it did. */
  disconnected(key: MemberKey): Hello | undefined {
    const hello = this.#guests.get(key)?.hello
    this.#guests.delete(key)
    return hello
  }

  /** Everybody who is here. */
  get keys(): readonly MemberKey[] {
    return [...this.#guests.keys()]
  }

  /** We are in another configuration: all are greeted there. */
  greetAll(): void {
    const hello = this.#options.hello()
    for (const key of this.#guests.keys()) this.#options.say(key, hello)
  }

  /** There is a block: whoever follows may ask for it. */
  announce(seal: PeerMessage): void {
    for (const [key, { hello }] of this.#guests) if (hello !== undefined) this.#options.say(key, seal)
  }

  /** A frame of a guest. Faults reported: `node/undecodable`, `node/other-network`, `node/too-many-messages`. */
  receive(key: MemberKey, frame: Uint8Array): void {
    const guest = this.#guests.get(key)
    if (guest === undefined) return
    try {
      for (const bytes of messagesOf(frame)) if (!this.#take(key, guest, bytes)) return
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#fault(key, 'node/undecodable', error.message)
    }
  }

  /** False once nothing more of the frame is heard. */
  #take(key: MemberKey, guest: Guest, bytes: Uint8Array): boolean {
    const message = this.#options.codec.decode(bytes)
    if (message.type === 'consensus') return true
    if (!guest.messages.take(1, this.#options.now())) {
      this.#fault(key, 'node/too-many-messages', 'a guest')
      return false
    }
    return this.#onMessage(key, guest, message)
  }

  #onMessage(key: MemberKey, guest: Guest, message: Exclude<PeerMessage, { type: 'consensus' }>): boolean {
    switch (message.type) {
      case 'hello':
        return this.#onHello(key, guest, message)
      case 'blocks-request':
        if (guest.hello !== undefined) this.#options.onRequest(key, message.from)
        return true
      case 'seal':
        this.#options.onSeal(key, message.epoch, message.signature.slice())
        return true
      case 'forward':
        this.#onOperations(guest, message.operations)
        return true
      case 'content-request':
        if (guest.hello !== undefined) this.#options.onContentRequest(key, message)
        return true
      // We ask no guest for blocks, nor for content.
      case 'blocks':
      case 'content':
        return true
      default: {
        const never: never = message
        return never
      }
    }
  }

  #onHello(key: MemberKey, guest: Guest, hello: Hello): boolean {
    if (!equalBytes(hello.network, this.#options.network)) {
      this.#fault(key, 'node/other-network', 'its genesis is not ours')
      return false
    }
    guest.hello = { ...hello, network: hello.network.slice(), digest: hello.digest.slice() }
    return true
  }

  // What is over the budget the guest sends again, or another member.
  #onOperations(guest: Guest, operations: readonly Uint8Array[]): void {
    const now = this.#options.now()
    const taken = operations.filter(() => guest.operations.take(1, now))
    if (guest.hello !== undefined && taken.length > 0) this.#options.onOperations(taken)
  }

  #fault(key: MemberKey, rule: string, detail: string): void {
    this.#options.onFault({ rule, detail: `${detail} (guest ${key.slice(0, 8)})` }, key)
  }
}
