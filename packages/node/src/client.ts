/**
 * What somebody needs who talks to a node rather than runs one: data directories, the JSON of the API. It loads no network, no
 * store and no server.
 *
 * @packageDocumentation
 */
export type { ErrorJson } from './api/api-error.js'
export type { BlockSummaryJson } from './api/block-routes.js'
export type { NamedConfigurationJson } from './api/configuration-routes.js'
export type { BlockEventJson, StateEventJson } from './api/event-streams.js'
export type { HealthJson, StatusJson } from './api/node-routes.js'
export type {
  PlacedOperationJson,
  RefusedOperationJson,
  SubmissionJson,
  SubmissionsJson,
} from './api/operation-routes.js'
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
export { type BelievedBlock, type BlockSource, believe, type ShownBlock } from './believing.js'
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
export { findFreePorts, isPortFree, PortTakenError, requireFreePorts } from './directory/ports.js'
export { LOG_LEVELS, type LogLevel } from './log-level.js'
