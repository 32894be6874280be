/**
 * Systems named by their papers, each a few lines of composition.
 *
 * @packageDocumentation
 */
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
