import { type CommittedShard, merkleCommitment } from '@mc/avid'
import { merkleTree } from '@mc/crypto'
import { nodeCrypto } from '@mc/crypto/node'
import { type Committee, committee, type PeerIndex, peer, type Step } from '@mc/protocol'

export const { sha256 } = nodeCrypto

export const commitment = merkleCommitment({ sha256, payloadBytesMax: 10_000 })

/** Whose payload it is, in all these tests. */
export const proposer: PeerIndex = peer(3)

export const paramsOf = (self: number, n = 6): { committee: Committee; proposer: PeerIndex } => ({
  committee: committee({ n, self }),
  proposer,
})

/** The shards of a payload, by member. */
export function shardsOf(payload: Uint8Array, n = 6): CommittedShard[] {
  const encoded = commitment.among(committee({ n, self: 0 })).encode(payload)
  return Array.from({ length: n }, (_, index) => encoded.shardOf(index))
}

/** Any leaves under a proper tree, as a Byzantine proposer may send them. */
export function forgedShards(leaves: readonly Uint8Array[]): CommittedShard[] {
  const tree = merkleTree(leaves, sha256)
  return leaves.map((shard, index) => ({ root: tree.root, shard, proof: tree.proof(index) }))
}

/** A shard whose bytes are not those that its proof proves. */
export const spoilt = (shard: CommittedShard): CommittedShard => ({
  ...shard,
  shard: Uint8Array.from(shard.shard, byte => byte ^ 1),
})

/** A step with nothing in it but what is given. */
export const step = <Message, Output>(parts: Partial<Step<Message, Output>> = {}): Step<Message, Output> => ({
  messages: [],
  outputs: [],
  faults: [],
  ...parts,
})

/** The rules and culprits of a step's faults. */
export const blamed = ({ faults }: Step<unknown, unknown>): (readonly [string, number | undefined])[] =>
  faults.map(({ rule, peer }) => [rule, peer])
