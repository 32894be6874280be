import { Backoff } from '../backoff.js'
import type { TransportLimits } from '../limits.js'
import type { MemberKey, PeerStats, Priority } from '../transport.js'
import type { Session } from './session.js'

/** A dial on its way: until it is welcomed, refused, or out of time. */
export interface Dial {
  readonly abort: AbortController
  readonly deadline: ReturnType<typeof setTimeout>
}

/** What the mesh remembers of one admitted member or guest: a fixed number of fields. */
export class Member {
  readonly key: MemberKey
  readonly limits: TransportLimits
  /** Not of the configuration: forgotten with its connection. */
  readonly isGuest: boolean
  addresses: readonly string[]
  session: Session | undefined
  dial: Dial | undefined
  redial: ReturnType<typeof setTimeout> | undefined
  bannedUntil = 0
  readonly retries: Backoff
  readonly bans: Backoff
  #connections = 0
  #bytesIn = 0
  #bytesOut = 0
  #framesIn = 0
  #framesOut = 0

  constructor(key: MemberKey, addresses: readonly string[], limits: TransportLimits, isGuest = false) {
    this.key = key
    this.limits = limits
    this.isGuest = isGuest
    this.addresses = addresses
    this.retries = new Backoff(limits.retryFirstMs, limits.retryMsMax)
    this.bans = new Backoff(limits.banFirstMs, limits.banMsMax)
  }

  connected(session: Session): void {
    this.session = session
    this.#connections += 1
  }

  received(frame: Uint8Array): void {
    this.#framesIn += 1
    this.#bytesIn += frame.length
  }

  send(session: Session, priority: Priority, frame: Uint8Array): void {
    this.#framesOut += 1
    this.#bytesOut += frame.length
    session.send(priority, frame)
  }

  /** Ends the dial on its way, if there is one, and the wait for the next. */
  stopDialling(reason: string): void {
    clearTimeout(this.redial)
    this.redial = undefined
    const dial = this.dial
    if (dial === undefined) return
    this.dial = undefined
    clearTimeout(dial.deadline)
    dial.abort.abort(new Error(reason))
  }

  stats(): PeerStats {
    return {
      peer: this.key,
      connected: this.session !== undefined,
      remoteAddress: this.session?.link.remoteAddress,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      bufferedBytes: this.session?.link.bufferedBytes ?? 0,
      reconnects: Math.max(0, this.#connections - 1),
      rttMs: this.session?.rttMs,
    }
  }
}
