import { type Chunk, hashVectorCommitment, VectorCode } from '@mc/avid'
import { domainHash } from '@mc/crypto'
import { faultsTolerated } from '@mc/protocol'
import { sha256 } from './parties.js'

export const vectorCommitment = hashVectorCommitment({ sha256, payloadBytesMax: 10_000 })

/** What a correct proposer sends, by member. */
export function chunksOf(payload: Uint8Array, n = 6): Chunk[] {
  const encoded = vectorCommitment.among({ n, f: faultsTolerated(n) }).encode(payload)
  const fragments = new VectorCode({ n }).fragmentsOf(encoded.shardOf(0).proof)
  return fragments.map((fragment, index) => {
    const { root, shard } = encoded.shardOf(index)
    return { root, fragment, shard }
  })
}

/** The vector of any leaves, and its root. */
export function forgedVector(leaves: readonly Uint8Array[]): { root: Uint8Array; vector: Uint8Array } {
  const hashes = leaves.map(leaf => domainHash(sha256, 'mc/hash-vector/shard/v1', leaf))
  const vector = Uint8Array.from(hashes.flatMap(hash => [...hash]))
  return { root: domainHash(sha256, 'mc/hash-vector/root/v1', vector), vector }
}

/** Any leaves under a proper vector, as a Byzantine proposer may send them. */
export function forgedChunks(leaves: readonly Uint8Array[]): Chunk[] {
  const { root, vector } = forgedVector(leaves)
  const fragments = new VectorCode({ n: leaves.length }).fragmentsOf(vector)
  return leaves.map((shard, index) => ({ root, fragment: fragments[index] as Uint8Array, shard }))
}

/** The same bytes, all of them wrong. */
export const wrong = (bytes: Uint8Array): Uint8Array => bytes.map(byte => byte ^ 0x5a)
