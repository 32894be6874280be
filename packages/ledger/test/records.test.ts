import { digestKey, equalBytes, MerkleLog, merkleLogRoot } from '@mc/crypto'
import {
  CHUNK_ENTRIES,
  proveRecord,
  RECORD_BYTES,
  type RecordProof,
  RecordsState,
  recordEntry,
  recordsRoot,
  type StateMachine,
  verifyRecord,
} from '@mc/ledger'
import { hex, utf8 } from '@mc/protocol/wire'
import { describe, expect, test } from 'vitest'
import {
  configurationOf,
  numbered,
  opaqueRecords,
  publicOf,
  START,
  sha256,
  signed,
  signedRecords,
} from './network-of.js'

const machine = opaqueRecords()
const idOf = (number: number): Uint8Array => machine.operationId(numbered(number))

/** A state with the operations 0 … count − 1. */
function stateOf(count: number): RecordsState {
  const state = new RecordsState(sha256)
  for (let number = 0; number < count; number += 1) state.append(idOf(number), new Uint8Array(32))
  return state
}

const apply = (of: StateMachine<RecordsState>, state: RecordsState, ...operations: readonly Uint8Array[]) =>
  of.apply(state, {
    epoch: 0,
    time: START,
    clock: 0,
    beacon: { label: 'chain', value: sha256() },
    configuration: configurationOf(['ann']),
    operations: operations.map(bytes => ({ proposer: 0, id: of.operationId(bytes), bytes })),
  })

describe('exactly once', () => {
  test('operations stand in the order of the ledger, each once', () => {
    const { state, receipts } = apply(machine, machine.genesis(), numbered(0), numbered(1), numbered(0))
    expect(receipts).toEqual([
      { id: idOf(0), accepted: true, position: 0 },
      { id: idOf(1), accepted: true, position: 1 },
      {
        id: idOf(0),
        accepted: false,
        refusal: { rule: 'ledger/duplicate-operation', detail: 'already on the ledger as number 0' },
      },
    ])
    expect(machine.size(state)).toBe(2)
    expect([1, 2].map(number => machine.isKnown(state, digestKey(idOf(number))))).toEqual([true, false])
  })

  test('a duplicate in a later block is refused as well', () => {
    const { state } = apply(machine, machine.genesis(), numbered(0))
    expect(apply(machine, state, numbered(0)).receipts[0]?.accepted).toBe(false)
  })

  test('a second signature makes no second operation', () => {
    const people = signedRecords()
    const first = signed('ann', 'hello')
    const other = first.slice()
    other.fill(0, other.length - 64)
    const { receipts } = apply(people, people.genesis(), first, other)
    expect(receipts.map(({ accepted }) => accepted)).toEqual([true, false])
  })
})

describe('refused operations leave receipts and nothing else', () => {
  test('a wrong signature, a wrong realm and garbage change neither size nor root', () => {
    const people = signedRecords()
    const forged = signed('ann', 'hello')
    forged[forged.length - 1] = forged[forged.length - 1]! ^ 1
    const { state, receipts } = apply(
      people,
      people.genesis(),
      forged,
      utf8('garbage'),
      new Uint8Array(70_000),
    )
    expect(receipts.map(one => !one.accepted && one.refusal.rule)).toEqual([
      'ledger/wrong-signature',
      'ledger/malformed-operation',
      'ledger/malformed-operation',
    ])
    expect(people.size(state)).toBe(0)
    expect(people.root(state)).toEqual(people.root(people.genesis()))
  })

  test('what a node is told beforehand is what becomes of it', () => {
    const people = signedRecords()
    const { state } = apply(people, people.genesis(), signed('ann', 'hello'))
    for (const bytes of [signed('ann', 'hello'), signed('bob', 'hi'), utf8('x'), new Uint8Array(70_000)]) {
      const told = people.admit(state, bytes)
      const [receipt] = apply(people, state, bytes).receipts
      expect(told).toEqual(receipt?.accepted ? undefined : receipt?.refusal)
    }
  })

  test('opaque operations have a cap too, and it holds when they are agreed', () => {
    const large = new Uint8Array(1_025)
    expect(machine.admit(machine.genesis(), large)?.rule).toBe('ledger/malformed-operation')
    expect(apply(machine, machine.genesis(), large).receipts[0]?.accepted).toBe(false)
  })
})

describe('who wrote what', () => {
  test('an author’s operations are found by position', () => {
    const people = signedRecords()
    const { state } = apply(
      people,
      people.genesis(),
      signed('ann', '1'),
      signed('bob', '2'),
      signed('ann', '3'),
    )
    expect(state.byAuthor(publicOf('ann'))).toEqual([0, 2])
    expect(state.byAuthor(publicOf('bob'))).toEqual([1])
    expect(state.byAuthor(publicOf('eve'))).toEqual([])
    expect(state.entry(1)).toEqual({ id: people.operationId(signed('bob', '2')), author: publicOf('bob') })
  })
})

describe('inclusion proofs', () => {
  const SIZE = 37
  const state = stateOf(SIZE)
  const stateRoot = machine.root(state)
  const verified = (number: number, change: Partial<RecordProof> = {}): boolean =>
    verifyRecord(
      { stateRoot, id: idOf(number), proof: { ...proveRecord(state, idOf(number))!, ...change } },
      sha256,
    )

  test('every position has a proof, and it holds', () => {
    for (let number = 0; number < SIZE; number += 1) expect(verified(number)).toBe(true)
  })

  test('what is not there has no proof', () => {
    expect(proveRecord(state, idOf(SIZE))).toBeUndefined()
  })

  test('the root is the one of the RFC’s log over id and author', () => {
    const log = new MerkleLog(sha256)
    for (let number = 0; number < SIZE; number += 1) log.append(recordEntry(idOf(number), new Uint8Array(32)))
    expect(stateRoot).toEqual(recordsRoot(SIZE, log.root(), sha256))
  })

  test('a proof holds for its operation, its author, its place and its state alone', () => {
    const proof = proveRecord(state, idOf(5))!
    expect(verifyRecord({ stateRoot, id: idOf(6), proof }, sha256)).toBe(false)
    expect(verifyRecord({ stateRoot: new Uint8Array(32), id: idOf(5), proof }, sha256)).toBe(false)
    expect(verified(5, { author: publicOf('ann') })).toBe(false)
    expect(verified(5, { index: 4 })).toBe(false)
    expect(verified(5, { size: SIZE - 1 })).toBe(false)
    expect(verified(5, { logRoot: sha256() })).toBe(false)
    expect(verified(5, { path: proof.path.subarray(32) })).toBe(false)
    expect(verified(5, { path: Uint8Array.of(...proof.path, ...new Uint8Array(32)) })).toBe(false)
  })

  test('every changed bit of a path is noticed', () => {
    const { path } = proveRecord(state, idOf(5))!
    for (let at = 0; at < path.length; at += 1) {
      const forged = path.slice()
      forged[at] = forged[at]! ^ 1
      expect(verified(5, { path: forged })).toBe(false)
    }
  })

  test('no numbers and no bytes throw', () => {
    for (const number of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 60]) {
      expect(verified(5, { index: number })).toBe(false)
      expect(verified(5, { size: number })).toBe(false)
    }
    const bytes = new Uint8Array(31)
    for (const change of [{ author: bytes }, { logRoot: bytes }, { path: bytes }]) {
      expect(verified(5, change)).toBe(false)
    }
    expect(verifyRecord({ stateRoot: bytes, id: bytes, proof: proveRecord(state, idOf(5))! }, sha256)).toBe(
      false,
    )
  })

  test('an earlier root has no proof for a later record', () => {
    const earlier = machine.root(stateOf(5))
    const proof = proveRecord(state, idOf(5))!
    expect(verifyRecord({ stateRoot: earlier, id: idOf(5), proof }, sha256)).toBe(false)
  })
})

describe('snapshots in chunks that are verified one by one', () => {
  const SIZE = 2 * CHUNK_ENTRIES + 100
  const state = stateOf(SIZE)
  const root = machine.root(state)
  const snapshot = machine.snapshot(state)
  const chunks = Array.from({ length: snapshot.chunkCount }, (_, index) => snapshot.chunk(index))

  test('chunks are subtrees of the log: the root over their roots is the root of the log', () => {
    expect(snapshot.chunkCount).toBe(3)
    const roots = [0, 1, 2].map(index =>
      state.log.rangeRoot(index * CHUNK_ENTRIES, Math.min(SIZE, (index + 1) * CHUNK_ENTRIES)),
    )
    expect(merkleLogRoot(roots, sha256)).toEqual(state.log.root())
  })

  test('the restored state has the same root and goes on equally', () => {
    const restored = machine.openSnapshot(snapshot.manifest, root)!.restore(chunks)
    expect(machine.root(restored)).toEqual(root)
    expect(machine.size(restored)).toBe(SIZE)
    const original = stateOf(SIZE)
    for (const one of [restored, original])
      apply(machine, one, numbered(SIZE), numbered(3), numbered(SIZE + 1))
    expect(machine.root(restored)).toEqual(machine.root(original))
    expect(proveRecord(restored, idOf(7))).toEqual(proveRecord(original, idOf(7)))
  })

  test('each chunk is accepted in its place alone', () => {
    const reader = machine.openSnapshot(snapshot.manifest, root)!
    chunks.forEach((chunk, index) => {
      for (let place = -1; place <= chunks.length; place += 1) {
        expect(reader.accepts(place, chunk)).toBe(place === index)
      }
    })
  })

  test('a wrong chunk is refused: a changed byte, a missing entry, an entry too many, nothing', () => {
    const reader = machine.openSnapshot(snapshot.manifest, root)!
    const last = chunks[2]!
    const changed = last.slice()
    changed[70] = changed[70]! ^ 1
    const longer = Uint8Array.of(...last, ...new Uint8Array(RECORD_BYTES))
    for (const wrong of [changed, last.subarray(RECORD_BYTES), last.subarray(1), longer, new Uint8Array(0)]) {
      expect(reader.accepts(2, wrong)).toBe(false)
      expect(() => reader.restore([chunks[0]!, chunks[1]!, wrong])).toThrow(RangeError)
    }
    expect(() => reader.restore(chunks.slice(0, 2))).toThrow(RangeError)
  })

  test('a manifest that does not lead to the certified root opens nothing', () => {
    const { manifest } = snapshot
    expect(machine.openSnapshot(manifest, new Uint8Array(32))).toBeUndefined()
    for (let at = 0; at < manifest.length; at += 1) {
      const forged = manifest.slice()
      forged[at] = forged[at]! ^ 1
      expect(machine.openSnapshot(forged, root)).toBeUndefined()
      expect(machine.openSnapshot(manifest.subarray(0, at), root)).toBeUndefined()
    }
  })

  test('a snapshot stays as it was while the state goes on', () => {
    const growing = stateOf(100)
    const before = machine.snapshot(growing)
    const rootBefore = machine.root(growing)
    for (let number = 100; number < 300; number += 1) growing.append(idOf(number), new Uint8Array(32))
    const reader = machine.openSnapshot(before.manifest, rootBefore)!
    expect(reader.accepts(0, before.chunk(0))).toBe(true)
    expect(machine.size(reader.restore([before.chunk(0)]))).toBe(100)
  })

  test.each([0, 1, CHUNK_ENTRIES - 1, CHUNK_ENTRIES, CHUNK_ENTRIES + 1])('a state of %i records', size => {
    const one = stateOf(size)
    const taken = machine.snapshot(one)
    expect(taken.chunkCount).toBe(Math.ceil(size / CHUNK_ENTRIES))
    const reader = machine.openSnapshot(taken.manifest, machine.root(one))!
    const all = Array.from({ length: taken.chunkCount }, (_, index) => taken.chunk(index))
    expect(hex(machine.root(reader.restore(all)))).toBe(hex(machine.root(one)))
  })

  test('a snapshot hashes no complete chunk again', () => {
    let hashes = 0
    const counted = new RecordsState((...parts) => {
      hashes += 1
      return sha256(...parts)
    })
    for (let number = 0; number < CHUNK_ENTRIES + 100; number += 1)
      counted.append(idOf(number), new Uint8Array(32))
    hashes = 0
    expect(machine.snapshot(counted).chunkCount).toBe(2)
    expect(hashes).toBeLessThanOrEqual(12)
  })

  test('what is handed out can be changed without harm', () => {
    const one = stateOf(10)
    const before = machine.root(one)
    one.entry(3).id.fill(0)
    machine.snapshot(one).chunk(0).fill(0)
    expect(equalBytes(machine.root(one), before)).toBe(true)
    expect(one.position(idOf(3))).toBe(3)
  })
})
