/**
 * A genesis as people write and pass it on: JSON with hexadecimal keys, the `genesis.json` of a node.
 */
import { hex } from '@mc/protocol/wire'
import { MEMBERS_MAX, type Member } from './configuration.js'
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
  readonly configuration: {
    readonly index: number
    readonly firstEpoch: number
    readonly suite: string
    readonly depth: number
    readonly members: readonly {
      readonly name: string
      readonly publicKey: string
      readonly addresses: readonly string[]
    }[]
  }
  /** The state machine, and what it begins with in hexadecimal; left out where the network keeps records. */
  readonly rules?: { readonly machine: string; readonly parameters: string }
}

/** The JSON form of a genesis. */
export function genesisToJson({ name, time, configuration, rules }: Genesis): GenesisJson {
  const members = configuration.members.map(({ name, publicKey, addresses }) => ({
    name,
    publicKey: hex(publicKey),
    addresses,
  }))
  const { index, firstEpoch, suite, depth } = configuration
  return {
    name,
    time,
    configuration: { index, firstEpoch, suite, depth, members },
    ...(rules && { rules: { machine: rules.machine, parameters: hex(rules.parameters) } }),
  }
}

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
  const configuration = fields.object('configuration')
  return requireGenesis({
    name,
    time,
    configuration: {
      index: configuration.natural('index'),
      firstEpoch: configuration.natural('firstEpoch'),
      suite: configuration.text('suite', 64),
      depth: configuration.natural('depth', { min: 1, max: 64 }),
      members: configuration.list('members', { min: 1, max: MEMBERS_MAX }, memberFrom),
    },
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

function memberFrom(value: unknown, path: string): Member {
  const fields = new JsonFields(value, complaint, { path })
  return {
    name: fields.text('name', 64),
    publicKey: fields.bytes('publicKey', 32),
    addresses: fields.list('addresses', { max: 8 }, (address, at) => {
      if (typeof address !== 'string') throw complaint(at, `need a text, got ${typeof address}`)
      return address
    }),
  }
}

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
