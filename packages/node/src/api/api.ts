/**
 * The HTTP API of a node: on the loopback address, for who has the token.
 */

import type { AppliedBlock } from '@mc/ledger'
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  fastify,
  type HTTPMethods,
} from 'fastify'
import { ApiError, errorJson } from './api-error.js'
import { blockRoutes } from './block-routes.js'
import { configurationRoutes } from './configuration-routes.js'
import type { ApiContext } from './context.js'
import { EventStreams } from './event-streams.js'
import { Guard } from './guard.js'
import { type ApiLimits, DEFAULT_API_LIMITS } from './limits.js'
import { nodeRoutes } from './node-routes.js'
import { operationRoutes } from './operation-routes.js'
import type { Parameters } from './parameters.js'
import { RecentRefusals } from './recent-refusals.js'

/** What an API is made of. */
export interface ApiOptions extends Omit<ApiContext, 'limits' | 'refusals'> {
  /** What callers must show; 256 random bits in hexadecimal. */
  readonly token: string
  /** Where to listen; 127.0.0.1 unless you know why not. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** Origins of pages that may call beside the API's own; none by default. */
  readonly origins?: readonly string[]
  readonly limits?: Partial<ApiLimits>
  /** Routes of the state machine that the node runs. */
  readonly routes?: ((app: FastifyInstance, context: ApiContext) => void) | undefined
}

/** One route, as a test enumerates them. */
export interface ApiRoute {
  readonly method: HTTPMethods
  readonly url: string
  /** Whether it answers without the token. */
  readonly isPublic: boolean
}

/** A running API. */
export class Api {
  readonly host: string
  readonly port: number
  readonly routes: readonly ApiRoute[]
  readonly #app: FastifyInstance
  readonly #streams: EventStreams

  private constructor(
    app: FastifyInstance,
    streams: EventStreams,
    address: { host: string; port: number },
    routes: readonly ApiRoute[],
  ) {
    this.#app = app
    this.#streams = streams
    this.host = address.host
    this.port = address.port
    this.routes = routes
  }

  /**
   * Listens.
   *
   * @throws Error with code `EADDRINUSE` if the port is taken.
   */
  static async start(options: ApiOptions): Promise<Api> {
    const { token, host, port, origins = [], limits: chosen, routes: more, ...rest } = options
    const limits = { ...DEFAULT_API_LIMITS, ...chosen }
    const refusals = new RecentRefusals()
    const onBlock = (block: AppliedBlock): void => refusals.onBlock(block)
    rest.node.events.on('block', onBlock)
    const context: ApiContext = { ...rest, limits, refusals }
    const app = server(limits)
    const routes = collectRoutes(app)
    const streams = new EventStreams(context.node, limits)
    // The port is known, and so the guard, before the first request is heard.
    let guard: Guard | undefined
    app.addHook('onRequest', async request => {
      if (guard === undefined) throw new ApiError(503, 'api/starting', 'try again in a moment')
      guard.check(guarded(request))
    })
    app.addHook('onSend', async (_, reply) => {
      reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
    })
    answerErrors(app, context)
    operationRoutes(app, context)
    blockRoutes(app, context)
    configurationRoutes(app, context)
    nodeRoutes(app, context)
    eventRoutes(app, streams)
    more?.(app, context)
    app.addHook('onClose', async () => {
      context.node.events.off('block', onBlock)
    })
    try {
      await app.listen({ host, port, exclusive: true })
    } catch (error) {
      streams.close()
      await app.close()
      throw error
    }
    const address = app.server.address()
    const bound = typeof address === 'object' && address !== null ? address.port : port
    guard = new Guard({ token, host, port: bound, origins, limits, now: () => performance.now() })
    return new Api(app, streams, { host, port: bound }, routes)
  }

  /** Where it listens, as the beginning of a URL. */
  get url(): string {
    return `http://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`
  }

  /** Ends running requests and closes. */
  async stop(): Promise<void> {
    this.#streams.close()
    await this.#app.close()
  }
}

function server(limits: ApiLimits): FastifyInstance {
  const app = fastify({
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: 2 * limits.requestTimeoutMs,
    keepAliveTimeout: 5_000,
    http: { headersTimeout: limits.headersTimeoutMs, maxHeaderSize: 16_384 },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 128 },
    logger: false,
  })
  app.server.maxConnections = limits.connectionsMax
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser(
    'application/x-ndjson',
    { parseAs: 'string' },
    async (_: unknown, body: string) => body,
  )
  return app
}

function collectRoutes(app: FastifyInstance): readonly ApiRoute[] {
  const routes: ApiRoute[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) routes.push({ method: one, url, isPublic: isPublic(config) })
  })
  return routes
}

const isPublic = (config: unknown): boolean =>
  (config as { isPublic?: boolean } | undefined)?.isPublic === true

function guarded({ headers, routeOptions }: FastifyRequest) {
  const { host, origin, authorization } = headers
  return { host, origin, authorization, isPublic: isPublic(routeOptions.config) }
}

function eventRoutes(app: FastifyInstance, streams: EventStreams): void {
  app.get('/v1/events', (request, reply) => {
    streams.requireRoom()
    reply.hijack()
    streams.open(reply.raw, (request.query as Parameters)['ids'] === '1')
  })
}

function answerErrors(app: FastifyInstance, { log }: ApiContext): void {
  app.setNotFoundHandler((_, reply) => {
    reply.code(404).send(errorJson(new ApiError(404, 'api/no-route', 'there is nothing under this address')))
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = error instanceof ApiError ? error : ofFastify(error)
    if (known.status === 401) reply.header('www-authenticate', 'Bearer')
    if (known.status >= 500) log.error({ err: error, url: request.routeOptions.url }, 'a request failed')
    reply.code(known.status).send(errorJson(known))
  })
}

/** An error of the HTTP layer in our words; what we did not foresee is told to nobody but the log. */
function ofFastify({ code, statusCode, message }: FastifyError): ApiError {
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ApiError(413, 'api/body-too-large', message)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const wanted = 'need Content-Type application/json or application/x-ndjson'
    return new ApiError(415, 'api/unsupported-media-type', wanted)
  }
  if (statusCode !== undefined && statusCode < 500)
    return new ApiError(statusCode, 'api/malformed-request', message)
  return new ApiError(500, 'api/internal', 'this node failed to answer; its log says why')
}
