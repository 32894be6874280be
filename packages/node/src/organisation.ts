/**
 * A node of an organisation: topics, identity and contracts as the rules that a genesis names.
 *
 * @packageDocumentation
 */
export { ContractCodes } from './organisation/contract-codes.js'
export type { Describe, StateProofJson } from './organisation/organisation-routes.js'
export {
  type OrganisationOptions,
  organisationOf,
  organisationRules,
} from './organisation/organisation-rules.js'
export { type Json, plainJson } from './organisation/plain-json.js'
export { type Proofs, proofThreads } from './organisation/proofs-ahead.js'
