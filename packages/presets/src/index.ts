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
  NAMES,
  type NameOf,
  type Place,
  type RabaNames,
  type SuiteNames,
} from './compose/names.js'
export type { CoinKey, SuiteKeys } from './keys.js'
export {
  canonicalText,
  fingerprint,
  type Suite,
  type SuiteOptions,
  type SuitePurpose,
  suite,
} from './suite.js'
export {
  type WaterbearOptions,
  type WaterbearQMessage,
  type WaterbearQsQMessage,
  waterbearQ,
  waterbearQsQ,
} from './waterbear.js'
