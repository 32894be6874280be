/**
 * Erasure coding, and dispersal that anybody can verify.
 *
 * @packageDocumentation
 */

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
} from './commitment/shard-commitment.js'
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
