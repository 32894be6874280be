/**
 * Reliable broadcast: one proposer, one payload, everybody or nobody.
 *
 * @packageDocumentation
 */
export { type BrachaRbcOptions, brachaRbc } from './bracha/bracha-rbc.js'
export type { BrachaMessage } from './bracha/messages.js'
export { BAD, type Delivery, type Rbc, type RbcParams } from './rbc.js'
