/**
 * Blocks: their names, their bytes, their proofs.
 */
import { exportCar, proveRecord } from '@mc/ledger'
import { hex } from '@mc/protocol/wire'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { NamedBlock } from '../reader.js'
import { ApiError } from './api-error.js'
import type { ApiContext } from './context.js'
import { digestParameter, limitParameter, numberParameter, type Parameters } from './parameters.js'
import { blockToJson, certificateToJson, type OperationProofJson, proofToJson } from './proof-json.js'

/** A block in a list. */
export interface BlockSummaryJson {
  readonly epoch: number
  readonly cid: string
  readonly operations: number
  readonly time: number
}

/** The routes below `/v1/blocks` and `/v1/proofs`. */
export function blockRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get('/v1/blocks', request => list(context, request.query as Parameters))
  app.get('/v1/blocks/:name', async request => {
    const block = await named(context, request.params as Parameters)
    return blockToJson(block)
  })
  app.get('/v1/blocks/:name/raw', async (request, reply) => {
    const { bytes, cid } = await named(context, request.params as Parameters)
    return file(reply, 'application/vnd.ipld.dag-cbor', `${cid}.cbor`, bytes)
  })
  app.get('/v1/blocks/:name/certificate', async request => {
    const { block } = await named(context, request.params as Parameters)
    return certificateJson(context, block.epoch)
  })
  app.get('/v1/blocks/:name/car', async (request, reply) => {
    const { block, cid } = await named(context, request.params as Parameters)
    const files = (await context.reader.files(block.epoch)) ?? []
    return file(
      reply,
      'application/vnd.ipld.car',
      `${cid}.car`,
      exportCar(
        [files[0]?.cid].flatMap(one => one ?? []),
        files,
      ),
    )
  })
  app.get('/v1/proofs/:operationId', request => prove(context, request.params as Parameters))
}

async function list({ reader, limits }: ApiContext, query: Parameters) {
  const from = numberParameter(query, 'from', reader.firstEpoch)
  const page = await reader.blocks(from, limitParameter(query, 100, limits.pageMax))
  const blocks = page.items.map(summary)
  return { blocks, ...(page.next === undefined ? {} : { next: page.next }) }
}

const summary = ({ block: { epoch, operations, time }, cid }: NamedBlock): BlockSummaryJson => {
  return { epoch, cid, operations, time }
}

/** The block that an epoch or a CID names. */
async function named({ reader }: ApiContext, parameters: Parameters): Promise<NamedBlock> {
  const name = String(parameters['name'])
  const isEpoch = /^\d{1,15}$/.test(name)
  if (!isEpoch && !/^[a-z2-7]{10,100}$/.test(name))
    throw new ApiError(400, 'api/bad-parameter', 'need an epoch or a CID', 'name')
  const epoch = isEpoch ? Number(name) : await reader.epochOfCid(name)
  const block = epoch === undefined ? undefined : await reader.block(epoch)
  if (block === undefined) throw new ApiError(404, 'api/not-found', `there is no block ${name} here`, 'name')
  return block
}

/** Proves an operation against the state after the last block, whenever it was committed. */
async function prove(context: ApiContext, parameters: Parameters): Promise<OperationProofJson> {
  const { node, reader } = context
  const id = digestParameter(parameters, 'operationId')
  // Tip and state belong together as long as nothing is awaited between them.
  const { tip } = node.ledger
  const proof = tip && proveRecord(node.record, id, node.besideRecord)
  if (tip === undefined || proof === undefined)
    throw new ApiError(404, 'api/not-found', 'no operation with this id is on the ledger', 'operationId')
  const { epoch } = tip.block
  const block = await reader.block(epoch)
  if (block === undefined) throw new Error(`block ${epoch} is in the store`)
  return {
    id: hex(id),
    block: hex(block.bytes),
    cid: block.cid,
    certificate: await certificateJson(context, epoch),
    proof: proofToJson(proof),
  }
}

async function certificateJson({ node }: ApiContext, epoch: number) {
  return certificateToJson((await node.certificate(epoch)) ?? { epoch, seals: [] })
}

function file(reply: FastifyReply, type: string, name: string, bytes: Uint8Array): FastifyReply {
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
