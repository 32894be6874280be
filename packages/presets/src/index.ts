/**
 * Systems named by their papers, each a few lines of composition.
 *
 * @packageDocumentation
 */
export {
  type Family,
  type Holds,
  PARTS,
  type PartEntry,
  type PartRole,
  PRESETS,
  type PresetEntry,
  type SetUp,
  type Status,
} from './catalogue.js'
export { abaNames, rabaNames, type SaidNames, suiteNames } from './compose/check-names.js'
export {
  type ComposeSuiteOptions,
  type CompositionOptions,
  composeAba,
  composeAcs,
  composedName,
  composeRaba,
  composeSuite,
} from './compose/compose.js'
export {
  type AbaNames,
  type AgreementNames,
  type CommonCoinAgreement,
  type CommonCoinName,
  type DispersalNames,
  NAMES,
  type NameOf,
  type Place,
  type RabaNames,
  type RbcNames,
  type SubsetNames,
  type SuiteNames,
} from './compose/names.js'
export { type DispersedLedgerMessage, dispersedLedger } from './dispersed-ledger.js'
export { type FinMessage, fin } from './fin.js'
export {
  type Beat1Message,
  type Beat2Message,
  beat0,
  beat1,
  beat2,
  type EpicMessage,
  epic,
  type HoneyBadgerMessage,
  honeyBadger,
} from './honey-badger.js'
export { type KeyGroup, type KeyNeed, keyNeeds } from './key-needs.js'
export type { CoinKey, SuiteKeys } from './keys.js'
export { type PaceMessage, pace } from './pace.js'
export { type RitasMessage, ritas } from './ritas.js'
export {
  canonicalText,
  fingerprint,
  type LinkedSuiteOptions,
  linkedSuite,
  type ProposalSelection,
  type Suite,
  type SuiteOptions,
  type SuitePurpose,
  suite,
} from './suite.js'
export type { KeyedOptions } from './system-options.js'
export {
  type WaterbearCMessage,
  type WaterbearOptions,
  type WaterbearQMessage,
  type WaterbearQsCMessage,
  type WaterbearQsQMessage,
  waterbearC,
  waterbearQ,
  waterbearQsC,
  waterbearQsQ,
} from './waterbear.js'
