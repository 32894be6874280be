/**
 * Erasure coding, and dispersal that anybody can verify.
 *
 * @packageDocumentation
 */

export {
  type HashVectorCommitmentOptions,
  hashVectorCommitment,
  type VectorCoding,
  type VectorCommitment,
  vectorBytes,
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
  type Chunk,
  type NearOptimalDispersalOptions,
  type NearOptimalMessage,
  nearOptimalDispersal,
} from './dispersal/near-optimal.js'
export {
  type ErasureCode,
  type ErasureCodeOptions,
  erasureCode,
  fastestKernel,
} from './erasure/erasure-code.js'
export { type CorrectingCode, correctingCode } from './erasure/error-correction.js'
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
export {
  type NearOptimalRetrievalMessage,
  type NearOptimalRetrievalOptions,
  nearOptimalRetrieval,
} from './retrieval/near-optimal-retrieval.js'
export type { Retrieval, RetrievalInput, Retrieved } from './retrieval/retrieval.js'
export { type Fragment, FragmentCollector, type Recovered } from './vector/fragment-collector.js'
export { fragmentBytes, VectorCode } from './vector/vector-code.js'
