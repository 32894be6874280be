/**
 * A node: the loop, the write-ahead log, the store, and the API around them.
 *
 * @packageDocumentation
 */
export { storedBlock } from './blocks-answer.js'
export { type JournalRecord, journalCodec } from './log/journal.js'
export { type OpenedLog, WriteAheadLog, type WriteAheadLogOptions } from './log/write-ahead-log.js'
export {
  DEFAULT_REPLICA_LIMITS,
  type NamedFault,
  Node,
  type NodeEvents,
  type NodeOptions,
  type NodeStatus,
  type OperationKind,
} from './node.js'
export type { OutboxCounts } from './outbox.js'
export type { ReplicaLimits, Submission } from './replica/replica.js'
export { BlockStore } from './store/block-store.js'
export { type EpochWindows, type NodeSuite, nodeSuite, type SuiteParts } from './suite.js'
