/**
 * A node: the loop, the write-ahead log, the store, and the API around them.
 *
 * @packageDocumentation
 */
export { Api, type ApiOptions, type ApiRoute } from './api/api.js'
export { ApiError } from './api/api-error.js'
export { type ApiLimits, DEFAULT_API_LIMITS } from './api/limits.js'
export { storedBlock } from './blocks-answer.js'
export * from './client.js'
export { type JournalRecord, journalCodec } from './log/journal.js'
export { type OpenedLog, WriteAheadLog, type WriteAheadLogOptions } from './log/write-ahead-log.js'
export {
  type MachineParts,
  type NodeMachine,
  type NodeRules,
  type OperationForm,
  recordedMachine,
  recordsMachine,
} from './machine.js'
export { NodeMetrics } from './metrics.js'
export {
  DEFAULT_REPLICA_LIMITS,
  type NamedFault,
  Node,
  type NodeEvents,
  type NodeOptions,
  type NodeStatus,
  type OperationKind,
} from './node.js'
export { NodeService, type NodeServiceOptions } from './node-service.js'
export type { OutboxCounts } from './outbox.js'
export { LedgerReader, type ListQuery, type NamedBlock, type Page, type PlacedOperation } from './reader.js'
export { FrameBuilder, messagesOf, type PeerMessage } from './replica/peer-messages.js'
export { messageCodecOf, type ReplicaLimits, type Submission } from './replica/replica.js'
export { BlockStore } from './store/block-store.js'
export { type EpochWindows, type NodeSuite, nodeSuite, type SuiteMaker, type SuiteParts } from './suite.js'
