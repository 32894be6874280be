/**
 * What the ledger drives: a deterministic state machine over agreed operations.
 */
import type { Beacon } from './beacon.js'
import type { Configuration } from './configuration.js'
import type { Refusal } from './operation.js'

/** An agreed operation in its place: who proposed it, its id, its bytes. */
export interface OrderedOperation {
  readonly proposer: number
  readonly id: Uint8Array
  /** `digestKey(id)`, for who has it already. */
  readonly key?: string
  readonly bytes: Uint8Array
}

/** What a block brings to the state machine, the same at every member. */
export interface BlockInput {
  readonly epoch: number
  /** Agreed time T and logical clock L, in ms. */
  readonly time: number
  readonly clock: number
  /** R of this block. */
  readonly beacon: Beacon
  /** The configuration that agreed on this block. */
  readonly configuration: Configuration
  /** A configuration that is decided and has not taken force: until it has, no other one can be decided. */
  readonly decided?: Configuration | undefined
  readonly operations: readonly OrderedOperation[]
}

/** What became of one operation. */
export type Receipt =
  | { readonly id: Uint8Array; readonly accepted: true; readonly position: number }
  | { readonly id: Uint8Array; readonly accepted: false; readonly refusal: Refusal }

/** Something that happened in the state, for who follows it; the root commits to what it did, not to the event itself. */
export interface StateEvent {
  /** In kebab case, as the state machine lists them. */
  readonly type: string
  /** What is in JSON: whole numbers, texts (bytes in hexadecimal), lists and records of these. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** What a block led to. */
export interface Applied<State> {
  readonly state: State
  readonly receipts: readonly Receipt[]
  /**
   * The configuration that is to follow the one that agreed on this block, if there is to be one; the ledger says its index, its
   * depth and the epoch in which it takes force. Members that nobody can run make `apply` throw: they are the machine's bug.
   */
  readonly configuration?: Configuration
  /** What happened, in order. */
  readonly events?: readonly StateEvent[]
}

/** A state that can be handed over in verified pieces. */
export interface Snapshot {
  /** Commits to every chunk; small. */
  readonly manifest: Uint8Array
  readonly chunkCount: number
  /** How many of the first chunks are the same in every later snapshot of this state; none unless it says so. */
  readonly settledChunks?: number
  chunk(index: number): Uint8Array
}

/** Takes a snapshot apart again, believing nothing but the state root. */
export interface SnapshotReader<State> {
  readonly chunkCount: number
  /** Whether these bytes are chunk `index`. Total. */
  accepts(index: number, chunk: Uint8Array): boolean
  /**
   * The state, from all chunks in order.
   *
   * @throws RangeError unless each chunk was accepted.
   */
  restore(chunks: readonly Uint8Array[]): State
}

/** When a state wants a block even if nobody has anything to say. */
export interface Wake {
  /** A block at least this often while a deadline is pending, in ms of the members' clocks. */
  readonly heartbeatMs: number
  /** The logical clock in ms at which the next deadline passes; 0 for a step that waits for the next block. */
  readonly dueMs: number
}

/**
 * A state machine. Everything here is a pure function of its arguments: no clock, no randomness, no iteration order that
 * depends on the engine. `apply` consumes the state it is given: go on with the one it returns.
 */
export interface StateMachine<State> {
  readonly name: string
  readonly version: number
  genesis(): State
  /** The id of an operation. Total: any bytes have one. */
  operationId(bytes: Uint8Array): Uint8Array
  /** Whether an operation has been accepted already; `key` is `digestKey` of its id. */
  isKnown(state: State, key: string): boolean
  /**
   * Why an operation would be refused now, or nothing: what a node asks before it takes an operation from a person.
   *
   * Rules named `ledger/…` are about the bytes alone: a member that passes such an operation on is at fault. All others may
   * look different to a member that is behind.
   */
  admit(state: State, bytes: Uint8Array): Refusal | undefined
  apply(state: State, block: BlockInput): Applied<State>
  /**
   * Clocks that members sent as operations of a block instead of in proposals of their own, in ms by member index. They count for
   * the time of that block, unless the member's own proposal is in it. Without it there are none.
   */
  clocks?(
    state: State,
    operations: readonly OrderedOperation[],
    configuration: Configuration,
  ): ReadonlyMap<number, number>
  /** Whether deadlines are pending, which pass in blocks only; without it a state machine has none. */
  wake?(state: State): Wake | undefined
  /** Operations accepted since the genesis. */
  size(state: State): number
  /** Commits to the whole state; 32 bytes. */
  root(state: State): Uint8Array
  snapshot(state: State): Snapshot
  /** Opens somebody's snapshot against a certified root; nothing if the manifest does not lead to it. Total. */
  openSnapshot(manifest: Uint8Array, root: Uint8Array): SnapshotReader<State> | undefined
}
