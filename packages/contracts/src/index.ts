/**
 * What follows from a topic that passed: actions, simulation, contract code, upgrades.
 *
 * @packageDocumentation
 */
export type { ActionContext, ActionCrypto, Flaw, PossessionVerifier } from './actions/action-context.js'
export { capabilitiesOf, innerActions } from './actions/capabilities.js'
export { memberId, seatStatement } from './actions/member-actions.js'
export { CONTRACT_TYPES_MAX, SCHEDULE_AHEAD_MAX, SCHEDULED_MAX } from './actions/rule-actions.js'
export { parameterOf, staleness } from './actions/staleness.js'
export { flawOfActions, TERM_MAX } from './actions/static-flaw.js'
export { actionsOf } from './code/action-value.js'
export { codeCid, isCodeCid, isCodeOf } from './code/code-cid.js'
export { CODE_BYTES_MAX, type CodeStore, codeStore, MissingCode, missingCode } from './code/code-store.js'
export { CALL_GAS_MAX, INSTRUCTIONS_PER_GAS } from './code/run-contract.js'
export { toValue } from './code/shape.js'
export { parseValue, VALUE_DEPTH_MAX, VALUE_TEXT_MAX, type Value, valueText } from './code/value.js'
export {
  CODE_PARAMETER,
  CONDITION_GAS_MAX,
  type ContractsOptions,
  contractParameters,
  contracts,
  DESCRIPTION_GAS_MAX,
  type Describe,
  VALIDATION_GAS_MAX,
} from './contracts.js'
export { describeActions, type Language, languageOf } from './description/describe-actions.js'
export { conditionIn, PHRASES, type Phrases, sentenceIn } from './description/phrases.js'
export { GAS_PER_ACTION, GAS_PER_BYTE, gasOf } from './execution/batch.js'
export { difference, readable } from './execution/readable.js'
export { type RefusalKind, refusal } from './execution/refusal.js'
export type {
  ContractEntry,
  Oracle,
  Resource,
  Sandbox,
  SandboxCall,
  SandboxOutcome,
} from './sandbox/sandbox.js'
export { type Simulation, type SimulationPlace, simulate } from './simulation.js'
export { isManual, type Manifest, MODULE_KINDS, type ModuleKind, manifestCodec } from './upgrade/manifest.js'
export { type SeatedCommittee, type Seats, seated, withSeat } from './upgrade/seats.js'
export {
  manifestCid,
  SHIPPED_ABI,
  type ShippedModule,
  shippedCid,
  shippedManifest,
} from './upgrade/shipped-module.js'
export {
  advanceUpgrade,
  decidedUpgrade,
  isAvailable,
  isPaused,
  type Migrated,
  PROBATION_BLOCKS,
  type ReadyStatement,
  refuseToStart,
  UPGRADE_LAPSE,
  UPGRADE_LEAD,
  UPGRADE_LEAD_URGENT,
  type Upgrade,
  type UpgradeEvent,
} from './upgrade/upgrade.js'
export {
  EXECUTOR_MODULE,
  executorModule,
  MissingModule,
  type VersionedExecutorOptions,
  versionedExecutor,
} from './upgrade/versioned-executor.js'
