/**
 * Who may call: the right Host, no foreign Origin, the token, not too often. Checked before a body is read.
 *
 * The Host list keeps out pages that were rebound to this machine by DNS, the Origin list keeps out pages of other sites, and
 * there is no cookie that a browser could add on its own.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { ApiError } from './api-error.js'
import type { ApiLimits } from './limits.js'

/** What a guard is made of. */
export interface GuardOptions {
  /** What callers must show as `Authorization: Bearer …`. */
  readonly token: string
  readonly host: string
  readonly port: number
  /** Origins of pages that may call beside our own. */
  readonly origins: readonly string[]
  readonly limits: Pick<ApiLimits, 'requestsPerSecond' | 'requestsBurst'>
  /** Milliseconds, ascending. */
  readonly now: () => number
}

/** The parts of a request that decide whether it is let in. */
export interface GuardedRequest {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly authorization: string | undefined
  /** Whether the route is open to who has no token. */
  readonly isPublic: boolean
}

/** Lets requests in, or says why not. */
export class Guard {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>
  readonly #token: Buffer
  readonly #options: GuardOptions
  #tokens: number
  #filledAt: number

  constructor(options: GuardOptions) {
    const { host, port, origins, token, limits, now } = options
    const hosts = ['127.0.0.1', 'localhost', '[::1]', host.includes(':') ? `[${host}]` : host]
    this.#options = options
    this.#hosts = new Set(hosts.map(name => `${name}:${port}`))
    this.#origins = new Set([...origins, ...[...this.#hosts].map(name => `http://${name}`)])
    this.#token = digest(token)
    this.#tokens = limits.requestsBurst
    this.#filledAt = now()
  }

  /** @throws ApiError 403 for a wrong Host or Origin, 401 without the token, 429 if calls come too fast. */
  check({ host, origin, authorization, isPublic }: GuardedRequest): void {
    if (host === undefined || !this.#hosts.has(host.toLowerCase())) {
      throw new ApiError(403, 'api/host-not-allowed', 'this API answers under its own address only')
    }
    if (origin !== undefined && !this.#origins.has(origin)) {
      throw new ApiError(403, 'api/origin-not-allowed', 'pages of other origins may not call this API')
    }
    if (!isPublic && !this.#isAuthorized(authorization)) {
      const advice = 'send "Authorization: Bearer TOKEN" with the text of the file api-token'
      throw new ApiError(401, 'api/unauthorized', advice)
    }
    this.#spend()
  }

  #isAuthorized(authorization: string | undefined): boolean {
    const match = /^bearer +(\S+)$/i.exec(authorization ?? '')
    // Digests have one length, so the comparison takes the same time whatever was sent.
    return match?.[1] !== undefined && timingSafeEqual(digest(match[1]), this.#token)
  }

  #spend(): void {
    const { requestsPerSecond, requestsBurst } = this.#options.limits
    const now = this.#options.now()
    const gained = ((now - this.#filledAt) / 1_000) * requestsPerSecond
    this.#tokens = Math.min(requestsBurst, this.#tokens + gained)
    this.#filledAt = now
    if (this.#tokens < 1) {
      throw new ApiError(429, 'api/too-many-requests', `at most ${requestsPerSecond} requests per second`)
    }
    this.#tokens -= 1
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
