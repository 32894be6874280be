/**
 * What `node.json` says. It may be edited by hand while the node is stopped.
 */

/** Settings of one node. */
export interface NodeSettings {
  /** For people: shown in logs and in its status. */
  readonly name: string
  /** Where members connect, as multiaddr text: `/ip4/127.0.0.1/tcp/4001`. */
  readonly listen: readonly string[]
  readonly api: { readonly host: string; readonly port: number }
}

/** What is wrong with settings, and in which field. */
export class NodeSettingsError extends Error {
  override readonly name = 'NodeSettingsError'
  readonly field: string

  constructor(field: string, need: string) {
    super(`${field}: need ${need}`)
    this.field = field
  }
}

/** Addresses a node may listen on. */
const LISTEN_MAX = 8

/**
 * Settings that a JSON value describes.
 *
 * @throws NodeSettingsError that names the field and what is wanted.
 */
export function nodeSettingsFromJson(value: unknown): NodeSettings {
  const fields = object(value, 'settings')
  const api = object(fields['api'], 'api')
  return {
    name: text(fields['name'], 'name'),
    listen: addresses(fields['listen']),
    api: { host: text(api['host'], 'api.host'), port: port(api['port'], 'api.port') },
  }
}

function object(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NodeSettingsError(field, 'an object')
  return value as Readonly<Record<string, unknown>>
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 256)
    throw new NodeSettingsError(field, 'a text of 1 to 256 characters')
  return value
}

function addresses(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > LISTEN_MAX)
    throw new NodeSettingsError('listen', `a list of 1 to ${LISTEN_MAX} addresses`)
  return value.map((item, at) => address(item, `listen[${at}]`))
}

function address(value: unknown, field: string): string {
  if (typeof value !== 'string' || !/^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d{1,5}$/.test(value))
    throw new NodeSettingsError(field, 'an address like /ip4/127.0.0.1/tcp/4001')
  return value
}

function port(value: unknown, field: string): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 65_535)
    throw new NodeSettingsError(field, 'a port, 0 to 65535')
  return value as number
}
