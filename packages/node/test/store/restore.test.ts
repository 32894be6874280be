import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { proposalCodec } from '@mc/abc'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import {
  type Genesis,
  Ledger,
  type LedgerOptions,
  opaqueOperations,
  type RecordsState,
  records,
} from '@mc/ledger'
import type { Epoch, PeerIndex } from '@mc/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyBatch } from '../../src/replica/chain.js'
import { BlockStore } from '../../src/store/block-store.js'
import { CheckpointPace } from '../../src/store/checkpoint-pace.js'
import { restoreLedger } from '../../src/store/restore.js'

const codec = proposalCodec({ operationBytesMax: 64, operationsMax: 8 })
const member = { name: 'one', publicKey: crypto.ed25519.publicKey(new Uint8Array(32).fill(1)), addresses: [] }
const genesis: Genesis = {
  name: 'restored',
  time: 0,
  configuration: { index: 0, firstEpoch: 5, suite: 'any', depth: 1, members: [member] },
}
const options: LedgerOptions<RecordsState> = {
  genesis,
  crypto,
  machine: records({
    sha256: crypto.sha256,
    operations: opaqueOperations({ sha256: crypto.sha256, bytesMax: 64 }),
  }),
}

let directory = ''
let store: BlockStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mc-store-'))
  store = await BlockStore.open(directory)
})

afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

/** Applies and stores so many blocks of one or two operations each, with checkpoints after some of them. */
async function grown(blocks: number, checkpoints: readonly number[]) {
  const ledger = new Ledger(options)
  const totals: number[] = []
  let totalsWritten = 0
  for (let at = 0; at < blocks; at += 1) {
    const epoch = (5 + at) as Epoch
    const operations = Array.from({ length: 1 + (at % 2) }, (_, item) => Buffer.from(`${at}/${item}`))
    const payload = codec.encode({ header: new Uint8Array(0), operations })
    const stored = applyBatch(ledger, codec, epoch, new Map([[0 as PeerIndex, payload]]))
    await store.put(stored)
    totals.push(stored.block.operations)
    if (!checkpoints.includes(at)) continue
    const snapshot = ledger.machine.snapshot(ledger.state)
    await store.checkpoint({ epoch, snapshot, totals, totalsWritten })
    totalsWritten = totals.length
  }
  return { ledger, totals }
}

/** The store, and the epochs that were asked for. */
function watched(): { readonly watching: BlockStore; readonly asked: { from: number[]; payloads: number } } {
  const asked = { from: [] as number[], payloads: 0 }
  const watching = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        if (name === 'blocksFrom') asked.from.push(given[0] as number)
        if (name === 'payload') asked.payloads += 1
        return value.apply(target, given)
      }
    },
  })
  return { watching, asked }
}

describe('a ledger that comes back from the store', () => {
  test.each([
    [0, []],
    [3, []],
    [4, [3]],
    [7, [1, 4]],
  ])('is the same after %i blocks with checkpoints %j', async (blocks, checkpoints) => {
    const { ledger, totals } = await grown(blocks, checkpoints)
    const restored = await restoreLedger(store, options, codec)
    expect(restored.totals).toEqual(totals)
    expect(restored.ledger.nextEpoch).toBe(ledger.nextEpoch)
    expect(restored.ledger.stateRoot()).toEqual(ledger.stateRoot())
    expect(String(restored.ledger.tip?.cid)).toBe(String(ledger.tip?.cid))
  })

  test('reads no block below its last checkpoint, and applies only those behind it', async () => {
    await grown(9, [2, 6])
    const { watching, asked } = watched()
    const { written } = await restoreLedger(watching, options, codec)
    expect(asked).toEqual({ from: [12], payloads: 2 })
    expect(written).toEqual({ blocks: 7, operations: 10 })
  })

  test('counts the operations after every block, over more of them than lie under one key', async () => {
    const { totals } = await grown(1_100, [300, 511, 512, 1_050])
    expect((await restoreLedger(store, options, codec)).totals).toEqual(totals)
  })

  test('stands still at a state that needs content which is not here: what is behind it is fetched again', async () => {
    const { totals } = await grown(6, [1])
    const restored = await restoreLedger(store, options, codec, ({ size }) => size < 5)
    expect(restored.ledger.nextEpoch).toBe(9)
    expect(restored.totals).toEqual(totals.slice(0, 4))
  })

  test('a block that is missing behind the checkpoint is noticed', async () => {
    const { ledger } = await grown(3, [1])
    const payload = codec.encode({ header: new Uint8Array(0), operations: [Buffer.from('late')] })
    for (const epoch of [8, 9]) {
      const stored = applyBatch(ledger, codec, epoch as Epoch, new Map([[0 as PeerIndex, payload]]))
      if (epoch === 9) await store.put(stored)
    }
    await expect(restoreLedger(store, options, codec)).rejects.toThrow('block 8 is in the store')
  })
})

describe('the pace of checkpoints', () => {
  const pace = (): CheckpointPace => new CheckpointPace({ blocks: 100, operations: 5_000 })

  test('32 blocks or 16,384 operations after the last one, another is due', () => {
    expect(pace().isDue({ blocks: 131, operations: 21_383 })).toBe(false)
    expect(pace().isDue({ blocks: 132, operations: 5_000 })).toBe(true)
    expect(pace().isDue({ blocks: 101, operations: 21_384 })).toBe(true)
  })

  test('one that was begun is the last one', () => {
    const after = pace()
    after.begun({ blocks: 132, operations: 6_000 })
    expect([after.blocks, after.isDue({ blocks: 163, operations: 6_000 })]).toEqual([132, false])
  })
})
