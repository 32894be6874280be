/**
 * The first state machine: it stores operations by author and id, each once, in the order of the ledger.
 *
 * Its state is an append-only Merkle log (RFC 6962) with one entry per operation, `id ‖ author`. The bodies are in the
 * payloads of the blocks; the state holds 64 bytes and an index entry per operation.
 */
import { digestKey, equalBytes, logLeafHash, type Sha256, verifyInclusion } from '@mc/crypto'
import type { Refusal } from './operation.js'
import type { OperationFormat } from './operation-format.js'
import { recordedRoot } from './recorded-root.js'
import { openRecordsSnapshot, snapshotOfRecords } from './records-snapshot.js'
import { RecordsState, recordEntry, recordsRoot } from './records-state.js'
import type { BlockInput, OrderedOperation, Receipt, StateMachine } from './state-machine.js'

/** What `records` is built from. */
export interface RecordsOptions {
  readonly sha256: Sha256
  readonly operations: OperationFormat
}

/** Proof that an operation is record number `index` of `size`; the author stands in it too. */
export interface RecordProof {
  readonly index: number
  readonly size: number
  readonly author: Uint8Array
  /** Root of the log that the state root commits to. */
  readonly logRoot: Uint8Array
  /** Root of what the state holds besides the record, where it is a recorded state's. */
  readonly beside?: Uint8Array | undefined
  /** Concatenated 32-byte siblings, RFC 6962. */
  readonly path: Uint8Array
}

/** The state machine `records` over operations of one format. */
export function records({ sha256, operations: format }: RecordsOptions): StateMachine<RecordsState> {
  const operations = { ...format, id: rememberingLast(bytes => format.id(bytes)) }
  return {
    name: `records/${operations.name}`,
    version: 1,
    genesis: () => new RecordsState(sha256),
    operationId: bytes => operations.id(bytes),
    isKnown: (state, key) => state.positionOf(key) !== undefined,
    admit: (state, bytes) => admit(state, bytes, operations),
    apply: (state, block) => ({ state, receipts: applyBlock(state, block, operations) }),
    size: state => state.size,
    root: state => recordsRoot(state.size, state.log.root(), sha256),
    snapshot: snapshotOfRecords,
    openSnapshot: (manifest, root) => openRecordsSnapshot(manifest, root, sha256),
  }
}

/**
 * Proof that the operation with this id is in the record, or nothing if it is not. O(log size) hashes.
 *
 * @param beside root of what the state holds besides this record.
 */
export function proveRecord(
  state: RecordsState,
  id: Uint8Array,
  beside?: Uint8Array,
): RecordProof | undefined {
  const index = state.position(id)
  if (index === undefined) return undefined
  return {
    index,
    size: state.size,
    author: state.entry(index).author,
    logRoot: state.log.root(),
    beside,
    path: state.log.inclusionProof(index),
  }
}

/** Whether the proof shows the operation with this id in the state with this root. Total. */
export function verifyRecord(
  {
    stateRoot,
    id,
    proof,
  }: { readonly stateRoot: Uint8Array; readonly id: Uint8Array; readonly proof: RecordProof },
  sha256: Sha256,
): boolean {
  const { index, size, author, logRoot, beside, path } = proof
  if (id.length !== 32 || author.length !== 32 || !Number.isSafeInteger(size) || size < 0) return false
  const recordRoot = recordsRoot(size, logRoot, sha256)
  const root = beside === undefined ? recordRoot : recordedRoot(recordRoot, beside, sha256)
  if (!equalBytes(root, stateRoot)) return false
  const leafHash = logLeafHash(recordEntry(id, author), sha256)
  return verifyInclusion({ root: logRoot, index, size, leafHash, proof: path }, sha256)
}

function admit(state: RecordsState, bytes: Uint8Array, operations: OperationFormat): Refusal | undefined {
  const verdict = judge(state, digestKey(operations.id(bytes)), bytes, operations)
  return 'refusal' in verdict ? verdict.refusal : undefined
}

function applyBlock(state: RecordsState, block: BlockInput, operations: OperationFormat): readonly Receipt[] {
  return block.operations.map(operation => applyOperation(state, operation, operations))
}

function applyOperation(
  state: RecordsState,
  { id, key = digestKey(id), bytes }: OrderedOperation,
  operations: OperationFormat,
): Receipt {
  const verdict = judge(state, key, bytes, operations)
  if ('refusal' in verdict) return { id, accepted: false, refusal: verdict.refusal }
  return { id, accepted: true, position: state.append(id, verdict.author) }
}

// What is asked before an operation is proposed and when it is agreed must be the same; the signature costs most and is last.
function judge(
  state: RecordsState,
  key: string,
  bytes: Uint8Array,
  operations: OperationFormat,
): ReturnType<OperationFormat['check']> {
  if (bytes.length > operations.bytesMax) {
    const detail = `${bytes.length} bytes, need at most ${operations.bytesMax}`
    return { refusal: { rule: 'ledger/malformed-operation', detail } }
  }
  const earlier = state.positionOf(key)
  return earlier === undefined ? operations.check(bytes) : { refusal: duplicate(earlier) }
}

/** On its way in, an operation is named several times in a row; its bytes never change. */
function rememberingLast(id: (bytes: Uint8Array) => Uint8Array): (bytes: Uint8Array) => Uint8Array {
  let last: Uint8Array | undefined
  let lastId: Uint8Array | undefined
  return bytes => {
    if (bytes !== last || lastId === undefined) {
      lastId = id(bytes)
      last = bytes
    }
    return lastId
  }
}

const duplicate = (position: number): Refusal => ({
  rule: 'ledger/duplicate-operation',
  detail: `already on the ledger as number ${position}`,
})
