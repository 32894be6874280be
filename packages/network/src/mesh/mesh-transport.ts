import { PREFIX_BYTES } from '../framing.js'
import { ADDRESSES_MAX, guestLimits, type TransportLimits } from '../limits.js'
import { memberKey } from '../member-key.js'
import { TokenBucket } from '../token-bucket.js'
import type {
  MemberKey,
  PeerAddress,
  Priority,
  Transport,
  TransportFault,
  TransportHandlers,
  TransportStats,
} from '../transport.js'
import type { Carrier, CarrierEvents, Link } from './link.js'
import { Member } from './member.js'
import { Session, type SessionEvents } from './session.js'

/** The member with the larger key leaves the first word to the other, so that most pairs dial once. */
const YIELD_MS = 200
/** Links opened within this time of one another count as simultaneous dials. */
const SIMULTANEOUS_MS = 5_000
/** Faults about strangers per second, and at once: their number must not flood a log. */
const STRANGER_FAULTS_PER_SECOND = 1
const STRANGER_FAULTS_BURST = 16
const TICK_MS_MAX = 1_000
const TICK_MS_MIN = 20

/** What a mesh is made of. */
export interface MeshParts {
  readonly kind: Transport['kind']
  readonly self: MemberKey
  readonly carrier: Carrier
  readonly limits: TransportLimits
}

/**
 * Keeps one link to each admitted member: dials, accepts, chooses between two, measures, bans, redials.
 *
 * Everything that is the same whatever the bytes travel on; a `Carrier` supplies the links.
 */
export class MeshTransport implements Transport {
  readonly kind: Transport['kind']
  readonly self: MemberKey
  readonly #carrier: Carrier
  readonly #limits: TransportLimits
  readonly #members = new Map<MemberKey, Member>()
  /** Links that are neither a member's session yet nor closed; the carrier bounds the inbound ones. */
  readonly #proposed = new Set<Session>()
  readonly #attempts = new Set<Promise<void>>()
  readonly #strangerFaults: TokenBucket
  #strangersRefused = 0
  #addresses: readonly string[] = []
  #handlers: TransportHandlers | undefined
  #state: 'new' | 'running' | 'stopped' = 'new'
  #ticker: ReturnType<typeof setInterval> | undefined
  #tickedAt = 0
  /** Above 0 within a call from outside: then handlers are called after it, not in it. */
  #callsInside = 0

  constructor({ kind, self, carrier, limits }: MeshParts) {
    this.kind = kind
    this.self = self
    this.#carrier = carrier
    this.#limits = limits
    this.#strangerFaults = new TokenBucket(
      STRANGER_FAULTS_PER_SECOND,
      STRANGER_FAULTS_BURST,
      performance.now(),
    )
  }

  get addresses(): readonly string[] {
    return this.#addresses
  }

  async start(handlers: TransportHandlers): Promise<void> {
    if (this.#handlers !== undefined) throw new TypeError('transport: started before; make a new one')
    this.#handlers = handlers
    const addresses = await this.#carrier.listen(this.#carrierEvents())
    if (this.#state === 'stopped') return this.#carrier.close()
    this.#state = 'running'
    this.#addresses = addresses
    this.#startTicking()
    for (const member of this.#members.values()) this.#dialLater(member, this.#yieldMs(member))
  }

  admit(peers: readonly PeerAddress[]): void {
    const admitted = new Map(peers.map(({ key, addresses }) => [memberKey(key), addresses]))
    admitted.delete(this.self)
    this.#fromOutside(() => {
      for (const member of this.#members.values())
        if (admitted.has(member.key) === member.isGuest) this.#dismiss(member)
      for (const [key, addresses] of admitted) this.#admitOne(key, addresses.slice(0, ADDRESSES_MAX))
    })
  }

  send(to: MemberKey, priority: Priority, frame: Uint8Array): boolean {
    if (frame.length > this.#limits.frameBytesMax)
      throw new RangeError(`send: ${frame.length} bytes, at most ${this.#limits.frameBytesMax}`)
    const member = this.#members.get(to)
    const session = member?.session
    if (member === undefined || session === undefined) return false
    const waiting = session.link.bufferedBytes
    if (waiting + PREFIX_BYTES + frame.length <= member.limits.bufferedBytesMax) {
      member.send(session, priority, frame)
      return true
    }
    this.#fromOutside(() => this.#detachSlow(session, waiting, member.limits.bufferedBytesMax))
    return false
  }

  bufferedBytes(peer: MemberKey): number {
    return this.#members.get(peer)?.session?.link.bufferedBytes ?? 0
  }

  disconnect(peer: MemberKey, reason: string): void {
    const member = this.#members.get(peer)
    if (member !== undefined) this.#fromOutside(() => this.#ban(member, reason))
  }

  stats(): TransportStats {
    const members = [...this.#members.values()]
    const peers = members.filter(({ isGuest }) => !isGuest).map(member => member.stats())
    return { peers, strangersRefused: this.#strangersRefused, guests: members.length - peers.length }
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    clearInterval(this.#ticker)
    for (const member of this.#members.values()) this.#dismiss(member)
    for (const session of this.#proposed) session.close('stopped')
    await this.#carrier.close()
    await Promise.all(this.#attempts)
    this.#addresses = []
  }

  #carrierEvents(): CarrierEvents {
    return {
      admits: key => this.#admits(key),
      onInbound: link => this.#onInbound(link),
      onRefused: (rule, detail, key) =>
        this.#onRefused({ rule, detail, ...(key === undefined ? {} : { peer: key }) }),
    }
  }

  #admits(key: MemberKey): boolean {
    return this.#state === 'running' && (this.#members.has(key) || this.#hasRoom)
  }

  get #hasRoom(): boolean {
    let guests = 0
    for (const { isGuest } of this.#members.values()) if (isGuest) guests += 1
    return guests < this.#limits.guestsMax
  }

  #newGuest(key: MemberKey): Member | undefined {
    if (!this.#hasRoom) return undefined
    const guest = new Member(key, [], guestLimits(this.#limits), true)
    this.#members.set(key, guest)
    return guest
  }

  // Strangers are counted always and reported at a bounded rate.
  #onRefused(fault: TransportFault) {
    if (this.#state !== 'running') return
    this.#strangersRefused += 1
    if (this.#strangerFaults.take(1, performance.now())) this.#notify(handlers => handlers.onFault(fault))
  }

  #admitOne(key: MemberKey, addresses: readonly string[]) {
    const known = this.#members.get(key)
    if (known === undefined) {
      const member = new Member(key, addresses, this.#limits)
      this.#members.set(key, member)
      return this.#dialLater(member, this.#yieldMs(member))
    }
    if (known.addresses.join(' ') === addresses.join(' ')) return
    // A live link is authenticated: it stays, and the new addresses serve the next dial.
    known.addresses = addresses
    known.stopDialling('the addresses changed')
    known.retries.reset()
    this.#dialLater(known, 0)
  }

  #dismiss(member: Member) {
    this.#members.delete(member.key)
    member.stopDialling('no longer admitted')
    for (const session of this.#proposed) if (session.link.peer === member.key) session.close('not admitted')
    member.session?.close('no longer admitted')
    if (member.session !== undefined) this.#detach(member)
  }

  #yieldMs(member: Member): number {
    return this.self < member.key ? 0 : YIELD_MS
  }

  #dialLater(member: Member, delayMs: number) {
    if (this.#state !== 'running' || this.#members.get(member.key) !== member) return
    if (member.session !== undefined || member.dial !== undefined || member.addresses.length === 0) return
    clearTimeout(member.redial)
    const bannedMs = member.bannedUntil - performance.now()
    member.redial = setTimeout(() => this.#dial(member), Math.max(delayMs, bannedMs, 0))
  }

  #redial(member: Member) {
    this.#dialLater(member, member.retries.next() + this.#yieldMs(member))
  }

  #dial(member: Member) {
    member.redial = undefined
    const abort = new AbortController()
    const deadline = setTimeout(() => this.#dialFailed(member, abort), this.#limits.handshakeTimeoutMs)
    member.dial = { abort, deadline }
    const attempt = this.#carrier
      .dial({ key: member.key, addresses: member.addresses }, abort.signal)
      .then(
        link => this.#onDialled(link, abort),
        () => this.#dialFailed(member, abort),
      )
      .finally(() => this.#attempts.delete(attempt))
    this.#attempts.add(attempt)
  }

  #dialFailed(member: Member, abort: AbortController) {
    if (member.dial?.abort !== abort) return
    member.stopDialling('the dial failed')
    this.#redial(member)
  }

  #onDialled(link: Link, abort: AbortController) {
    if (abort.signal.aborted) return link.close('the dial was given up')
    const session = this.#openSession(link)
    // Until the welcome, giving up the dial closes the link, and the link's end is the dial's.
    abort.signal.addEventListener('abort', () => session.link.close('the dial was given up'), { once: true })
  }

  #onInbound(link: Link) {
    if (this.#state !== 'running') return link.close('stopped')
    const member = this.#members.get(link.peer) ?? this.#newGuest(link.peer)
    if (member === undefined) return link.close('not admitted')
    if (member.bannedUntil > performance.now()) return link.close('banned')
    const session = new Session(link, member.limits, this.#sessionEvents)
    if (!this.#outranks(session, member.session)) return link.close('another connection is in use')
    // Our own dial ranks higher if our key is the smaller one: then it goes on, and takes over.
    if (this.self > member.key) member.stopDialling('the other side was faster')
    this.#replace(member, session)
    session.welcome()
    session.open()
    this.#connected(member, session)
  }

  #openSession(link: Link): Session {
    const session = new Session(link, this.#limits, this.#sessionEvents)
    this.#proposed.add(session)
    session.open()
    return session
  }

  // The dial of the smaller key wins between two links opened at the same time. Otherwise the newer one wins:
  // a member dials only when it has no link, so the older one is dead and we have not noticed yet.
  #outranks(candidate: Session, current: Session | undefined): boolean {
    if (current === undefined || current.link.direction === candidate.link.direction) return true
    if (candidate.openedAt - current.openedAt > SIMULTANEOUS_MS) return true
    const diallerWins = this.self < candidate.link.peer
    return (candidate.link.direction === 'dialled') === diallerWins
  }

  readonly #sessionEvents: SessionEvents = {
    onWelcome: session => this.#onWelcome(session),
    onFrame: (session, priority, frame) => this.#onFrame(session, priority, frame),
    onBroken: (session, rule, detail) => this.#onBroken(session, { rule, detail, peer: session.link.peer }),
    onClosed: session => this.#onClosed(session),
  }

  #onWelcome(session: Session) {
    this.#proposed.delete(session)
    const member = this.#members.get(session.link.peer)
    if (member === undefined) return session.close('not admitted')
    this.#endDial(member)
    if (!this.#outranks(session, member.session)) return session.close('another connection is in use')
    this.#replace(member, session)
    this.#connected(member, session)
  }

  /** The dial came to its end, so its abort must no longer close the link. */
  #endDial(member: Member) {
    clearTimeout(member.dial?.deadline)
    member.dial = undefined
  }

  #replace(member: Member, session: Session) {
    const previous = member.session
    if (previous !== undefined) {
      member.session = undefined
      previous.close('replaced by another connection')
      this.#notify(handlers => handlers.onDisconnected(member.key))
    }
    member.connected(session)
  }

  #connected(member: Member, session: Session) {
    if (session.closed) return
    session.ping(performance.now())
    clearTimeout(member.redial)
    this.#notify(handlers => handlers.onConnected(member.key))
  }

  #onFrame(session: Session, priority: Priority, frame: Uint8Array) {
    const member = this.#members.get(session.link.peer)
    if (member === undefined || member.session !== session) return
    member.received(frame)
    this.#notify(handlers => handlers.onFrame(member.key, priority, frame))
  }

  #onBroken(session: Session, fault: TransportFault) {
    this.#notify(handlers => handlers.onFault(fault))
    const member = this.#members.get(session.link.peer)
    if (member !== undefined) this.#ban(member, fault.rule)
    session.close(fault.rule)
  }

  #onClosed(session: Session) {
    const member = this.#members.get(session.link.peer)
    if (this.#proposed.delete(session)) {
      if (member?.dial !== undefined) this.#dialFailed(member, member.dial.abort)
      return
    }
    if (member?.session !== session) return
    this.#restoreTrust(member, performance.now() - session.openedAt)
    this.#detach(member)
    this.#redial(member)
  }

  #detach(member: Member) {
    member.session = undefined
    if (member.isGuest && this.#members.get(member.key) === member) this.#members.delete(member.key)
    this.#notify(handlers => handlers.onDisconnected(member.key))
  }

  // Waiting times begin anew only after a connection that lasted, so that a flapping peer is dialled ever less.
  #restoreTrust(member: Member, lastedMs: number) {
    if (lastedMs > this.#limits.retryMsMax) member.retries.reset()
    if (lastedMs > this.#limits.banMsMax) member.bans.reset()
  }

  #detachSlow(session: Session, waiting: number, max: number) {
    const detail = `${waiting} bytes waiting, at most ${max}`
    this.#notify(handlers => handlers.onFault({ rule: 'network/slow-peer', peer: session.link.peer, detail }))
    session.close('slow peer')
  }

  #ban(member: Member, reason: string) {
    member.bannedUntil = performance.now() + member.bans.next()
    member.stopDialling(reason)
    if (member.session === undefined) this.#dialLater(member, 0)
    else member.session.close(reason)
  }

  #startTicking() {
    const { frameTimeoutMs, heartbeatMs, silenceMsMax } = this.#limits
    const tickMs = Math.min(frameTimeoutMs, heartbeatMs, silenceMsMax) / 4
    const periodMs = Math.max(TICK_MS_MIN, Math.min(TICK_MS_MAX, tickMs))
    this.#tickedAt = performance.now()
    this.#ticker = setInterval(() => this.#tick(periodMs), periodMs)
  }

  #tick(periodMs: number) {
    const now = performance.now()
    // After a pause of our own process (a long computation, a suspended machine) bytes wait to be read.
    const late = now - this.#tickedAt > 4 * periodMs
    this.#tickedAt = now
    for (const member of this.#members.values()) member.session?.tick(now, late)
  }

  #fromOutside(change: () => void) {
    this.#callsInside += 1
    try {
      change()
    } finally {
      this.#callsInside -= 1
    }
  }

  #notify(event: (handlers: TransportHandlers) => void) {
    const handlers = this.#handlers
    if (handlers === undefined || this.#state !== 'running') return
    if (this.#callsInside === 0) return event(handlers)
    queueMicrotask(() => {
      if (this.#state === 'running') event(handlers)
    })
  }
}
