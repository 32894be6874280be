import { CarReader } from '@ipld/car'
import { blockCid, decodeBlock, exportCar, payloadCid } from '@mc/ledger'
import { expect, test } from 'vitest'
import { batchOf, genesisOf, ledgerOf, sha256 } from './network-of.js'

const batch = batchOf(0)
const { bytes, cid, block } = ledgerOf(genesisOf(4)).apply(batch)
const payloads = batch.payloads.map(one => ({ cid: payloadCid(one.bytes, sha256), bytes: one.bytes }))

test('blocks and payloads in a file that other IPFS tools read', async () => {
  const reader = await CarReader.fromBytes(exportCar([cid], [{ cid, bytes }, ...payloads]))
  expect((await reader.getRoots()).map(String)).toEqual([String(cid)])
  expect(decodeBlock((await reader.get(cid as never))!.bytes)).toEqual(block)
  for (const { cid: name } of block.payloads) {
    const found = (await reader.get(name as never))!.bytes
    expect(payloadCid(found, sha256).equals(name)).toBe(true)
  }
})

test('names are the hashes of what they name', async () => {
  expect(blockCid(bytes, sha256).equals(cid)).toBe(true)
  expect(block.payloads.map(one => String(one.cid))).toEqual(payloads.map(one => String(one.cid)))
})

test('an empty file has its roots', async () => {
  const reader = await CarReader.fromBytes(exportCar([cid], []))
  expect((await reader.getRoots()).map(String)).toEqual([String(cid)])
  expect(await reader.has(cid as never)).toBe(false)
})
