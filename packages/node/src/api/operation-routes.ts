/**
 * Operations: hand in, look up, list.
 */
import { type OperationJson, OperationJsonError, type Refusal } from '@mc/ledger'
import { invariant } from '@mc/protocol'
import { hex } from '@mc/protocol/wire'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { OperationForm } from '../machine.js'
import type { PlacedOperation } from '../reader.js'
import type { Submission } from '../replica/replica.js'
import { ApiError } from './api-error.js'
import type { ApiContext } from './context.js'
import { digestParameter, limitParameter, numberParameter, type Parameters } from './parameters.js'

/** What became of one operation of a request. */
export interface SubmissionJson {
  /** Missing if what came is no operation. */
  readonly id?: string
  readonly taken: boolean
  readonly refusal?: { readonly rule: string; readonly message: string; readonly field?: string }
}

/** The answer to a request that hands in operations; `items` in the order of the request. */
export interface SubmissionsJson {
  readonly taken: number
  readonly refused: number
  readonly items: readonly SubmissionJson[]
}

/** An operation on the ledger. */
export interface PlacedOperationJson {
  readonly id: string
  readonly position: number
  readonly epoch: number
  readonly pending: false
  /** As the network's state machine writes it; an `OperationJson` where it keeps records. */
  readonly operation: OperationJson
}

/** An operation that was agreed on, lately, and not accepted. */
export interface RefusedOperationJson {
  readonly id: string
  readonly pending: false
  readonly refusal: { readonly rule: string; readonly message: string }
}

type Item = { readonly bytes: Uint8Array } | { readonly refused: SubmissionJson }

/** The routes below `/v1/operations`. */
export function operationRoutes(app: FastifyInstance, context: ApiContext): void {
  app.post('/v1/operations', (request, reply) => submit(context, request, reply))
  app.get('/v1/operations', request => list(context, request.query as Parameters))
  app.get('/v1/operations/:id', request => lookUp(context, request.params as Parameters))
}

async function submit(context: ApiContext, { body }: FastifyRequest, reply: FastifyReply) {
  const items = itemsOf(body, context.limits.operationsMax, context.node.form)
  const submissions = [...(await submitTimed(context, items))]
  const answers = items.map(item => ('bytes' in item ? answered(submissions.shift()) : item.refused))
  for (const { refusal } of answers) if (refusal !== undefined) context.metrics.refused(refusal.rule)
  const taken = answers.filter(answer => answer.taken).length
  const refused = answers.length - taken
  reply.code(refused === 0 ? 202 : taken === 0 ? 422 : 207)
  return { taken, refused, items: answers } satisfies SubmissionsJson
}

/** A block may come before the node has said that it takes an operation, so the clock starts first. */
async function submitTimed(
  { node, metrics }: ApiContext,
  items: readonly Item[],
): Promise<readonly Submission[]> {
  const operations = items.flatMap(item => ('bytes' in item ? [item.bytes] : []))
  const isTimed = operations.map(bytes => metrics.begin(node.ledger.machine.operationId(bytes)))
  const submissions = await node.submit(operations).catch(() => {
    throw new ApiError(503, 'api/stopping', 'this node has stopped')
  })
  for (const [index, { taken, id }] of submissions.entries()) if (!taken && isTimed[index]) metrics.forget(id)
  return submissions
}

function itemsOf(body: unknown, max: number, form: OperationForm): readonly Item[] {
  const values = typeof body === 'string' ? linesOf(body) : Array.isArray(body) ? body : [body]
  if (values.length === 0) throw new ApiError(400, 'api/no-operations', 'need at least one operation')
  if (values.length > max) {
    throw new ApiError(413, 'api/too-many-operations', `${values.length} operations, need at most ${max}`)
  }
  return values.map(value => itemOf(value, form))
}

/** A line of a body of lines; what it holds is parsed by itself, so that a bad line spoils no other. */
class Line {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const linesOf = (body: string): readonly Line[] =>
  body
    .split('\n')
    .filter(text => text.trim() !== '')
    .map(text => new Line(text))

function itemOf(value: unknown, form: OperationForm): Item {
  try {
    return { bytes: form.fromJson(value instanceof Line ? JSON.parse(value.text) : value) }
  } catch (error) {
    const field = error instanceof OperationJsonError ? { field: error.field } : {}
    const message = error instanceof Error ? error.message : String(error)
    return { refused: { taken: false, refusal: { rule: 'ledger/malformed-operation', message, ...field } } }
  }
}

function answered(submission: Submission | undefined): SubmissionJson {
  invariant(submission !== undefined, 'every operation is answered')
  const id = hex(submission.id)
  if (submission.taken) return { id, taken: true }
  const { rule, detail } = submission.refusal
  return { id, taken: false, refusal: { rule, message: detail } }
}

async function lookUp({ reader, node, refusals }: ApiContext, parameters: Parameters) {
  const id = digestParameter(parameters, 'id')
  const placed = await reader.operation(id)
  if (placed !== undefined) return placedJson(placed, node.form)
  if (node.isPending(id)) return { id: hex(id), pending: true }
  const refusal = refusals.of(id)
  if (refusal !== undefined) return refusedJson(id, refusal)
  throw new ApiError(404, 'api/not-found', 'no operation with this id is on the ledger or waits here', 'id')
}

const refusedJson = (id: Uint8Array, { rule, detail }: Refusal): RefusedOperationJson => ({
  id: hex(id),
  pending: false,
  refusal: { rule, message: detail },
})

async function list({ node, reader, limits }: ApiContext, query: Parameters) {
  const page = await reader.list({
    from: numberParameter(query, 'from', 0),
    limit: limitParameter(query, 50, limits.pageMax),
    bytesMax: limits.pageBytesMax,
    ...(query['author'] === undefined ? {} : { author: digestParameter(query, 'author') }),
  })
  const operations = page.items.map(item => placedJson(item, node.form))
  return { operations, ...(page.next === undefined ? {} : { next: page.next }) }
}

const placedJson = (
  { id, position, epoch, bytes }: PlacedOperation,
  form: OperationForm,
): PlacedOperationJson => ({
  id: hex(id),
  position,
  epoch,
  pending: false,
  operation: form.toJson(bytes) as OperationJson,
})
