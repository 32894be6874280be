/**
 * A node of a network that generates keys on its own log, and runs a suite that wants them once they are there.
 *
 * @packageDocumentation
 */
export { KeyFiles } from './keys/key-files.js'
export { KeyKeeper, type KeyKeeperOptions, type KeyNode } from './keys/key-keeper.js'
export {
  GRACE_MS,
  KEY_RULES,
  type KeyParameters,
  keyParametersOf,
  keyRulesOf,
} from './keys/key-parameters.js'
export { type KeyRulesOptions, keyRules, keySettingOf } from './keys/key-rules.js'
export { KEY_GROUPS, suiteKeys } from './keys/suite-keys.js'
