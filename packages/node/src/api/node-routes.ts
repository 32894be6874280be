/**
 * The node itself: who it is, how it is, what it counts.
 */
import { genesisToJson } from '@mc/ledger'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { NodeStatus } from '../node.js'
import type { ApiContext } from './context.js'

/** What everybody may know: nothing but whether this node works. */
export interface HealthJson {
  readonly status: 'ok' | 'joining' | 'quarantined' | 'following' | 'failed'
}

/** The status of a node, for people and programs. */
export interface StatusJson extends NodeStatus {
  readonly api: 1
  readonly uptimeSeconds: number
  readonly sent: { readonly messages: number; readonly frames: number; readonly bytes: number }
}

/** The routes that need the token, but for health. */
export function nodeRoutes(app: FastifyInstance, context: ApiContext): void {
  const { node, metrics } = context
  app.get('/v1/genesis', async () => genesisToJson(node.genesis))
  app.get('/v1/status', async () => statusJson(context))
  app.get('/v1/health', { config: { isPublic: true } }, async (_, reply) => health(node.status, reply))
  app.get('/metrics', async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}

/** The status of a node in JSON. */
export const statusJson = ({ node }: Pick<ApiContext, 'node'>): StatusJson => ({
  api: 1,
  ...node.status,
  uptimeSeconds: Math.floor(process.uptime()),
  sent: node.sent,
})

function health({ state, failure }: NodeStatus, reply: FastifyReply): HealthJson {
  if (failure !== undefined) {
    reply.code(503)
    return { status: 'failed' }
  }
  return { status: state === 'voting' ? 'ok' : state }
}
