/**
 * Content that a state names and needs, and this node does not have: asked for by its name from one peer after the other, and
 * handed on to those who ask.
 *
 * A name is a digest, so nobody has to be believed. Until everything is here no block is applied: the members who have it can go
 * on, and whoever went on without it would come to another state.
 */
import { type MemberKey, TokenBucket } from '@mc/network'
import { hex } from '@mc/protocol/wire'
import type { ContentMessage, ContentRequest } from './replica/peer-messages.js'

/** What content there is and what is wanted, as the rules of a network know it. */
export interface ContentSource {
  /** Names of what the state needs and is not here; nearly always none. */
  missing(): readonly Uint8Array[]
  get(id: Uint8Array): Uint8Array | undefined
  /** Keeps content if it is what its name says; false if it is not. */
  keep(id: Uint8Array, bytes: Uint8Array): boolean
}

/** What an exchange is made of. */
export interface ContentExchangeOptions {
  readonly source: ContentSource
  /** Who can be asked. */
  readonly peers: () => readonly MemberKey[]
  readonly say: (to: MemberKey, message: ContentMessage | ContentRequest) => void
  /** Nothing is missing any more. */
  readonly onComplete: () => void
  readonly onFault: (rule: string, peer: MemberKey, detail: string) => void
  readonly now: () => number
}

/** Contents that are asked for at once; further ones when these are here. */
export const ASKED_MAX = 16

/** How long a peer is given to answer, in ms, before the next one is asked. */
export const ANSWER_MS = 1_000

/** Contents that one peer is given each second, and at once. */
export const GIVEN_PER_SECOND = 32
export const GIVEN_BURST = 256

/** Peers whose pace is remembered: more than there can be members, as guests come and go. */
const PEERS_MAX = 1_024

/** Asks for what is missing, and answers. */
export class ContentExchange {
  readonly #options: ContentExchangeOptions
  /** What we asked for, by name, and have not got. */
  #asked = new Set<string>()
  #askedAt = Number.NEGATIVE_INFINITY
  #round = 0
  readonly #given = new Map<MemberKey, TokenBucket>()

  constructor(options: ContentExchangeOptions) {
    this.#options = options
  }

  /** The clock moved: what is missing is asked for, if it was not lately. */
  tick(): void {
    const { source, now } = this.#options
    const missing = source.missing()
    if (missing.length === 0) this.#asked.clear()
    else if (now() - this.#askedAt >= ANSWER_MS) this.#ask(missing.slice(0, ASKED_MAX))
  }

  /** What a peer asks or brings. */
  receive(from: MemberKey, message: ContentRequest | ContentMessage): void {
    if (message.type === 'content') this.onContent(from, message)
    else this.onRequest(from, message)
  }

  /** A peer asks for content. What we do not have is not answered: another peer will have it. */
  onRequest(from: MemberKey, { id }: ContentRequest): void {
    const { source, say, onFault } = this.#options
    if (!this.#mayGive(from)) return onFault('node/too-many-messages', from, 'questions for content')
    const bytes = source.get(id)
    if (bytes !== undefined) say(from, { type: 'content', id, bytes })
  }

  /** An answer. Faults reported: `node/wrong-content`, for bytes that are not what the name says. */
  onContent(from: MemberKey, { id, bytes }: ContentMessage): void {
    const { source, onComplete, onFault } = this.#options
    const name = hex(id)
    // Late, or of somebody who likes to talk: it costs us nothing.
    if (!this.#asked.has(name)) return
    if (!source.keep(id.slice(), bytes.slice())) return onFault('node/wrong-content', from, `not ${name}`)
    this.#asked.delete(name)
    if (source.missing().length === 0) onComplete()
    else if (this.#asked.size === 0) this.#ask(source.missing().slice(0, ASKED_MAX))
  }

  #ask(ids: readonly Uint8Array[]): void {
    const { peers, say, now } = this.#options
    const all = peers()
    this.#asked = new Set(ids.map(hex))
    this.#askedAt = now()
    for (const [at, id] of ids.entries()) {
      const peer = all[(this.#round + at) % Math.max(1, all.length)]
      if (peer !== undefined) say(peer, { type: 'content-request', id })
    }
    // Whoever did not know a name is not asked for it again before all others were.
    this.#round += 1
  }

  #mayGive(peer: MemberKey): boolean {
    const now = this.#options.now()
    const bucket = this.#given.get(peer) ?? new TokenBucket(GIVEN_PER_SECOND, GIVEN_BURST, now)
    this.#given.delete(peer)
    this.#given.set(peer, bucket)
    const [oldest] = this.#given.keys()
    if (this.#given.size > PEERS_MAX && oldest !== undefined) this.#given.delete(oldest)
    return bucket.take(1, now)
  }
}
