/**
 * Reads what the state of an organisation holds, from one node.
 *
 * Nothing here proves anything: `mc verify` does.
 */
import { genesisFromJson } from '@mc/ledger'
import type { StateProofJson } from '@mc/node/organisation'
import { hex } from '@mc/protocol/wire'
import type {
  Actor,
  Ballot,
  ContractType,
  Domain,
  Evaluation,
  Exception,
  Execution,
  FreezeCase,
  Freezer,
  Ledgerwise,
  Mandate,
  Meeting,
  Member,
  Parameter,
  Participant,
  Proposal,
  ProtocolModule,
  Reason,
  RegistryEntry,
  Topic,
  Vouch,
} from '@mc/topics'
import type { ApiClient } from '../client/api-client.js'
import { CommandError } from '../terminal/failure.js'
import { organisationIn } from './founding.js'

/** A value as it stands in JSON: bytes in hexadecimal, what is undefined left out. */
export type Plain<T> = T extends Uint8Array
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends object
      ? PlainRecord<T>
      : T

type PlainRecord<T> = {
  readonly [K in keyof T as undefined extends T[K] ? never : K]: Plain<T[K]>
} & {
  readonly [K in keyof T as undefined extends T[K] ? K : never]?: Plain<Exclude<T[K], undefined>>
}

/** The tables that commands read. */
export interface TableRows {
  readonly members: Member
  readonly domains: Domain
  readonly mandates: Mandate
  readonly exceptions: Exception
  readonly contractTypes: ContractType
  readonly modules: ProtocolModule
  readonly parameters: Parameter
  readonly registry: RegistryEntry
  readonly topics: Topic
  readonly participants: Participant
  readonly meetings: Meeting
  readonly proposals: Proposal
  readonly ballots: Ballot
  readonly cases: FreezeCase
  readonly freezers: Freezer
  readonly evaluations: Evaluation
  readonly actors: Actor
  readonly vouches: Vouch
}

/** The name of a table. */
export type TableName = keyof TableRows

/** A row of a table, as JSON. */
export type RowJson<T extends TableName> = Plain<TableRows[T]>

/** Where the organisation stands. */
export interface OverviewJson extends Plain<Ledgerwise> {
  /** L in seconds. */
  readonly clock: number
  /** Active members, and members. */
  readonly active: number
  readonly present: number
  readonly counts: Readonly<Record<string, number>>
}

/** The keys of a ring, and as of which revision. */
export interface RingJson {
  readonly epoch: number
  readonly revision: number
  readonly cohort: number
  readonly keys: readonly string[]
}

/** What a program would do, or why it may not be proposed. */
export interface SimulationJson {
  readonly refusal?: { readonly rule: string; readonly detail: string }
  readonly capabilities?: readonly string[]
  readonly execution?: Plain<Execution>
  readonly description: Readonly<Record<'zh' | 'en', string>>
}

/** Rows of one request. */
const PAGE = 1_000

/** The organisation's part of a node's API. Methods throw CommandError as those of `ApiClient`. */
export class OrganisationClient {
  readonly api: ApiClient

  constructor(api: ApiClient) {
    this.api = api
  }

  /** The id of the organisation in the genesis that this node has, in hexadecimal. */
  async organisationId(): Promise<string> {
    const genesis = genesisFromJson(await this.api.get('/v1/genesis'))
    return hex(organisationIn(genesis).org)
  }

  overview(): Promise<OverviewJson> {
    return this.api.get('/v1/organisation')
  }

  /** All rows whose fields have these values, ascending by key. */
  async table<T extends TableName>(
    name: T,
    where: Readonly<Record<string, string>> = {},
  ): Promise<readonly RowJson<T>[]> {
    const rows: RowJson<T>[] = []
    let from = ''
    do {
      const query = new URLSearchParams({ ...where, limit: String(PAGE), ...(from === '' ? {} : { from }) })
      const page = await this.api.get<Page<RowJson<T>>>(`/v1/organisation/tables/${name}?${query}`)
      rows.push(...page.items.map(({ value }) => value))
      from = page.next ?? ''
    } while (from !== '')
    return rows
  }

  /** The row under a key, in hexadecimal; nothing if there is none. */
  async entry<T extends TableName>(name: T, key: string): Promise<RowJson<T> | undefined> {
    return optional(this.api.get<RowJson<T>>(`/v1/organisation/tables/${name}/${key}`))
  }

  /** The newest ring of members for topics of a membership epoch; nothing if there is no such cohort. */
  async ring(epoch: number, cohort = 0): Promise<RingJson | undefined> {
    return optional(this.api.get<RingJson>(`/v1/organisation/rings?epoch=${epoch}&cohort=${cohort}`))
  }

  /** The ring of a meeting's voters; nothing if there is no such cohort. */
  async ballotRing(meeting: string, cohort = 0): Promise<RingJson | undefined> {
    return optional(this.api.get<RingJson>(`/v1/organisation/rings?meeting=${meeting}&cohort=${cohort}`))
  }

  /** Why a topic stands where it stands. */
  async why(topic: string): Promise<readonly Plain<Reason>[]> {
    const { reasons } = await this.api.get<{ readonly reasons: readonly Plain<Reason>[] }>(
      `/v1/organisation/why/${topic}`,
    )
    return reasons
  }

  /** What a program would do if it won this topic now; `program` is its canonical bytes in hexadecimal. */
  simulate(topic: string, program: string): Promise<SimulationJson> {
    return this.api.post('/v1/organisation/simulations', { topic, program })
  }

  /** What a program says about itself. */
  describe(program: string): Promise<Readonly<Record<'zh' | 'en', string>>> {
    return this.api.post('/v1/organisation/descriptions', { program })
  }

  /** What shows an entry, or that there is none, to who knows the genesis. */
  proof(table: string, key: string): Promise<StateProofJson> {
    return this.api.get(`/v1/organisation/proofs/${table}/${key}`)
  }
}

interface Page<Row> {
  readonly items: readonly { readonly key: string; readonly value: Row }[]
  readonly next?: string
}

async function optional<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof CommandError && error.rule === 'api/not-found') return undefined
    throw error
  }
}
