/**
 * Atomic broadcast by epochs, and what goes into and comes out of an epoch: mempool, proposals, canonical order.
 *
 * @packageDocumentation
 */
export type {
  AtomicBroadcast,
  AtomicBroadcastInput,
  AtomicBroadcastOutput,
  AtomicBroadcastParams,
  LinkedProposal,
} from './atomic-broadcast.js'
export { type EpochsBounds, type EpochsOptions, epochs, epochsBounds } from './epochs/epochs.js'
export type { EpochsMessage } from './epochs/messages.js'
export { EPOCHS_LINKED, type LinkedEpochsOptions, linkedEpochs } from './linked/linked-epochs.js'
export { reportBytesMax } from './linked/report.js'
export {
  type AddOutcome,
  Mempool,
  type MempoolOptions,
  type OperationId,
  type OperationOrigin,
  type Selection,
} from './mempool.js'
export {
  type AgreedBatch,
  type OrderedBatch,
  type OrderedHeader,
  type OrderedOperation,
  orderBatch,
  proposersInOrder,
} from './order.js'
export {
  decodeProposal,
  HEADER_BYTES_MAX,
  OPERATION_OVERHEAD_BYTES,
  type Proposal,
  type ProposalLimits,
  proposalCodec,
} from './proposal.js'
export { type IndexSource, type RandomSelection, selectAtRandom } from './random-selection.js'
