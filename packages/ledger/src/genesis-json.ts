/**
 * A genesis as people write and pass it on: JSON with hexadecimal keys, the `genesis.json` of a node.
 */
import { hex } from '@mc/protocol/wire'
import { type ConfigurationJson, configurationFrom, configurationToJson } from './configuration-json.js'
import {
  type Genesis,
  GenesisError,
  type GenesisRules,
  genesisCodec,
  RULES_BYTES_MAX,
  requireGenesis,
} from './genesis.js'
import { JsonFields } from './json-fields.js'

/** A genesis in JSON; keys of members are lower-case hexadecimal. */
export interface GenesisJson {
  readonly name: string
  /** Agreed time before the first block, in ms since 1970. */
  readonly time: number
  readonly configuration: ConfigurationJson
  /** The state machine, and what it begins with in hexadecimal; left out where the network keeps records. */
  readonly rules?: { readonly machine: string; readonly parameters: string }
}

/** The JSON form of a genesis. */
export const genesisToJson = ({ name, time, configuration, rules }: Genesis): GenesisJson => ({
  name,
  time,
  configuration: configurationToJson(configuration),
  ...(rules && { rules: { machine: rules.machine, parameters: hex(rules.parameters) } }),
})

/**
 * The genesis that a JSON value describes.
 *
 * @throws GenesisError that names the field, what is wanted, and what was found.
 */
export function genesisFromJson(value: unknown): Genesis {
  const fields = new JsonFields(value, complaint, {
    path: '',
    what: 'genesis',
    wanted: 'an object with name, time, configuration',
  })
  const name = fields.text('name', 64)
  const time = fields.natural('time', { wanted: 'milliseconds since 1970 as a whole number' })
  return requireGenesis({
    name,
    time,
    configuration: configurationFrom(fields.object('configuration')),
    ...(fields.value('rules') !== undefined && { rules: rulesFrom(fields.object('rules')) }),
  })
}

/**
 * The genesis in a file: canonical bytes, or JSON text.
 *
 * @throws GenesisError that names the field, what is wanted, and what was found.
 */
export function parseGenesis(source: Uint8Array | string): Genesis {
  return typeof source === 'string' ? genesisFromJson(jsonOf(source)) : requireGenesis(decoded(source))
}

const complaint = (field: string, wanted: string): GenesisError => new GenesisError(field, wanted)

const rulesFrom = (fields: JsonFields): GenesisRules => ({
  machine: fields.text('machine', 64),
  parameters: fields.bytesUpTo('parameters', RULES_BYTES_MAX),
})

function jsonOf(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    throw complaint('genesis', `not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
}

function decoded(bytes: Uint8Array): Genesis {
  try {
    return genesisCodec.decode(bytes)
  } catch (error) {
    throw complaint(
      'genesis',
      `not a genesis in bytes (${error instanceof Error ? error.message : String(error)})`,
    )
  }
}
