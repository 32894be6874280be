/**
 * A state machine whose accepted operations are also kept as records: what was decided can be proven, and who said what.
 *
 * The record answers "is this on the ledger, and whose is it", the machine inside answers "what did it lead to". The root
 * commits to both.
 */
import { digestKey, equalBytes, type Sha256 } from '@mc/crypto'
import { bytes, type Codec, DecodeError, digest, struct } from '@mc/protocol/wire'
import { recordedRoot } from './recorded-root.js'
import { openRecordsSnapshot, snapshotOfRecords } from './records-snapshot.js'
import { RecordsState, recordsRoot } from './records-state.js'
import type { BlockInput, Receipt, Snapshot, SnapshotReader, StateMachine } from './state-machine.js'

/** A state machine that says whose an operation is. */
export interface RecordedMachine<Inner> extends StateMachine<Inner> {
  /** Who speaks in an operation that was accepted; 32 bytes. */
  author(operation: Uint8Array): Uint8Array
}

/** The records of accepted operations, and the state that they led to. */
export interface RecordedState<Inner> {
  readonly record: RecordsState
  readonly inner: Inner
}

const MANIFEST_BYTES_MAX = 64 * 2 ** 20

const manifestCodec: Codec<{
  readonly recordRoot: Uint8Array
  readonly innerRoot: Uint8Array
  readonly record: Uint8Array
  readonly inner: Uint8Array
}> = struct({
  recordRoot: digest,
  innerRoot: digest,
  record: bytes({ max: MANIFEST_BYTES_MAX }),
  inner: bytes({ max: MANIFEST_BYTES_MAX }),
})

/** The machine with a record beside it. Whatever is in the record already is refused before the machine sees it. */
export function recorded<Inner>(
  machine: RecordedMachine<Inner>,
  sha256: Sha256,
): StateMachine<RecordedState<Inner>> {
  return {
    name: `recorded/${machine.name}`,
    version: machine.version,
    genesis: () => ({ record: new RecordsState(sha256), inner: machine.genesis() }),
    operationId: operation => machine.operationId(operation),
    isKnown: ({ record }, key) => record.positionOf(key) !== undefined,
    admit: ({ record, inner }, operation) => {
      const earlier = record.position(machine.operationId(operation))
      return earlier === undefined ? machine.admit(inner, operation) : duplicate(earlier)
    },
    apply: (state, block) => applyBlock(state, block, machine),
    clocks: ({ inner }, operations, configuration) =>
      machine.clocks?.(inner, operations, configuration) ?? new Map(),
    wake: ({ inner }) => machine.wake?.(inner),
    size: ({ record }) => record.size,
    root: ({ record, inner }) => recordedRoot(rootOf(record, sha256), machine.root(inner), sha256),
    snapshot: state => snapshotOf(state, machine, sha256),
    openSnapshot: (manifest, root) => openSnapshot(manifest, root, machine, sha256),
  }
}

const rootOf = ({ size, log }: RecordsState, sha256: Sha256): Uint8Array =>
  recordsRoot(size, log.root(), sha256)

function applyBlock<Inner>(
  { record, inner }: RecordedState<Inner>,
  block: BlockInput,
  machine: RecordedMachine<Inner>,
): ReturnType<StateMachine<RecordedState<Inner>>['apply']> {
  const again: Receipt[] = []
  const operations = block.operations.filter(({ id, key = digestKey(id) }) => {
    const earlier = record.positionOf(key)
    if (earlier !== undefined) again.push({ id, accepted: false, refusal: duplicate(earlier) })
    return earlier === undefined
  })
  const bytesOf = new Map(operations.map(({ id, bytes }) => [digestKey(id), bytes]))
  const { state, receipts, ...rest } = machine.apply(inner, { ...block, operations })
  const recordedNow = receipts.map(receipt => {
    if (!receipt.accepted) return receipt
    const key = digestKey(receipt.id)
    const author = machine.author(bytesOf.get(key) as Uint8Array)
    return { ...receipt, position: record.append(receipt.id, author) }
  })
  return { ...rest, state: { record, inner: state }, receipts: [...recordedNow, ...again] }
}

function snapshotOf<Inner>(
  { record, inner }: RecordedState<Inner>,
  machine: RecordedMachine<Inner>,
  sha256: Sha256,
): Snapshot {
  const [ofRecord, ofInner] = [snapshotOfRecords(record), machine.snapshot(inner)]
  return {
    manifest: manifestCodec.encode({
      recordRoot: rootOf(record, sha256),
      innerRoot: machine.root(inner),
      record: ofRecord.manifest,
      inner: ofInner.manifest,
    }),
    chunkCount: ofRecord.chunkCount + ofInner.chunkCount,
    settledChunks: ofRecord.settledChunks ?? 0,
    chunk: index =>
      index < ofRecord.chunkCount ? ofRecord.chunk(index) : ofInner.chunk(index - ofRecord.chunkCount),
  }
}

function openSnapshot<Inner>(
  manifest: Uint8Array,
  root: Uint8Array,
  machine: RecordedMachine<Inner>,
  sha256: Sha256,
): SnapshotReader<RecordedState<Inner>> | undefined {
  const parts = partsOf(manifest)
  if (parts === undefined) return undefined
  if (!equalBytes(recordedRoot(parts.recordRoot, parts.innerRoot, sha256), root)) return undefined
  const record = openRecordsSnapshot(parts.record, parts.recordRoot, sha256)
  const inner = machine.openSnapshot(parts.inner, parts.innerRoot)
  if (record === undefined || inner === undefined) return undefined
  const { chunkCount } = record
  return {
    chunkCount: chunkCount + inner.chunkCount,
    accepts: (index, chunk) =>
      index < chunkCount ? record.accepts(index, chunk) : inner.accepts(index - chunkCount, chunk),
    restore: chunks => ({
      record: record.restore(chunks.slice(0, chunkCount)),
      inner: inner.restore(chunks.slice(chunkCount)),
    }),
  }
}

function partsOf(manifest: Uint8Array): ReturnType<typeof manifestCodec.decode> | undefined {
  try {
    return manifestCodec.decode(manifest)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const duplicate = (position: number) => ({
  rule: 'ledger/duplicate-operation' as const,
  detail: `already on the ledger as number ${position}`,
})
