/**
 * The beginning of a network: its name, its first configuration, its first moment.
 */
import { digestKey, domainHash, type Sha256 } from '@mc/crypto'
import { bytes, type Codec, optional, struct, text, uint, utf8 } from '@mc/protocol/wire'
import { type Configuration, configurationCodec, MEMBERS_MAX, type Member } from './configuration.js'

/**
 * What all members agree on before the first epoch.
 *
 * `name` is the realm that operations are signed for: choose one that no other network of the same people uses.
 * `time` is the agreed time before the first block, in ms since 1970. Without `rules` the network keeps records.
 */
export interface Genesis {
  readonly name: string
  readonly time: number
  readonly configuration: Configuration
  readonly rules?: GenesisRules | undefined
}

/** Which state machine the operations drive, by name, and what it begins with, in bytes that it alone understands. */
export interface GenesisRules {
  readonly machine: string
  readonly parameters: Uint8Array
}

/** Most that a state machine may begin with: 4 MiB. */
export const RULES_BYTES_MAX: number = 4 * 2 ** 20

const rulesCodec: Codec<GenesisRules> = struct({
  machine: text({ bytesMax: 64 }),
  parameters: bytes({ max: RULES_BYTES_MAX }),
})

/** The canonical bytes of a genesis. */
export const genesisCodec: Codec<Genesis> = struct({
  name: text({ bytesMax: 64 }),
  time: uint(),
  configuration: configurationCodec,
  rules: optional(rulesCodec),
})

/** The identity of a network: the digest of its genesis, addresses left out. */
export function networkId(genesis: Genesis, sha256: Sha256): Uint8Array {
  const members = genesis.configuration.members.map(member => ({ ...member, addresses: [] }))
  const configuration = { ...genesis.configuration, members }
  return domainHash(sha256, 'mc/genesis/v1', genesisCodec.encode({ ...genesis, configuration }))
}

/** What is wrong with a genesis, and in which field. */
export class GenesisError extends Error {
  override readonly name = 'GenesisError'
  /** Where it stands, for example `configuration.members[2].publicKey`. */
  readonly field: string

  constructor(field: string, message: string) {
    super(`${field}: ${message}`)
    this.field = field
  }
}

/**
 * The genesis as it is, once it is known that a network can begin with it.
 *
 * @throws GenesisError unless the name has 1 to 64 bytes and the configuration is one that `requireConfiguration` lets through.
 */
export function requireGenesis(genesis: Genesis): Genesis {
  const { name, time, configuration } = genesis
  requireText('name', name, 1, 64)
  requireNatural('time', time, 0)
  requireConfiguration(configuration)
  if (genesis.rules !== undefined) requireRules(genesis.rules)
  return genesis
}

/**
 * The configuration as it is, once it is known that a network can run it.
 *
 * @throws GenesisError unless the depth is 1 to 64, and there are 1 to 255 members with distinct keys of 32 bytes, all within
 *   the bounds of `configurationCodec`.
 */
export function requireConfiguration(configuration: Configuration): Configuration {
  const { index, firstEpoch, suite, depth, members, keySet } = configuration
  requireNatural('configuration.index', index, 0)
  requireNatural('configuration.firstEpoch', firstEpoch, 0)
  requireText('configuration.suite', suite, 1, 64)
  requireNatural('configuration.depth', depth, 1, 64)
  requireMembers(members)
  if (keySet !== undefined && keySet.length !== 32) {
    throw new GenesisError('configuration.keySet', `need 32 bytes, got ${keySet.length}`)
  }
  return configuration
}

function requireRules({ machine, parameters }: GenesisRules): void {
  requireText('rules.machine', machine, 1, 64)
  if (parameters.length > RULES_BYTES_MAX) {
    throw new GenesisError(
      'rules.parameters',
      `need at most ${RULES_BYTES_MAX} bytes, got ${parameters.length}`,
    )
  }
}

function requireMembers(members: readonly Member[]): void {
  const field = 'configuration.members'
  if (members.length < 1 || members.length > MEMBERS_MAX) {
    throw new GenesisError(field, `need 1 to ${MEMBERS_MAX} members, got ${members.length}`)
  }
  const owners = new Map<string, number>()
  members.forEach((member, at) => {
    requireMember(`${field}[${at}]`, member)
    const key = digestKey(member.publicKey)
    const owner = owners.get(key)
    if (owner !== undefined) {
      throw new GenesisError(
        `${field}[${at}].publicKey`,
        `need distinct keys, this one is members[${owner}]'s`,
      )
    }
    owners.set(key, at)
  })
}

function requireMember(field: string, { name, publicKey, addresses }: Member): void {
  requireText(`${field}.name`, name, 0, 64)
  if (publicKey.length !== 32) {
    throw new GenesisError(`${field}.publicKey`, `need 32 bytes, got ${publicKey.length}`)
  }
  if (addresses.length > 8) {
    throw new GenesisError(`${field}.addresses`, `need at most 8 addresses, got ${addresses.length}`)
  }
  addresses.forEach((address, at) => {
    requireText(`${field}.addresses[${at}]`, address, 1, 256)
  })
}

function requireText(field: string, value: string, min: number, max: number): void {
  const length = encodedLength(value)
  if (length === undefined || length < min || length > max) {
    throw new GenesisError(
      field,
      `need a text of ${min} to ${max} bytes, got ${length ?? 'half of a character'}`,
    )
  }
}

function encodedLength(value: string): number | undefined {
  try {
    return utf8(value).length
  } catch {
    return undefined
  }
}

function requireNatural(
  field: string,
  value: number,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw new GenesisError(field, `need a whole number ${min} to ${max}, got ${value}`)
  }
}
