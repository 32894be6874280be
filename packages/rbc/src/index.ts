/**
 * Reliable broadcast: one proposer, one payload, everybody or nobody.
 *
 * @packageDocumentation
 */
export { type BrachaRbcOptions, brachaRbc } from './bracha/bracha-rbc.js'
export type { BrachaMessage } from './bracha/messages.js'
export { type CtRbcOptions, ctRbc } from './ct/ct-rbc.js'
export type { CtMessage } from './ct/messages.js'
export {
  type HashBrachaRbcOptions,
  hashBrachaRbc,
  type PayloadPredicate,
} from './hash-bracha/hash-bracha-rbc.js'
export type { HashBrachaMessage } from './hash-bracha/messages.js'
export { BAD, type Delivery, type Rbc, type RbcParams } from './rbc.js'
