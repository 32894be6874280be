/**
 * Commitments that no honest encoder makes: any leaves under a valid tree.
 */
import { type CommittedShard, erasureCode } from '@mc/avid'
import { merkleTree } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { faultsTolerated } from '@mc/protocol'

/** A root and who gets what under it. */
export interface Plan {
  readonly root: Uint8Array
  shardOf(index: number): CommittedShard
}

/** Any shards under one root, with proofs that hold. */
export function commitTo(shards: readonly Uint8Array[]): Plan {
  const tree = merkleTree(shards, nodeCrypto.sha256)
  return {
    root: tree.root,
    shardOf: index => ({
      root: tree.root,
      shard: shards[index] as Uint8Array,
      proof: tree.proof(index),
    }),
  }
}

/** Shards of equal length that are no codeword, though the data shards alone are a well-framed payload. */
export function garbageBlock(n: number): Uint8Array[] {
  const shards = wrongHeaderBlock(n, 4 * (n - 2 * faultsTolerated(n)) - 4)
  const last = shards[n - 1] as Uint8Array
  shards[n - 1] = Uint8Array.from(last, byte => byte ^ 0xff)
  return shards
}

/** A codeword of k · 4 bytes whose header says `length`; only 4k − 4 would be right. */
export function wrongHeaderBlock(n: number, length: number): Uint8Array[] {
  const k = n - 2 * faultsTolerated(n)
  const block = new Uint8Array(4 * k).fill(7, 4)
  new DataView(block.buffer).setUint32(0, length)
  return erasureCode({ n, k }).encode(block)
}
