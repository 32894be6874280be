import { EventEmitter } from 'node:events'
import { nodeCrypto as crypto } from '@mc/crypto/node'
import { readOperation, type TopicsState, topicOperationIds } from '@mc/topics'
import { describe, expect, test } from 'vitest'
import { SeatKeeper, type SeatNode } from '../../src/organisation/seat-keeper.js'

const secretKey = new Uint8Array(32).fill(7)
const publicKey = crypto.ed25519.publicKey(secretKey)
const NOW = 1_700_000_000_000

/** A node whose organisation has one member with this seat, and whose last block is so old. */
function standing({ seat, ageMs = 0 }: { readonly seat: unknown; readonly ageMs?: number }) {
  const said: unknown[] = []
  const ledger = { nextEpoch: 10, tip: { block: { time: NOW - ageMs } } }
  const member = { state: 'active', seat }
  const state = {
    tables: { members: { values: () => [member] }, actors: { at: () => undefined } },
  } as unknown as TopicsState
  const events = new EventEmitter()
  const submit = async ([bytes]: readonly Uint8Array[]) => {
    const operation = readOperation(
      bytes as Uint8Array,
      topicOperationIds(crypto.sha256)(bytes as Uint8Array),
    )
    said.push(typeof operation === 'string' ? operation : operation.statement)
    return []
  }
  const node = { events, submit, ledger } as unknown as SeatNode
  const keeper = new SeatKeeper({ realm: 'village', secretKey, crypto, state: () => state, now: () => NOW })
  const leave = keeper.attend(node)
  return { said, ledger, events, leave, member }
}

describe('a node on its way into the consensus', () => {
  test('says once that it is ready when there is a seat for it and it has caught up', async () => {
    const { said, events, leave } = standing({ seat: { publicKey, isReady: false } })
    events.emit('block')
    await leave()
    expect(said).toEqual([
      { realm: 'village', signer: { type: 'consensus', publicKey }, seq: 0, body: { type: 'ready' } },
    ])
  })

  test('says it again when the ledger does not have it 32 blocks later', async () => {
    const { said, ledger, events, leave } = standing({ seat: { publicKey, isReady: false } })
    ledger.nextEpoch += 31
    events.emit('block')
    ledger.nextEpoch += 1
    events.emit('block')
    await leave()
    expect(said.length).toBe(2)
  })

  test.each([
    ['there is no seat for it', { seat: undefined }],
    ['the seat is another node’s', { seat: { publicKey: new Uint8Array(32), isReady: false } }],
    ['it has said so', { seat: { publicKey, isReady: true } }],
    ['its last block is old: it has not caught up', { seat: { publicKey, isReady: false }, ageMs: 600_000 }],
  ])('says nothing when %s', async (_, where) => {
    const { said, leave } = standing(where)
    await leave()
    expect(said).toEqual([])
  })
})
