/**
 * Asynchronous common subset: everybody proposes a payload, everybody outputs the same set of payloads.
 *
 * @packageDocumentation
 */
export type { Acs, AcsParams, Subset } from './acs.js'
export { type BkrSubsetOptions, bkrSubset } from './bkr-subset/bkr-subset.js'
export type { BkrSubsetMessage } from './bkr-subset/messages.js'
export { type CausalSubsetOptions, causalSubset, type OperationList } from './causal/causal-subset.js'
export {
  AUTHOR_BYTES_MAX,
  type SealedOperation,
  type SealOperationOptions,
  sealedOperationCodec,
  sealOperation,
} from './causal/sealed-operation.js'
export {
  type DispersedSubsetOptions,
  dispersedSubset,
  linkableSubset,
} from './dispersed/dispersed-subset.js'
export type { LinkableInput, LinkableOutput, LinkableSubset } from './dispersed/linkable.js'
export type { DispersedSubsetMessage } from './dispersed/messages.js'
export {
  type EncryptedSubsetOptions,
  type EncryptionKey,
  encryptedSubset,
} from './encrypted/encrypted-subset.js'
export type { EncryptedSubsetMessage } from './encrypted/messages.js'
export { type FinSubsetOptions, finSubset } from './fin-subset/fin-subset.js'
export type { FinSubsetMessage } from './fin-subset/messages.js'
export { bindingGather, type Gather, type GatherMessage, type GatherParams } from './mvba/binding-gather.js'
export type { Election, ElectionInput, ElectionParams } from './mvba/election.js'
export { type FinMvbaOptions, finMvba } from './mvba/fin-mvba.js'
export type { FinMvbaMessage } from './mvba/messages.js'
export type { Mvba, MvbaInput, MvbaParams, Verdict } from './mvba/mvba.js'
export type { RitasMvcMessage } from './mvc/messages.js'
export { type Mvc, type MvcDecision, type MvcParams, NONE } from './mvc/mvc.js'
export { type RitasMvcOptions, ritasMvc } from './mvc/ritas-mvc.js'
export type { RabaSubsetMessage } from './raba-subset/messages.js'
export { type RabaSubsetOptions, rabaSubset } from './raba-subset/raba-subset.js'
export type { VectorConsensusMessage } from './vector/messages.js'
export { type VectorConsensusOptions, vectorConsensus } from './vector/vector-consensus.js'
