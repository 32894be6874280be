/**
 * What the organisation has decided about its protocol, what this node's software can run, and the word of its operator.
 */
import { hex } from '@mc/protocol/wire'
import type { PendingUpgrade, ProtocolModule, TopicsState } from '@mc/topics'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../api/api-error.js'
import type { ApiContext } from '../api/context.js'
import type { Parameters } from '../api/parameters.js'
import type { Approvals } from './approvals.js'
import { type Json, plainJson } from './plain-json.js'
import type { InstalledModule, Software } from './software.js'
import type { UpgradeKeeper } from './upgrade-keeper.js'

/** What the routes read and change. */
export interface UpgradeRoutesOptions {
  readonly software: Software
  readonly approvals: Approvals
  /** Nothing where the node was given no key to speak with, and before the node runs. */
  readonly keeper: UpgradeKeeper | undefined
  readonly stateOf: (context: ApiContext) => TopicsState
}

/** `GET /v1/organisation/upgrades`, and `POST /v1/organisation/upgrades/:manifest/approval` for who runs the node. */
export function upgradeRoutes(
  app: FastifyInstance,
  context: ApiContext,
  options: UpgradeRoutesOptions,
): void {
  const { software, approvals, stateOf } = options
  app.get('/v1/organisation/upgrades', () => ({
    software: software.modules.map(installedJson),
    modules: stateOf(context)
      .tables.modules.values()
      .map(module => moduleJson(module, options)),
    approved: approvals.manifests.map(hex),
  }))
  app.post('/v1/organisation/upgrades/:manifest/approval', request => {
    const manifest = manifestOf(request.params as Parameters, software)
    approvals.add(manifest)
    options.keeper?.look()
    return { approved: approvals.manifests.map(hex) }
  })
}

const installedJson = ({ kind, name, manifest }: InstalledModule): Json => ({
  kind,
  name,
  manifest: hex(manifest),
})

function moduleJson(module: ProtocolModule, options: UpgradeRoutesOptions): Json {
  const { name, current, pending, probation } = module
  return {
    name,
    ...(current && { current: hex(current), installed: options.software.find(name, current)?.name ?? null }),
    ...(pending && { pending: pendingJson(module, pending, options) }),
    ...(probation && { probation: plainJson(probation) }),
  }
}

const pendingJson = (
  module: ProtocolModule,
  pending: PendingUpgrade,
  { software, keeper }: UpgradeRoutesOptions,
): Json => ({
  ...(plainJson(pending) as { readonly [name: string]: Json }),
  installed: software.find(module.name, pending.manifest)?.name ?? null,
  ...(keeper && { here: keeper.readiness(module, pending) }),
})

// What this software does not have cannot be approved by mistake.
function manifestOf(parameters: Parameters, software: Software): Uint8Array {
  const text = String(parameters['manifest'])
  const module = software.modules.find(({ manifest }) => hex(manifest) === text)
  if (module === undefined) {
    throw new ApiError(404, 'api/not-found', 'this software has no module with that manifest', 'manifest')
  }
  return module.manifest
}
