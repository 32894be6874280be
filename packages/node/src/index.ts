/**
 * A node: the loop, the write-ahead log, the store, and the API around them.
 *
 * @packageDocumentation
 */
export { Api, type ApiOptions, type ApiRoute } from './api/api.js'
export { ApiError, type ErrorJson } from './api/api-error.js'
export type { BlockSummaryJson } from './api/block-routes.js'
export type { BlockEventJson } from './api/event-streams.js'
export { type ApiLimits, DEFAULT_API_LIMITS } from './api/limits.js'
export type { HealthJson, StatusJson } from './api/node-routes.js'
export type { PlacedOperationJson, SubmissionJson, SubmissionsJson } from './api/operation-routes.js'
export {
  type BlockJson,
  blockBytesFromJson,
  type CertificateJson,
  certificateFromJson,
  certificateToJson,
  type OperationProofJson,
  ProofJsonError,
  proofFromJson,
  proofToJson,
} from './api/proof-json.js'
export { storedBlock } from './blocks-answer.js'
export {
  createDataDirectory,
  type DataDirectory,
  isNodeDirectory,
  type NewDataDirectory,
  readDataDirectory,
  readGenesis,
  writeGenesis,
  writeSettings,
} from './directory/data-directory.js'
export { DirectoryError, type DirectoryRule } from './directory/directory-error.js'
export { DirectoryLock } from './directory/directory-lock.js'
export { type NodeSettings, NodeSettingsError, nodeSettingsFromJson } from './directory/node-settings.js'
export { findFreePorts, isPortFree, PortTakenError } from './directory/ports.js'
export { type JournalRecord, journalCodec } from './log/journal.js'
export { type OpenedLog, WriteAheadLog, type WriteAheadLogOptions } from './log/write-ahead-log.js'
export { LOG_LEVELS, type LogLevel } from './log-output.js'
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
export type { ReplicaLimits, Submission } from './replica/replica.js'
export { BlockStore } from './store/block-store.js'
export { type EpochWindows, type NodeSuite, nodeSuite, type SuiteParts } from './suite.js'
