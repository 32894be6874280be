/**
 * Erasure coding, and dispersal that anybody can verify.
 *
 * @packageDocumentation
 */

export {
  type HashVectorCommitmentOptions,
  hashVectorCommitment,
} from './commitment/hash-vector-commitment.js'
export { type MerkleCommitmentOptions, merkleCommitment } from './commitment/merkle-commitment.js'
export { ShardCollector, type ShardOutcome } from './commitment/shard-collector.js'
export {
  BAD,
  type CodingSize,
  type CommittedShard,
  type CommittedShardFields,
  type EncodedPayload,
  type PayloadCoding,
  type ShardCommitment,
  type ShardsUnderRoot,
} from './commitment/shard-commitment.js'
export { type AvidDispersalOptions, type AvidMessage, avidDispersal } from './dispersal/avid.js'
export { type AvidMDispersalOptions, type AvidMMessage, avidMDispersal } from './dispersal/avid-m.js'
export type { Dispersal, DispersalOutput, DispersalParams } from './dispersal/dispersal.js'
export {
  type ErasureCode,
  type ErasureCodeOptions,
  erasureCode,
  fastestKernel,
} from './erasure/erasure-code.js'
export { cauchyGenerator, type Generator, matrixGenerator } from './erasure/generator.js'
export type { Kernel } from './erasure/kernel.js'
export { portableKernel } from './erasure/portable-kernel.js'
export { wasmKernel } from './erasure/wasm-kernel.js'
export {
  type AvidMRetrievalMessage,
  type AvidMRetrievalOptions,
  avidMRetrieval,
} from './retrieval/avid-m-retrieval.js'
export {
  type AvidRetrievalMessage,
  type AvidRetrievalOptions,
  avidRetrieval,
} from './retrieval/avid-retrieval.js'
export type { Retrieval, RetrievalInput, Retrieved } from './retrieval/retrieval.js'
