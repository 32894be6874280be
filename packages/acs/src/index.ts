/**
 * Asynchronous common subset: everybody proposes a payload, everybody outputs the same set of payloads.
 *
 * @packageDocumentation
 */
export type { Acs, AcsParams, Subset } from './acs.js'
export type { RabaSubsetMessage } from './raba-subset/messages.js'
export { type RabaSubsetOptions, rabaSubset } from './raba-subset/raba-subset.js'
