/**
 * Blocks, seals, state machines, proofs and the light client.
 *
 * @packageDocumentation
 */
export {
  type AgreedTime,
  advanceTime,
  CLOCK_ADVANCE_MS_MAX,
  initialTime,
  reseatMembers,
} from './agreed-time.js'
export {
  advanceBeacon,
  type Beacon,
  type BeaconChain,
  type BeaconLabel,
  type BeaconReveal,
  type BeaconState,
  CHAIN_LINKS,
  initialBeacon,
  OwnBeaconChain,
  reseatChains,
} from './beacon.js'
export {
  type Block,
  BlockError,
  type BlockPayload,
  type BlockSeal,
  decodeBlock,
  encodeBlock,
} from './block.js'
export { exportCar, type NamedBytes } from './car.js'
export {
  type Configuration,
  committeeOf,
  configurationCodec,
  configurationDigest,
  type LedgerCrypto,
  MEMBERS_MAX,
  type Member,
  memberIndex,
} from './configuration.js'
export { type ConfigurationJson, configurationFromJson, configurationToJson } from './configuration-json.js'
export { blockCid, payloadCid } from './content.js'
export {
  type Genesis,
  GenesisError,
  type GenesisRules,
  genesisCodec,
  networkId,
  RULES_BYTES_MAX,
  requireConfiguration,
  requireGenesis,
} from './genesis.js'
export { type GenesisJson, genesisFromJson, genesisToJson, parseGenesis } from './genesis-json.js'
export {
  type AgreedBatch,
  type AppliedBlock,
  Ledger,
  type LedgerOptions,
  type LedgerPosition,
} from './ledger.js'
export { LightClient, type LightClientOptions, type VerifiedBlock } from './light-client.js'
export { MerkleLogIndex } from './merkle-log-index.js'
export {
  BODY_BYTES_MAX,
  type CheckedOperation,
  checkOperation,
  OPERATION_BYTES_MAX,
  type Operation,
  operationCodec,
  operationId,
  operationIds,
  type Refusal,
  signOperation,
  type UnsignedOperation,
} from './operation.js'
export { type OperationFormat, opaqueOperations, signedOperations } from './operation-format.js'
export {
  encodeBody,
  type OperationJson,
  OperationJsonError,
  operationFromJson,
  operationToJson,
} from './operation-json.js'
export { type ProposalHeader, parseProposalHeader, proposalHeaderCodec } from './proposal-header.js'
export {
  type RecordedMachine,
  type RecordedState,
  recorded,
} from './recorded.js'
export { recordedRoot } from './recorded-root.js'
export { proveRecord, type RecordProof, type RecordsOptions, records, verifyRecord } from './records.js'
export { CHUNK_ENTRIES } from './records-snapshot.js'
export { RECORD_BYTES, RecordsState, recordEntry, recordsRoot } from './records-state.js'
export {
  type Certificate,
  type Seal,
  sealStatement,
  sealsToConvince,
  sealsToKeep,
  signSeal,
  verifyCertificate,
  verifySeal,
} from './seal.js'
export { EPOCHS_COLLECTING_MAX, SealCollector, type SealOutcome } from './seal-collector.js'
export type {
  Applied,
  BlockInput,
  OrderedOperation,
  Receipt,
  Snapshot,
  SnapshotReader,
  StateEvent,
  StateMachine,
  Wake,
} from './state-machine.js'
export { type BytesEntry, bytesEntry, type StateEntry } from './state-map/state-entry.js'
export { StateMap } from './state-map/state-map.js'
export {
  type Proven,
  STATE_VALUE_BYTES_MAX,
  type StateBranch,
  type StateProof,
  type StateProofEnd,
  type StateProofStep,
  stateProofCodec,
  verifyStateProof,
} from './state-map/state-proof.js'
export {
  openStateSnapshot,
  STATE_KEY_BYTES_MAX,
  snapshotOfState,
} from './state-map/state-snapshot.js'
