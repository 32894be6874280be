/** How an organisation begins. */
import { domainHash, type Sha256 } from '@mc/crypto'
import type { IdentityVerifier } from '@mc/identity'
import { utf8 } from '@mc/protocol/wire'
import { moduleKey } from '../operations/seats.js'
import { genesisDomainId } from '../organisation/domain.js'
import { type DomainParameters, flawOfParameters } from '../organisation/domain-parameters.js'
import type { Member, Seat } from '../organisation/member.js'
import type { Attester, ContractType, Exception, ProtocolModule } from '../organisation/office.js'
import {
  GENESIS_DOMAINS,
  type GenesisDomain,
  GUARDED_NUMBERS,
  genesisParameters,
  type Profile,
} from '../organisation/profile.js'
import { TopicsState } from '../state/topics-state.js'
import type { ParameterName } from './parameters.js'

/** A person that an organisation begins with. */
export interface Founder {
  /** X, and the proof that somebody has it. */
  readonly key: Uint8Array
  readonly possession: Uint8Array
  readonly seat?: Omit<Seat, 'isReady'>
}

/** What an organisation begins with. */
export interface OrganisationGenesis {
  /** 32 bytes that every proof and signature binds: the network's id, say. */
  readonly org: Uint8Array
  readonly profile: Profile
  readonly founders: readonly Founder[]
  /** What differs from the profile, by domain. */
  readonly rules?: { readonly [D in GenesisDomain]?: Partial<DomainParameters> }
  readonly parameters?: { readonly [P in ParameterName]?: number }
  /** Every process that is not democratic from the beginning. */
  readonly exceptions?: readonly Exception[]
  readonly attesters?: readonly Attester[]
  readonly contractTypes?: readonly ContractType[]
  readonly modules?: readonly Pick<ProtocolModule, 'name' | 'current'>[]
}

/** H('mc/member/v1', first key). */
export const memberIdOf = (key: Uint8Array, sha256: Sha256): Uint8Array =>
  domainHash(sha256, 'mc/member/v1', key)

const NAMES: Readonly<Record<GenesisDomain, readonly [zh: string, en: string]>> = {
  constitution: ['章程', 'Constitution'],
  general: ['一般事务', 'General'],
  membership: ['成员', 'Membership'],
}

/**
 * The state before the first block.
 *
 * @throws RangeError if nobody founds it, somebody twice, a key is not proven, or the rules leave a topic without an end.
 */
export function genesisState(
  genesis: OrganisationGenesis,
  { sha256, identity }: { readonly sha256: Sha256; readonly identity: IdentityVerifier },
): TopicsState {
  const { org, founders } = genesis
  if (org.length !== 32) throw new RangeError(`organisation: need 32 bytes, got ${org.length}`)
  if (founders.length === 0) throw new RangeError('organisation: need at least one founder')
  const state = new TopicsState(sha256)
  state.here = BEGINNING
  for (const [at, founder] of founders.entries()) {
    const member = foundingMember(founder, sha256)
    if (state.tables.members.get(member.id) !== undefined)
      throw new RangeError(`organisation: founder ${at} stands there twice`)
    if (!identity.verifyPossession({ org, key: founder.key }, founder.possession)) {
      throw new RangeError(`organisation: founder ${at} has not shown to have its key`)
    }
    state.tables.members.set(member.id, member)
  }
  for (const name of GENESIS_DOMAINS) addDomain(state, genesis, name, sha256)
  addRegisters(state, genesis)
  return state
}

const BEGINNING = {
  epoch: 0,
  clockMs: 0,
  beacon: new Uint8Array(32),
  accepted: 0,
  membershipEpoch: 0,
  boundaryL: 0,
  rings: { revision: 0, proveFloor: 0, renewFloor: 0 },
  week: 0,
  weekEpoch: 0,
  changes: 0,
  schedules: 0,
} as const

function foundingMember({ key, seat }: Founder, sha256: Sha256): Member {
  return {
    id: memberIdOf(key, sha256),
    keys: [{ key, from: 0 }],
    seat: seat && { ...seat, isReady: true },
    state: 'active',
    joinedEpoch: 0,
    frozenBy: [],
    sponsor: undefined,
    guardians: [],
    inSince: 0,
    recovery: undefined,
  }
}

function addDomain(
  state: TopicsState,
  { profile, rules }: OrganisationGenesis,
  name: GenesisDomain,
  sha256: Sha256,
): void {
  const parameters = { ...genesisParameters(profile, name), ...rules?.[name] }
  const flaw = flawOfParameters(parameters)
  if (flaw !== undefined) throw new RangeError(`organisation: domain ${name}: ${flaw}`)
  const id = genesisDomainId(name, sha256)
  const [zh, en] = NAMES[name]
  state.tables.domains.set(id, {
    id,
    names: [
      { language: 'zh-CN', text: zh },
      { language: 'en', text: en },
    ],
    parent: undefined,
    parameters,
    mergedInto: undefined,
    isEntrenched: true,
  })
}

function addRegisters(state: TopicsState, genesis: OrganisationGenesis): void {
  const { tables } = state
  const numbers = { ...(genesis.profile === 'guarded' ? GUARDED_NUMBERS : {}), ...genesis.parameters }
  for (const [name, value] of Object.entries(numbers)) {
    tables.parameters.set(utf8(name), { name, value: value as number })
  }
  for (const one of genesis.exceptions ?? []) tables.exceptions.set(one.id, one)
  for (const one of genesis.attesters ?? []) tables.attesters.set(one.id, one)
  for (const one of genesis.contractTypes ?? []) tables.contractTypes.set(one.cid, one)
  for (const { name, current } of genesis.modules ?? []) {
    tables.modules.set(moduleKey({ name }), { name, current, pending: undefined, probation: undefined })
  }
}
