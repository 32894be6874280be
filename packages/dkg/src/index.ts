/**
 * Keys that members share, generated without a dealer.
 *
 * @packageDocumentation
 */
export { type DyxAdkgOptions, dyxAdkg } from './dyx/dyx-adkg.js'
export type { DeriveMessage, DyxMessage, SharingMessage } from './dyx/messages.js'
export {
  type EpochCoin,
  initialKeys,
  type KeyEpoch,
  type KeyEvent,
  type KeySchedule,
  keyEpochOf,
  keysAfter,
  keysFrom,
  type SwitchPolicy,
} from './key-epochs.js'
export type {
  GeneratedKey,
  KeyGeneration,
  KeyGenerationInput,
  KeyGenerationOptions,
  KeyGenerationParams,
} from './key-generation.js'
export {
  type AuthoredOperation,
  type LedgerDkg,
  type LedgerDkgInput,
  type LedgerDkgOptions,
  type LedgerDkgOutput,
  ledgerDkg,
} from './ledger/ledger-dkg.js'
export { type OrderedDkgOptions, orderedDkg } from './ledger/ordered-dkg.js'
export type { DealingsNeeded } from './ledger/transcript.js'
export {
  Generation,
  type GenerationEvent,
  type GenerationSetting,
  keySetOfSuite,
  type NeededKey,
} from './network/generation.js'
export { KeyMember, type KeyMemberOptions, type KeyMemberStep } from './network/key-member.js'
export {
  type BoxAnnouncement,
  type GenerationPart,
  type KeyStatement,
  keyOperations,
  PART_BYTES_MAX,
  readKeyStatement,
  signKeyStatement,
} from './network/key-operation.js'
export { type KeyedMachineOptions, type KeyedState, keyedMachine } from './network/keyed-machine.js'
export { NetworkKeys, type NetworkKeysSetting, type SettledBlock } from './network/network-keys.js'
export { plainOperations } from './network/plain-operations.js'
