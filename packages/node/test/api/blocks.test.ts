import { nodeCrypto as crypto } from '@mc/crypto/node'
import { decodeBlock, genesisFromJson, LightClient } from '@mc/ledger'
import { blockBytesFromJson, certificateFromJson, ProofJsonError, proofFromJson } from '@mc/node'
import { fromHex } from '@mc/protocol/wire'
import { expect, test } from 'vitest'
import { committed, operation, type Served, serve } from './harness.js'

const LINES_TYPE = { 'content-type': 'application/x-ndjson' }

async function withBlocks(count: number): Promise<Served> {
  const served = await serve()
  for (let at = 0; at < count; at += 1) {
    await served.call('POST', '/v1/operations', { headers: LINES_TYPE, body: operation(at).line })
    await committed(served, at + 1)
  }
  return served
}

test('blocks are listed in pages and found by epoch and by CID', async () => {
  const { call } = await withBlocks(3)
  const first = await call('GET', '/v1/blocks?limit=2')
  expect(first.json.blocks).toMatchObject([
    { epoch: 0, operations: 1 },
    { epoch: 1, operations: 2 },
  ])
  const second = await call('GET', `/v1/blocks?from=${first.json.next}`)
  expect(second.json.blocks).toHaveLength(1)
  expect(second.json.next).toBeUndefined()
  const { json: byEpoch } = await call('GET', '/v1/blocks/1')
  const { json: byCid } = await call('GET', `/v1/blocks/${byEpoch.cid}`)
  expect(byCid).toEqual(byEpoch)
  expect(byEpoch.previous).toBe(first.json.blocks[0].cid)
  for (const name of ['3', '999999', 'bafyreiaaaaaaaaaa'])
    expect((await call('GET', `/v1/blocks/${name}`)).status).toBe(404)
  expect((await call('GET', '/v1/blocks/..%2f')).status).toBe(400)
})

test('the bytes of a block are those that its CID names, and its CAR holds block and payloads', async () => {
  const { call } = await withBlocks(1)
  const raw = await call('GET', '/v1/blocks/0/raw')
  expect(raw.headers['content-type']).toBe('application/vnd.ipld.dag-cbor')
  const block = decodeBlock(raw.bytes)
  expect(block.operations).toBe(1)
  const car = await call('GET', '/v1/blocks/0/car')
  expect(car.bytes.includes(raw.bytes)).toBe(true)
  expect(car.bytes.includes(Buffer.from(operation(0).bytes))).toBe(true)
})

test('a light client that knows the genesis only verifies the last block and an operation through the API', async () => {
  const { call } = await withBlocks(3)
  const genesis = genesisFromJson((await call('GET', '/v1/genesis')).json)
  const { id } = operation(1)
  const { json } = await call('GET', `/v1/proofs/${id}`)
  const light = new LightClient({ genesis, crypto })
  const verified = light.verifyBlock(blockBytesFromJson(json.block), certificateFromJson(json.certificate))
  expect(verified.verified).toBe(true)
  if (!verified.verified) return
  expect(String(verified.cid)).toBe(json.cid)
  expect(verified.block.epoch).toBe(2)
  const proof = proofFromJson(json.proof)
  expect(light.verifyInclusion(verified.block, fromHex(id), proof)).toBe(true)
  expect(light.verifyInclusion(verified.block, fromHex(operation(2).id), proof)).toBe(false)
  expect((await call('GET', `/v1/proofs/${'0'.repeat(64)}`)).status).toBe(404)
  const { json: certificate } = await call('GET', '/v1/blocks/2/certificate')
  expect(certificate).toEqual(json.certificate)
})

test('what is no proof is named by its field', () => {
  const good = { index: 0, size: 1, author: '00'.repeat(32), logRoot: '00'.repeat(32), path: '' }
  expect(proofFromJson(good).size).toBe(1)
  for (const [field, value] of [
    ['index', -1],
    ['size', 1.5],
    ['author', '00'],
    ['logRoot', 'ZZ'.repeat(32)],
    ['path', 'abc'],
  ]) {
    expect(() => proofFromJson({ ...good, [String(field)]: value })).toThrow(
      expect.objectContaining({ field }) as Error,
    )
  }
  expect(() => certificateFromJson({ epoch: 1, seals: Array.from({ length: 256 }, () => ({})) })).toThrow(
    ProofJsonError,
  )
  expect(() => certificateFromJson(null)).toThrow(ProofJsonError)
  expect(() => blockBytesFromJson(7)).toThrow(ProofJsonError)
})
