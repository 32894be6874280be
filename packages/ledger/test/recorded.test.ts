import { equalBytes } from '@mc/crypto'
import {
  type BlockInput,
  bytesEntry,
  openStateSnapshot,
  proveRecord,
  type RecordedMachine,
  recorded,
  recordedRoot,
  recordsRoot,
  StateMap,
  snapshotOfState,
  verifyRecord,
  verifyStateProof,
} from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import { configurationOf, numbered, START, sha256 } from './network-of.js'

/** Takes operations that do not begin with `!`, in reverse order, and keeps each under its own bytes. */
const keeper: RecordedMachine<StateMap> = {
  name: 'keeper',
  version: 1,
  genesis: () => new StateMap(sha256),
  operationId: bytes => sha256(bytes),
  author: bytes => sha256(bytes.subarray(0, 1)),
  isKnown: () => false,
  admit: (_, bytes) => (bytes[0] === 33 ? { rule: 'keeper/shouted', detail: 'it shouts' } : undefined),
  apply: (state, { operations }) => ({
    state,
    events: [{ type: 'kept', detail: { count: operations.length } }],
    receipts: [...operations].reverse().map(({ id, bytes }) => {
      const refusal = keeper.admit(state, bytes)
      if (refusal !== undefined) return { id, accepted: false, refusal } as const
      state.put(bytesEntry(bytes, bytes))
      return { id, accepted: true, position: -1 } as const
    }),
  }),
  size: state => state.size,
  root: state => state.root(),
  snapshot: state => snapshotOfState(state),
  openSnapshot: (manifest, root) => openStateSnapshot(manifest, root, sha256),
}

const machine = recorded(keeper, sha256)
const blockOf = (...operations: readonly Uint8Array[]): BlockInput => ({
  epoch: 0,
  time: START,
  clock: 0,
  beacon: { label: 'chain', value: sha256() },
  configuration: configurationOf(['ann']),
  operations: operations.map(bytes => ({ proposer: 0, id: machine.operationId(bytes), bytes })),
})

describe('a machine with a record', () => {
  const loud = utf8('!loud')
  const { state, receipts, events } = machine.apply(
    machine.genesis(),
    blockOf(numbered(0), loud, numbered(1)),
  )

  test('what the machine accepts is recorded in the order in which it took it, and nothing else is', () => {
    expect(receipts.map(receipt => receipt.accepted && receipt.position)).toEqual([0, false, 1])
    expect(state.record.position(machine.operationId(numbered(1)))).toBe(0)
    expect(state.record.position(machine.operationId(loud))).toBeUndefined()
    expect(machine.size(state)).toBe(2)
    expect(events).toEqual([{ type: 'kept', detail: { count: 3 } }])
  })

  test('what is recorded is refused before the machine sees it', () => {
    const again = machine.apply(state, blockOf(numbered(0), numbered(2)))
    expect(again.receipts.map(({ accepted }) => accepted)).toEqual([true, false])
    expect(again.events).toEqual([{ type: 'kept', detail: { count: 1 } }])
    expect(machine.admit(again.state, numbered(2))?.rule).toBe('ledger/duplicate-operation')
    expect(machine.admit(again.state, loud)?.rule).toBe('keeper/shouted')
  })

  test('the root commits to both, and proofs of either lead to it', () => {
    const { record, inner } = state
    const recordRoot = recordsRoot(record.size, record.log.root(), sha256)
    expect(equalBytes(recordedRoot(recordRoot, inner.root(), sha256), machine.root(state))).toBe(true)
    const id = machine.operationId(numbered(0))
    const stateRoot = machine.root(state)
    const proven = proveRecord(record, id, inner.root())!
    expect(verifyRecord({ stateRoot, id, proof: proven }, sha256)).toBe(true)
    const other = { ...proven, beside: recordRoot }
    expect(verifyRecord({ stateRoot, id, proof: other }, sha256)).toBe(false)
    expect(verifyRecord({ stateRoot, id, proof: proveRecord(record, id)! }, sha256)).toBe(false)
    const proof = inner.prove(numbered(0))
    expect(verifyStateProof({ root: inner.root(), key: numbered(0), proof }, sha256)?.isPresent).toBe(true)
  })
})

test('only full chunks of the record are settled: the state inside changes anywhere', () => {
  const few = machine.apply(
    machine.genesis(),
    blockOf(...Array.from({ length: 50 }, (_, at) => numbered(at))),
  )
  expect(machine.snapshot(few.state).settledChunks).toBe(0)
  const many = Array.from({ length: 4_100 }, (_, at) => numbered(at))
  const before = machine.apply(machine.genesis(), blockOf(...many)).state
  const { settledChunks = 0, chunk } = machine.snapshot(before)
  expect(settledChunks).toBe(1)
  const settled = Array.from({ length: settledChunks }, (_, index) => hex(chunk(index)))
  const after = machine.apply(
    before,
    blockOf(...Array.from({ length: 5_000 }, (_, at) => numbered(9_000 + at))),
  )
  const later = machine.snapshot(after.state)
  expect(settled.map((_, index) => hex(later.chunk(index)))).toEqual(settled)
})

describe('its snapshots', () => {
  const { state } = machine.apply(
    machine.genesis(),
    blockOf(...Array.from({ length: 3_000 }, (_, at) => numbered(at))),
  )
  const root = machine.root(state)
  const { manifest, chunkCount, chunk } = machine.snapshot(state)
  const chunks = Array.from({ length: chunkCount }, (_, index) => chunk(index))

  test('lead to the same state', () => {
    const restored = machine.openSnapshot(manifest, root)!.restore(chunks)
    expect(hex(machine.root(restored))).toBe(hex(root))
    expect(machine.size(restored)).toBe(3_000)
  })

  test('are opened by the manifest of their root alone, and refuse the chunk of another place', () => {
    expect(machine.openSnapshot(manifest, sha256(root))).toBeUndefined()
    expect(machine.openSnapshot(manifest.subarray(1), root)).toBeUndefined()
    const reader = machine.openSnapshot(manifest, root)!
    expect(chunks.map((_, index) => reader.accepts(index, chunks[0]!)).filter(Boolean)).toHaveLength(1)
    expect(reader.accepts(chunkCount, chunks[0]!)).toBe(false)
  })
})
