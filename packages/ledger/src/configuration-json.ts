/**
 * A configuration in JSON, as genesis files hold it and nodes tell it.
 */
import { hex } from '@mc/protocol/wire'
import { type Configuration, MEMBERS_MAX, type Member } from './configuration.js'
import { GenesisError, requireConfiguration } from './genesis.js'
import { JsonFields } from './json-fields.js'

/** A configuration in JSON; keys and digests are lower-case hexadecimal. */
export interface ConfigurationJson {
  readonly index: number
  readonly firstEpoch: number
  readonly suite: string
  readonly depth: number
  readonly members: readonly {
    readonly name: string
    readonly publicKey: string
    readonly addresses: readonly string[]
  }[]
  /** Left out where the suite needs no keys. */
  readonly keySet?: string
}

/** The JSON form of a configuration. */
export const configurationToJson = (configuration: Configuration): ConfigurationJson => {
  const { index, firstEpoch, suite, depth, members, keySet } = configuration
  return {
    index,
    firstEpoch,
    suite,
    depth,
    members: members.map(({ name, publicKey, addresses }) => ({
      name,
      publicKey: hex(publicKey),
      addresses,
    })),
    ...(keySet && { keySet: hex(keySet) }),
  }
}

/**
 * The configuration that a JSON value describes.
 *
 * @throws GenesisError that names the field, what is wanted, and what was found.
 */
export const configurationFromJson = (value: unknown): Configuration =>
  requireConfiguration(configurationFrom(new JsonFields(value, complaint, { path: 'configuration' })))

/** The configuration in the fields of a JSON object, before it is known that a network can run it. */
export const configurationFrom = (fields: JsonFields): Configuration => ({
  index: fields.natural('index'),
  firstEpoch: fields.natural('firstEpoch'),
  suite: fields.text('suite', 64),
  depth: fields.natural('depth', { min: 1, max: 64 }),
  members: fields.list('members', { min: 1, max: MEMBERS_MAX }, memberFrom),
  ...(fields.value('keySet') !== undefined && { keySet: fields.bytes('keySet', 32) }),
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

const complaint = (field: string, wanted: string): GenesisError => new GenesisError(field, wanted)
