/**
 * What the organisation's state holds, to read and to prove: every table, an entry, a ring, a reason, what a program would do.
 *
 * Nothing here says who asks: a person's own entries are found by names that only that person knows.
 */
import { keyDigest } from '@mc/crypto'
import { type RecordedState, recordsRoot, stateProofCodec } from '@mc/ledger'
import { DecodeError, fromHex, hex } from '@mc/protocol/wire'
import {
  PREFIXES,
  programCodec,
  type Table,
  type TopicsMachine,
  type TopicsState,
  tableKey,
  why,
} from '@mc/topics'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../api/api-error.js'
import type { ApiContext } from '../api/context.js'
import { digestParameter, limitParameter, numberParameter, type Parameters } from '../api/parameters.js'
import { type CertificateJson, certificateToJson } from '../api/proof-json.js'
import { type Json, plainJson } from './plain-json.js'

/** An entry of the state, or that there is none, for who knows the genesis. Bytes are hexadecimal. */
export interface StateProofJson {
  readonly table: string
  readonly key: string
  /** The canonical bytes of the block, its certificate, and the two roots that its state root is made of. */
  readonly block: string
  readonly certificate: CertificateJson
  readonly recordRoot: string
  readonly organisationRoot: string
  /** The canonical bytes of a `StateProof`. */
  readonly proof: string
}

/** Longest key of an entry: two ids and a number. */
const KEY_BYTES_MAX = 96

/** What programs of people say about themselves. */
export type Describe = (program: ReturnType<typeof programCodec.decode>, language: string) => string

/** The routes below `/v1/organisation`. */
export function organisationRoutes(
  app: FastifyInstance,
  context: ApiContext,
  organisation: { readonly machine: TopicsMachine; readonly describe: Describe },
): void {
  const { machine, describe } = organisation
  app.get('/v1/organisation', () => overview(stateOf(context)))
  app.get('/v1/organisation/rings', request => ring(context, machine, request.query as Parameters))
  app.get('/v1/organisation/why/:topic', request => reasons(context, request.params as Parameters))
  app.post('/v1/organisation/simulations', request => simulation(context, organisation, request.body))
  app.post('/v1/organisation/descriptions', request => describing(describe, request.body))
  app.get('/v1/organisation/tables/:table', request =>
    list(context, request.params as Parameters, request.query as Parameters),
  )
  app.get('/v1/organisation/tables/:table/:key', request => entry(context, request.params as Parameters))
  app.get('/v1/organisation/proofs/:table/:key', request => prove(context, request.params as Parameters))
}

const stateOf = ({ node }: ApiContext): TopicsState => (node.ledger.state as RecordedState<TopicsState>).inner

function overview(state: TopicsState): Json {
  const { indexes, tables, here } = state
  const counts = Object.fromEntries(
    Object.entries(tables).map(([name, table]: [string, Table<unknown>]) => [name, table.size]),
  )
  return plainJson({ ...here, clock: state.clock, active: indexes.active, present: indexes.present, counts })
}

function tableNamed(context: ApiContext, parameters: Parameters): Table<unknown> {
  const name = String(parameters['table'])
  if (!Object.hasOwn(PREFIXES, name)) {
    const names = Object.keys(PREFIXES).join(', ')
    throw new ApiError(404, 'api/not-found', `there is no table ${name}; there are ${names}`, 'table')
  }
  const tables = stateOf(context).tables as unknown as Readonly<Record<string, Table<unknown>>>
  return tables[name] as Table<unknown>
}

/** Entries by key, ascending; `?FIELD=VALUE` keeps those whose field has that value. */
function list(context: ApiContext, parameters: Parameters, query: Parameters): Json {
  const { from = '', limit: _, ...wanted } = query
  const table = tableNamed(context, parameters)
  const limit = limitParameter(query, 100, context.limits.pageMax)
  const items: Json[] = []
  let last = ''
  for (const key of table.keys()) {
    const name = hex(keyDigest(key))
    if (from !== '' && name <= String(from)) continue
    const value = plainJson(table.at(key)) as { readonly [name: string]: Json }
    if (!Object.entries(wanted).every(([field, text]) => String(value[field]) === text)) continue
    if (items.length === limit) return { items, next: last }
    items.push({ key: name, value })
    last = name
  }
  return { items }
}

function keyParameter(parameters: Parameters): Uint8Array {
  const text = String(parameters['key'])
  if (text.length > 2 * KEY_BYTES_MAX || !/^([0-9a-f]{2})*$/.test(text)) {
    throw new ApiError(400, 'api/bad-parameter', 'key: need up to 96 bytes in lower-case hexadecimal', 'key')
  }
  return fromHex(text)
}

function entry(context: ApiContext, parameters: Parameters): Json {
  const value = tableNamed(context, parameters).get(keyParameter(parameters))
  if (value === undefined) {
    throw new ApiError(404, 'api/not-found', `no entry ${parameters['key']} in ${parameters['table']}`, 'key')
  }
  return plainJson(value)
}

function ring(context: ApiContext, machine: TopicsMachine, query: Parameters): Json {
  const state = stateOf(context)
  const cohort = numberParameter(query, 'cohort', 0)
  const epoch = numberParameter(query, 'epoch', state.here.membershipEpoch)
  const at =
    query['meeting'] === undefined
      ? machine.ring(state, { epoch, cohort })
      : machine.ballotRing(state, digestParameter(query, 'meeting'), cohort)
  if (at === undefined) throw new ApiError(404, 'api/not-found', 'there is no such ring', 'cohort')
  const { revision } = at
  return plainJson({ epoch, revision, cohort, keys: at.ring.keys })
}

function reasons(context: ApiContext, parameters: Parameters): Json {
  const id = digestParameter(parameters, 'topic')
  const answer = why(stateOf(context), id, context.node.crypto.sha256)
  if (answer === undefined) throw new ApiError(404, 'api/not-found', 'no topic with this id', 'topic')
  return plainJson({ topic: hex(id), reasons: answer })
}

function programIn(body: unknown): ReturnType<typeof programCodec.decode> {
  const text = (body as Parameters | null)?.['program']
  try {
    if (typeof text !== 'string') throw new DecodeError('need its bytes in hexadecimal')
    return programCodec.decode(fromHex(text))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ApiError(400, 'api/bad-parameter', `program: ${message}`, 'program')
  }
}

function simulation(
  context: ApiContext,
  { machine, describe }: { readonly machine: TopicsMachine; readonly describe: Describe },
  body: unknown,
): Json {
  const topic = digestParameter((body ?? {}) as Parameters, 'topic')
  const program = programIn(body)
  const outcome = machine.simulate(stateOf(context), topic, program)
  if (outcome === undefined) throw new ApiError(404, 'api/not-found', 'no topic with this id', 'topic')
  const description = { zh: describe(program, 'zh'), en: describe(program, 'en') }
  return plainJson({ ...outcome, description })
}

function describing(describe: Describe, body: unknown): Json {
  const program = programIn(body)
  return { zh: describe(program, 'zh'), en: describe(program, 'en') }
}

/** Proves an entry, or that there is none, against the state after the last block. */
async function prove(context: ApiContext, parameters: Parameters): Promise<StateProofJson> {
  const { node, reader } = context
  const table = tableNamed(context, parameters)
  const key = keyParameter(parameters)
  // Tip and state belong together as long as nothing is awaited between them.
  const { tip } = node.ledger
  if (tip === undefined) throw new ApiError(404, 'api/not-found', 'there is no block yet')
  const { record } = node
  const { map } = stateOf(context)
  const proof = map.prove(tableKey(table.prefix, String.fromCharCode(...key)))
  const recordRoot = recordsRoot(record.size, record.log.root(), node.crypto.sha256)
  const organisationRoot = map.root()
  const { epoch } = tip.block
  const block = await reader.block(epoch)
  if (block === undefined) throw new Error(`block ${epoch} is in the store`)
  return {
    table: table.name,
    key: hex(key),
    block: hex(block.bytes),
    certificate: certificateToJson((await node.certificate(epoch)) ?? { epoch, seals: [] }),
    recordRoot: hex(recordRoot),
    organisationRoot: hex(organisationRoot),
    proof: hex(stateProofCodec.encode(proof)),
  }
}
