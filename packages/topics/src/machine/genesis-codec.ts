/** What an organisation begins with, as bytes: the parameters of the rules that a network's genesis names. */
import {
  bytes,
  type Codec,
  DecodeError,
  digest,
  list,
  mapped,
  optional,
  struct,
  text,
  uint,
} from '@mc/protocol/wire'
import { cid } from '../operation/content.js'
import { type DomainParameters, domainParametersCodec } from '../organisation/domain-parameters.js'
import {
  type Attester,
  attesterCodec,
  type ContractType,
  contractTypeCodec,
  type Exception,
  exceptionCodec,
} from '../organisation/office.js'
import {
  GENESIS_DOMAINS,
  type GenesisDomain,
  genesisParameters,
  type Profile,
} from '../organisation/profile.js'
import { oneOf } from '../organisation/topic-kind.js'
import type { Founder, OrganisationGenesis } from './genesis.js'
import { PARAMETERS, type ParameterName } from './parameters.js'

/** Founders of one organisation, at most. */
export const FOUNDERS_MAX = 10_000

/** The name by which a network's genesis asks for these rules. */
export const TOPICS_RULES = 'topics'

interface Written {
  readonly org: Uint8Array
  readonly profile: Profile
  readonly founders: readonly (Omit<Founder, 'seat'> & { readonly seat: Founder['seat'] | undefined })[]
  readonly rules: readonly { readonly domain: GenesisDomain; readonly parameters: DomainParameters }[]
  readonly parameters: readonly { readonly name: ParameterName; readonly value: number }[]
  readonly exceptions: readonly Exception[]
  readonly attesters: readonly Attester[]
  readonly contractTypes: readonly ContractType[]
  readonly modules: readonly { readonly name: string; readonly current: Uint8Array | undefined }[]
}

const seatCodec = struct({
  publicKey: digest,
  name: text({ bytesMax: 64 }),
  addresses: list(text({ bytesMax: 256 }), { max: 8 }),
})

const PARAMETER_NAMES = Object.keys(PARAMETERS).sort() as ParameterName[]

const same = (name: string): ParameterName => {
  if (!Object.hasOwn(PARAMETERS, name))
    throw new DecodeError(`no number of the organisation is named ${name}`)
  return name as ParameterName
}

// By name, not by place: numbers that come later must not move those that were there.
const parameterName: Codec<ParameterName> = mapped(text({ bytesMax: 64 }), { to: same, from: same })

const writtenCodec: Codec<Written> = struct({
  org: digest,
  profile: oneOf(['seed', 'guarded']),
  founders: list(struct({ key: digest, possession: bytes({ max: 128 }), seat: optional(seatCodec) }), {
    max: FOUNDERS_MAX,
  }),
  rules: list(struct({ domain: oneOf(GENESIS_DOMAINS), parameters: domainParametersCodec }), { max: 3 }),
  parameters: list(struct({ name: parameterName, value: uint() }), { max: PARAMETER_NAMES.length }),
  exceptions: list(exceptionCodec, { max: 256 }),
  attesters: list(attesterCodec, { max: 256 }),
  contractTypes: list(contractTypeCodec, { max: 256 }),
  modules: list(struct({ name: text({ bytesMax: 64 }), current: optional(cid) }), { max: 64 }),
})

/** The canonical bytes of what an organisation begins with. Rules that differ from the profile are written out in full. */
export const organisationGenesisCodec: Codec<OrganisationGenesis> = mapped(writtenCodec, {
  to: read,
  from: written,
})

function written({ rules = {}, parameters = {}, founders, ...genesis }: OrganisationGenesis): Written {
  const { org, profile, exceptions = [], attesters = [], contractTypes = [], modules = [] } = genesis
  return {
    org,
    profile,
    founders: founders.map(({ key, possession, seat }) => ({ key, possession, seat })),
    rules: GENESIS_DOMAINS.filter(domain => rules[domain] !== undefined).map(domain => {
      return { domain, parameters: { ...genesisParameters(profile, domain), ...rules[domain] } }
    }),
    parameters: PARAMETER_NAMES.flatMap(name => {
      const value = parameters[name]
      return value === undefined ? [] : [{ name, value }]
    }),
    exceptions,
    attesters,
    contractTypes,
    modules: modules.map(({ name, current }) => ({ name, current })),
  }
}

function read({ rules, parameters, founders, ...rest }: Written): OrganisationGenesis {
  return {
    ...rest,
    founders: founders.map(({ key, possession, seat }) => ({
      key,
      possession,
      ...(seat === undefined ? {} : { seat }),
    })),
    rules: Object.fromEntries(rules.map(({ domain, parameters: of }) => [domain, of])),
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
  }
}
