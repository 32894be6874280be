/**
 * Configurations: who decided which blocks, for who follows them from the genesis.
 */
import {
  type Configuration,
  type ConfigurationJson,
  configurationDigest,
  configurationToJson,
} from '@mc/ledger'
import { fromHex, hex } from '@mc/protocol/wire'
import type { FastifyInstance } from 'fastify'
import { ApiError } from './api-error.js'
import type { ApiContext } from './context.js'
import type { Parameters } from './parameters.js'

/** A configuration with its digest, which blocks name it by. */
export interface NamedConfigurationJson extends ConfigurationJson {
  readonly digest: string
}

/** The routes below `/v1/configurations`. */
export function configurationRoutes(app: FastifyInstance, { node }: ApiContext): void {
  app.get('/v1/configurations/:name', async request => {
    const name = nameOf(request.params as Parameters)
    const configuration = await node.configuration(name)
    if (configuration === undefined)
      throw new ApiError(404, 'api/not-found', 'no block here has announced this configuration', 'name')
    return namedJson(configuration, configurationDigest(configuration, node.crypto.sha256))
  })
}

const namedJson = (configuration: Configuration, digest: Uint8Array): NamedConfigurationJson => ({
  ...configurationToJson(configuration),
  digest: hex(digest),
})

/** An index, or a digest. */
function nameOf({ name }: Parameters): number | Uint8Array {
  if (typeof name === 'string' && /^[0-9a-f]{64}$/.test(name)) return fromHex(name)
  if (typeof name === 'string' && /^\d{1,15}$/.test(name)) return Number(name)
  throw new ApiError(400, 'api/bad-parameter', 'name: need an index or 64 hexadecimal digits', 'name')
}
