import { FrameReader, framePrefix, SIGNAL, signalPrefix } from '../framing.js'
import type { TransportLimits } from '../limits.js'
import { TokenBucket } from '../token-bucket.js'
import { PRIORITIES, type Priority, type TransportFaultRule } from '../transport.js'
import type { Link } from './link.js'

/** The burst of the inbound budget, in seconds of its rate. */
const BUDGET_BURST_SECONDS = 2

/** Pings closer together than this are not answered: a peer cannot make us write more than it lets us send. */
const PONG_GAP_MS = 100

/** What a session tells the mesh. `onClosed` comes once, and nothing after it. */
export interface SessionEvents {
  /** The acceptor took our dial. */
  onWelcome(session: Session): void
  onFrame(session: Session, priority: Priority, frame: Uint8Array): void
  /** The peer broke a rule; the mesh closes the session. */
  onBroken(session: Session, rule: TransportFaultRule, detail: string): void
  onClosed(session: Session, reason: string): void
}

interface Lane {
  readonly reader: FrameReader
  /** For the frame timeout: which frame was half read at the last tick, and since when. */
  frame: number
  since: number
}

/** One link with its two frame readers, its budget and its heartbeat. */
export class Session {
  readonly link: Link
  readonly openedAt: number
  readonly #limits: TransportLimits
  readonly #events: SessionEvents
  readonly #budget: TokenBucket
  readonly #lanes: Readonly<Record<Priority, Lane>>
  #welcomed: boolean
  #closed = false
  #heardAt: number
  #pingedAt = 0
  #pingPending = false
  #pongedAt = Number.NEGATIVE_INFINITY
  #rttMs: number | undefined

  constructor(link: Link, limits: TransportLimits, events: SessionEvents) {
    const now = performance.now()
    this.link = link
    this.openedAt = now
    this.#limits = limits
    this.#events = events
    this.#heardAt = now
    this.#budget = new TokenBucket(
      limits.inboundBytesPerSecond,
      limits.inboundBytesPerSecond * BUDGET_BURST_SECONDS,
      now,
    )
    this.#lanes = { control: this.#lane('control', now), bulk: this.#lane('bulk', now) }
    // The acceptor decides whether there is a connection; the dialler learns it from the welcome.
    this.#welcomed = link.direction === 'accepted'
  }

  get closed(): boolean {
    return this.#closed
  }

  get rttMs(): number | undefined {
    return this.#rttMs
  }

  /** Starts reading. Events may come within the call. */
  open(): void {
    this.link.attach({
      onBytes: (priority, chunk) => this.#onBytes(priority, chunk),
      onClosed: reason => this.#onClosed(reason),
    })
  }

  /** The acceptor's word that this connection counts, first on either lane. */
  welcome(): void {
    for (const priority of PRIORITIES) this.link.write(priority, signalPrefix(SIGNAL.welcome))
  }

  send(priority: Priority, frame: Uint8Array): void {
    this.link.write(priority, framePrefix(frame.length), frame)
  }

  ping(now: number): void {
    this.#pingedAt = now
    this.#pingPending = true
    this.link.write('control', signalPrefix(SIGNAL.ping))
  }

  /** Frame timeout, silence, heartbeat. `late`: our own process was held up, so the peer is not judged. */
  tick(now: number, late: boolean): void {
    if (late) this.#heardAt = now
    for (const priority of PRIORITIES) this.#checkFrame(priority, now, late)
    if (this.#closed) return
    if (now - this.#heardAt > this.#limits.silenceMsMax) this.close('silent for too long')
    else if (now - this.#pingedAt >= this.#limits.heartbeatMs) this.ping(now)
  }

  close(reason: string): void {
    if (this.#closed) return
    this.link.close(reason)
    this.#onClosed(reason)
  }

  #lane(priority: Priority, now: number): Lane {
    const reader = new FrameReader(this.#limits.frameBytesMax, {
      onFrame: frame => this.#onFrame(priority, frame),
      onSignal: signal => this.#onSignal(signal),
    })
    return { reader, frame: -1, since: now }
  }

  #onBytes(priority: Priority, chunk: Uint8Array) {
    if (this.#closed) return
    const now = performance.now()
    this.#heardAt = now
    if (!this.#budget.take(chunk.length, now))
      return this.#broken(
        'network/budget-exceeded',
        `more than ${this.#limits.inboundBytesPerSecond} bytes per second`,
      )
    const problem = this.#lanes[priority].reader.push(chunk)
    if (problem !== undefined && !this.#closed) this.#broken(problem.rule, `${priority}: ${problem.detail}`)
  }

  #onFrame(priority: Priority, frame: Uint8Array) {
    if (!this.#welcomed) return this.#broken('network/bad-signal', `${priority}: a frame before the welcome`)
    this.#events.onFrame(this, priority, frame)
  }

  #onSignal(signal: number) {
    if (signal === SIGNAL.ping) return this.#onPing()
    if (signal === SIGNAL.pong) return this.#onPong()
    if (this.#welcomed) return
    this.#welcomed = true
    this.#events.onWelcome(this)
  }

  #onPing() {
    if (this.#heardAt - this.#pongedAt < PONG_GAP_MS) return
    this.#pongedAt = this.#heardAt
    this.link.write('control', signalPrefix(SIGNAL.pong))
  }

  #onPong() {
    if (!this.#pingPending) return
    this.#pingPending = false
    this.#rttMs = performance.now() - this.#pingedAt
  }

  #checkFrame(priority: Priority, now: number, late: boolean) {
    const lane = this.#lanes[priority]
    const frame = lane.reader.partial ? lane.reader.framesRead : -1
    if (frame !== lane.frame || late) {
      lane.frame = frame
      lane.since = now
    } else if (frame !== -1 && now - lane.since > this.#limits.frameTimeoutMs)
      this.#broken(
        'network/frame-stalled',
        `${priority}: no whole frame in ${this.#limits.frameTimeoutMs} ms`,
      )
  }

  #broken(rule: TransportFaultRule, detail: string) {
    if (!this.#closed) this.#events.onBroken(this, rule, detail)
  }

  #onClosed(reason: string) {
    if (this.#closed) return
    this.#closed = true
    for (const priority of PRIORITIES) this.#lanes[priority].reader.stop()
    this.#events.onClosed(this, reason)
  }
}
